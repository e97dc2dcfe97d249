"""URLs of the live webinar: the room, the desk, the stage."""

from __future__ import annotations

from eventapp.live.routes import (
    desk,
    desk_pages,
    desk_questions,
    polls,
    room,
    short,
    speaker_door,
    stage,
)
from eventapp.live.routes.blueprint import blueprint

__all__ = [
    "blueprint",
    "desk",
    "desk_pages",
    "desk_questions",
    "polls",
    "room",
    "short",
    "speaker_door",
    "stage",
]
