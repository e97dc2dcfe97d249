"""What is written beside a recording and published with it: the key learnings.

Learnings, which know, stand above replays: the application tells this feature whom to ask.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, current_app

FindText = Callable[[int], str]


def init_app(app: Flask, *, find_learnings: FindText) -> None:
    """Let `find_learnings(webinar_id)` give the learnings as they stand on the desk."""
    app.extensions["eventapp.find_learnings"] = find_learnings


def find_learnings(webinar_id: int) -> str:
    """Return the key learnings in Markdown, or an empty text."""
    find: FindText = current_app.extensions["eventapp.find_learnings"]
    return find(webinar_id)
