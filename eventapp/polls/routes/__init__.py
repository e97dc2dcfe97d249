"""URLs of polls: preparing them, and voting in the room."""

from __future__ import annotations

from eventapp.polls.routes import manage, room
from eventapp.polls.routes.blueprint import blueprint

__all__ = ["blueprint", "manage", "room"]
