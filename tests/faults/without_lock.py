"""The site with the webinar's lock off, for the control: seats are counted and held by nobody.

Everyone counts before anyone is seated, as happens by chance where it isn't forced.
"""

from __future__ import annotations

import time
from datetime import datetime

from eventapp.core.db import db
from eventapp.registrations.actions import registering, seats
from eventapp.registrations.queries import SeatCount, count_seats
from eventapp.webinars.models import Webinar
from eventapp.wsgi import app

SECONDS_BETWEEN_COUNT_AND_WRITE = 0.05


def read_webinar(webinar_id: int) -> Webinar:
    return db.session.get_one(Webinar, webinar_id)


def count_and_dawdle(webinar_id: int, *, is_limited: bool, now: datetime) -> SeatCount:
    counted = count_seats(webinar_id, is_limited=is_limited, now=now)
    time.sleep(SECONDS_BETWEEN_COUNT_AND_WRITE)
    return counted


registering.lock_webinar = read_webinar
seats.count_seats = count_and_dawdle

__all__ = ["app"]
