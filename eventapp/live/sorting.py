"""In which order the room lists its questions; the room's script does the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

SORTS = {
    "votes": _l("Most wanted"),
    "newest": _l("Newest"),
    "mine": _l("Mine"),
    "answered": _l("Answered"),
}


def choose_sort(text: str, *, is_over: bool) -> str:
    """Return the order asked for, or else the one that shows most: the answered when it is over."""
    return text if text in SORTS else "answered" if is_over else "votes"


def sort_questions(questions: Sequence[dict[str, Any]], *, sort: str) -> list[dict[str, Any]]:
    """Return all of `questions`, those that `sort` shows first and in its order, with `shown`.

    The question on air stands above the list, and a question set aside is seen by its asker alone,
    among their own.
    """
    marked = [q | {"shown": _is_shown(q, sort)} for q in questions]
    if sort == "newest":
        marked.sort(key=lambda q: (q["asked_at"], q["id"]), reverse=True)
    else:
        marked.sort(key=lambda q: (q["status"] != "pending", -q["votes"], q["asked_at"], q["id"]))
    return marked


def _is_shown(question: dict[str, Any], sort: str) -> bool:
    if sort == "mine":
        return bool(question["mine"])
    if sort == "answered":
        return bool(question["status"] == "answered")
    return question["status"] in {"approved", "pending"}
