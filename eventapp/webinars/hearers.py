"""How many people would hear of a change.

Registrations, which know, stand above webinars: the application tells this feature whom to ask.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

CountHearers = Callable[[int], int]


def init_app(app: Flask, *, count: CountHearers) -> None:
    """Let `count(webinar_id)` say how many registered people a change would be sent to."""
    app.extensions["eventapp.count_hearers"] = count


def count_hearers(webinar_id: int) -> int:
    """Return how many people would be told."""
    count: CountHearers = current_app.extensions["eventapp.count_hearers"]
    return count(webinar_id)
