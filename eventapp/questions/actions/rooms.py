"""How a room takes questions, changed while it is open."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.db import db, record
from eventapp.questions.desk_rules import check_slow_seconds, tidy_blocked_words
from eventapp.questions.events import RoomChanged
from eventapp.questions.models import Room
from eventapp.questions.queries import get_room


@dataclass(frozen=True, kw_only=True)
class RoomChanges:
    """What is to be another; None stays as it is. `is_moderated` is the webinar's own."""

    is_moderated: bool | None = None
    is_open_early: bool | None = None
    shows_names_to_desk: bool | None = None
    is_closed: bool | None = None
    slow_seconds: int | None = None
    blocked_words: str | None = None


def settle_room(webinar_id: int) -> Room:
    """Return the room's row, written with what holds without one; under the webinar's lock."""
    room = get_room(webinar_id)
    db.session.add(room)
    db.session.flush()
    return room


def change_room(webinar_id: int, changes: RoomChanges) -> Room:
    """Change the room's settings, those that are said. Records RoomChanged.

    Refuses: SlowModeIsOutOfRange, TooManyBlockedWords.
    """
    room = settle_room(webinar_id)
    if changes.slow_seconds is not None:
        check_slow_seconds(changes.slow_seconds)
        room.slow_seconds = changes.slow_seconds
    if changes.blocked_words is not None:
        room.blocked_words = tidy_blocked_words(changes.blocked_words)
    for name in ("is_open_early", "shows_names_to_desk", "is_closed"):
        value = getattr(changes, name)
        if value is not None:
            setattr(room, name, value)
    return touch_room(room)


def touch_room(room: Room) -> Room:
    """Let open pages know that this room has other settings. Records RoomChanged."""
    room.revision += 1
    db.session.flush()
    record(RoomChanged(webinar_id=room.webinar_id))
    return room
