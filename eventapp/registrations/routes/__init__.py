"""URLs of registrations: the form, the attendee's own door, and the organisers' list."""

from __future__ import annotations

from eventapp.registrations.routes import (
    closed_doors,
    desk,
    door,
    door_steps,
    feed,
    join,
    lost_link,
    personal_data,
    register,
    unsubscribe,
)
from eventapp.registrations.routes.blueprint import blueprint

__all__ = [
    "blueprint",
    "closed_doors",
    "desk",
    "door",
    "door_steps",
    "feed",
    "join",
    "lost_link",
    "personal_data",
    "register",
    "unsubscribe",
]
