"""The site with the webinar's lock off, for the control: seats are counted and held by nobody.

Everyone counts before anyone is seated, as happens by chance where it isn't forced.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime

from eventapp.core.db import db
from eventapp.registrations.actions import registering
from eventapp.registrations.queries import Entrance, get_entrance
from eventapp.webinars.models import Webinar
from eventapp.wsgi import app

SECONDS_BETWEEN_COUNT_AND_WRITE = 0.05


def read_webinar(webinar_id: int) -> Webinar:
    return db.session.get_one(Webinar, webinar_id)


def look_and_dawdle(webinar: Webinar, email_keys: Sequence[str], *, now: datetime) -> Entrance:
    seen = get_entrance(webinar, email_keys, now=now)
    time.sleep(SECONDS_BETWEEN_COUNT_AND_WRITE)
    return seen


registering.lock_webinar = read_webinar
registering.get_entrance = look_and_dawdle

__all__ = ["app"]
