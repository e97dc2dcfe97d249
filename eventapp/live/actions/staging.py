"""The stage's address."""

from __future__ import annotations

import secrets
from datetime import datetime

from eventapp.core.db import record
from eventapp.live.actions.logging import acting
from eventapp.live.events import StageMoved
from eventapp.live.models import LogEntryKind
from eventapp.questions import actions as questions
from eventapp.webinars.queries import lock_webinar

BYTES_OF_SECRET = 16


def move_stage(webinar_id: int, *, actor_id: int, now: datetime) -> None:
    """Give the stage a new address; every earlier one ends, for good. Records StageMoved."""
    webinar = lock_webinar(webinar_id)
    room = questions.settle_room(webinar.id)
    kind = LogEntryKind.STAGE_MOVED
    with acting(webinar, kind, actor_id=actor_id, now=now, touched=[room]):
        room.stage_secret = secrets.token_urlsafe(BYTES_OF_SECRET)
    record(StageMoved(webinar_id=webinar.id))
