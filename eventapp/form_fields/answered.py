"""How many people have answered which field.

Registrations, which know, stand above form fields: the application tells this feature whom to ask.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

CountAnswers = Callable[[int], dict[int, int]]


def init_app(app: Flask, *, count: CountAnswers) -> None:
    """Let `count(webinar_id)` say how many answers each field has that has any."""
    app.extensions["eventapp.count_answers"] = count


def count_answers(webinar_id: int) -> dict[int, int]:
    """Return the number of answers by the field's id; a field without any is missing."""
    count: CountAnswers = current_app.extensions["eventapp.count_answers"]
    return count(webinar_id)
