"""What was found within replays, as the archive shows it: each hit opens the recording there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from eventapp.replays.agenda.timecodes import format_timecode
from eventapp.search.models import SearchedKind
from eventapp.search.queries import FoundReplay, Hit
from eventapp.webinars.models import Webinar

LONGEST = 180


@dataclass(frozen=True, kw_only=True)
class FoundLine:
    href: str
    timecode: str
    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """`more` says how many further passages of this replay have the words."""

    webinar: Webinar
    href: str
    lines: Sequence[FoundLine]
    more: int


def describe_found(found: Iterable[FoundReplay]) -> list[Found]:
    return [
        Found(
            webinar=each.webinar,
            href=url_for("pages.replay", slug=each.webinar.slug),
            lines=[_describe(each.webinar, hit) for hit in each.hits],
            more=each.more,
        )
        for each in found
    ]


def _describe(webinar: Webinar, hit: Hit) -> FoundLine:
    place = PLACES.get(hit.kind, "") if hit.start is None else ""
    second = None if hit.start is None else int(hit.start)
    timecode = "" if hit.start is None else format_timecode(hit.start, milliseconds=False)
    return FoundLine(
        href=url_for(
            "pages.replay",
            slug=webinar.slug,
            t=second,
            r=None if second is None else hit.number,
            _anchor=place or None,
        ),
        timecode=timecode,
        kind=_kind_label(hit.kind),
        text=hit.text if len(hit.text) <= LONGEST else hit.text[:LONGEST].rsplit(" ", 1)[0] + " …",
    )


PLACES = {
    SearchedKind.QUESTION: "questions",
    SearchedKind.LEARNINGS: "learnings",
    SearchedKind.PRESENTATION: "presentations",
}


def _kind_label(kind: SearchedKind) -> str:
    label: str = {
        SearchedKind.CHAPTER: _("Agenda"),
        SearchedKind.QUESTION: _("Question"),
        SearchedKind.LEARNINGS: _("Key learnings"),
        SearchedKind.PRESENTATION: _("Presentation"),
        SearchedKind.TRANSCRIPT: _("Transcript"),
    }[kind]
    return label
