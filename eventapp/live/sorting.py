"""In which order the room lists its questions, and which; the room's script does the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

SORTS = {
    "votes": _l("Most wanted"),
    "newest": _l("Newest"),
    "mine": _l("Mine"),
    "answered": _l("Answered"),
}
PUBLIC = frozenset({"approved", "on_air", "answered"})


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which questions are shown: of one part of the agenda, or with one label; empty for all."""

    item: int | None = None
    label: str = ""

    def takes(self, question: Mapping[str, Any]) -> bool:
        is_of_item = self.item is None or question["item"] == self.item
        return is_of_item and (not self.label or question["label"] == self.label)


def choose_sort(text: str, *, is_over: bool) -> str:
    """Return the order asked for, or else the one that shows most: the answered when it is over."""
    return text if text in SORTS else "answered" if is_over else "votes"


def choose_filter(asked: Mapping[str, str], questions: Sequence[Mapping[str, Any]]) -> Filter:
    """Return the filter asked for, so far as any question has that part or label."""
    filters = list_filters(questions)
    items = {str(number): number for number, _title in filters["items"]}
    label = asked.get("label", "")
    return Filter(
        item=items.get(asked.get("item", "")), label=label if label in filters["labels"] else ""
    )


def list_filters(questions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return by what the questions can be told apart: `items` as (id, title), and `labels`."""
    public = [q for q in questions if q["status"] in PUBLIC]
    return {
        "items": sorted({(q["item"], q["item_title"]) for q in public if q["item"]}),
        "labels": sorted({q["label"] for q in public if q["label"]}, key=str.casefold),
    }


def sort_questions(
    questions: Sequence[dict[str, Any]], *, sort: str, chosen: Filter = Filter()
) -> list[dict[str, Any]]:
    """Return all of `questions`, those that `sort` shows first and in its order, with `shown`.

    What is pinned stands first. The question on air stands above the list, and a question set aside
    is seen by its asker alone, among their own.
    """
    marked = [q | {"shown": _is_shown(q, sort) and chosen.takes(q)} for q in questions]
    if sort == "newest":
        marked.sort(key=lambda q: (q["asked_at"], q["id"]), reverse=True)
        marked.sort(key=lambda q: not q["pinned"])
    else:
        marked.sort(
            key=lambda q: (
                not q["pinned"],
                q["status"] != "pending",
                -q["votes"],
                q["asked_at"],
                q["id"],
            )
        )
    return marked


def _is_shown(question: dict[str, Any], sort: str) -> bool:
    if sort == "mine":
        return bool(question["mine"])
    if sort == "answered":
        return bool(question["status"] == "answered")
    return question["status"] in {"approved", "pending"}
