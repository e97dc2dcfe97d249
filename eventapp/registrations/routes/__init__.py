"""URLs of registrations: the form, the attendee's own door, and the organisers' list."""

from __future__ import annotations

from eventapp.registrations.routes import desk, door, feed, join, register, unsubscribe
from eventapp.registrations.routes.blueprint import blueprint

__all__ = ["blueprint", "desk", "door", "feed", "join", "register", "unsubscribe"]
