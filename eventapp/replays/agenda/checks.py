"""What holds for every agenda: an order that a recording can have, sections, parents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from flask_babel import gettext as _

from .cleaning import excerpt
from .model import AgendaRefused, AgendaWarning, Draft, ParsedAgenda
from .timecodes import format_timecode


def finish_agenda(
    drafts: Sequence[Draft],
    *,
    warnings: Iterable[AgendaWarning] = (),
    sections: Iterable[str] = (),
    duration: float | None = None,
) -> ParsedAgenda:
    """Return the agenda, or refuse it: nothing found, times out of order or past `duration`."""
    check_not_empty(drafts)
    check_order(drafts)
    if duration is not None:
        check_duration(drafts, duration=duration)
    found = (draft.entry.section for draft in drafts if draft.entry.section is not None)
    return ParsedAgenda(
        entries=tuple(draft.entry for draft in drafts),
        sections=tuple(dict.fromkeys([*sections, *found])),
        warnings=(*warnings, *find_equal_times(drafts)),
    )


def check_not_empty(drafts: Sequence[Draft]) -> None:
    """Refuse an agenda without entries, and say what one looks like."""
    if not drafts:
        raise AgendaRefused(
            _(
                "No agenda found. Give one line per item, each starting with its time in the "
                "recording, such as “00:05:30 Introduction”; or a list of chapters as WebVTT, "
                "YouTube description, Podlove, FFmpeg metadata, CSV or JSON."
            )
        )


def check_order(drafts: Sequence[Draft]) -> None:
    """Refuse an entry that starts before the one above it."""
    for index, (above, below) in enumerate(pairwise(drafts), start=1):
        if below.entry.start < above.entry.start:
            raise AgendaRefused(
                _(
                    "%(place)s starts at %(time)s, but %(place_above)s above it starts at "
                    "%(time_above)s. Put the times in the order of the recording.",
                    place=_name_place(below, index=index),
                    time=format_timecode(below.entry.start),
                    place_above=_name_place_above(above, index=index - 1),
                    time_above=format_timecode(above.entry.start),
                )
            )


def check_duration(drafts: Sequence[Draft], *, duration: float) -> None:
    """Refuse an entry that starts after the recording, `duration` seconds long, has ended."""
    for index, draft in enumerate(drafts):
        if draft.entry.start > duration:
            raise AgendaRefused(
                _(
                    "%(place)s starts at %(time)s, but the recording ends at %(end)s. "
                    "Correct the time, or the length of the recording.",
                    place=_name_place(draft, index=index),
                    time=format_timecode(draft.entry.start),
                    end=format_timecode(duration),
                )
            )


def find_equal_times(drafts: Sequence[Draft]) -> list[AgendaWarning]:
    """Return a warning for each entry that starts in the same moment as the one above it."""
    return [
        AgendaWarning(
            below.line,
            _(
                "“%(title)s” starts at %(time)s, and so does %(place_above)s. Is that right?",
                title=excerpt(below.entry.title),
                time=format_timecode(below.entry.start),
                place_above=_name_place_above(above, index=index - 1),
            ),
        )
        for index, (above, below) in enumerate(pairwise(drafts), start=1)
        if below.entry.start == above.entry.start
    ]


def add_parents(drafts: Iterable[Draft]) -> list[Draft]:
    """Return the drafts with each question under the item before it, in the same section.

    A break ends the item before it; so does a heading.
    """
    result: list[Draft] = []
    parent: int | None = None
    section: str | None = None
    for index, draft in enumerate(drafts):
        entry = draft.entry
        if entry.section != section:
            parent, section = None, entry.section
        if entry.kind == "question":
            result.append(replace(draft, entry=replace(entry, parent=parent)))
            continue
        parent = None if entry.kind == "break" else index
        result.append(replace(draft, entry=replace(entry, parent=None)))
    return result


def _name_place(draft: Draft, *, index: int) -> str:
    if draft.line is None:
        return str(_("Entry %(number)s", number=index + 1))
    return str(_("Line %(number)s", number=draft.line))


def _name_place_above(draft: Draft, *, index: int) -> str:
    if draft.line is None:
        return str(_("entry %(number)s", number=index + 1))
    return str(_("line %(number)s", number=draft.line))
