"""How many people a change is about: who would hear of it, and who has a seat.

Registrations, which know, stand above webinars: the application tells this feature whom to ask.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

CountHearers = Callable[[int], int]
CountSeats = Callable[[int], int]


def _count_nobody(_webinar_id: int) -> int:
    return 0


def init_app(app: Flask, *, count: CountHearers, count_seats: CountSeats = _count_nobody) -> None:
    """Let `count(webinar_id)` say how many registered people a change would be sent to.

    `count_seats(webinar_id)` says how many seats are taken.
    """
    app.extensions["eventapp.count_hearers"] = count
    app.extensions["eventapp.count_seats"] = count_seats


def count_hearers(webinar_id: int) -> int:
    """Return how many people would be told."""
    count: CountHearers = current_app.extensions["eventapp.count_hearers"]
    return count(webinar_id)


def count_seats_taken(webinar_id: int) -> int:
    """Return how many people have a seat, or one that is kept for them."""
    count: CountSeats = current_app.extensions["eventapp.count_seats"]
    return count(webinar_id)
