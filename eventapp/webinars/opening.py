"""From when people can register.

Registrations, which know, stand above webinars: the application tells this feature whom to ask.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Flask, current_app

FindOpening = Callable[[int], datetime | None]


def init_app(app: Flask, *, find: FindOpening) -> None:
    """Let `find(webinar_id)` say from when people can register, or None for at once."""
    app.extensions["eventapp.find_opening"] = find


def find_opening(webinar_id: int, *, now: datetime) -> datetime | None:
    """Return from when people can register, where that is still to come."""
    find: FindOpening = current_app.extensions["eventapp.find_opening"]
    opens_at = find(webinar_id)
    return opens_at if opens_at is not None and now < opens_at else None
