"""How a room takes questions, as open pages receive it."""

from __future__ import annotations

from typing import Any

from eventapp.questions.models import Room
from eventapp.webinars.models import Webinar


def describe_room(webinar: Webinar, room: Room) -> dict[str, Any]:
    """What everybody may know; of several payloads the highest `revision` holds."""
    return {
        "revision": room.revision,
        "is_moderated": webinar.is_moderated,
        "is_closed": room.is_closed,
        "slow_seconds": room.slow_seconds,
        "is_open_early": room.is_open_early,
        "shows_names_to_desk": room.shows_names_to_desk,
    }


def describe_room_for_desk(webinar: Webinar, room: Room) -> dict[str, Any]:
    """The same with the words that keep a question waiting, which moderators alone are told."""
    return describe_room(webinar, room) | {"blocked_words": room.blocked_words}
