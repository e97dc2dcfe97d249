"""From the live log or a text to the replay's agenda, and what holds for it; pure functions.

Times are in seconds. An entry's `start_seconds` is as the log or the text says; `in_recording`
alone turns it into a place in the recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Protocol

from eventapp.live.models import LogEntryKind
from eventapp.live.rules import Moment
from eventapp.replays.agenda.model import AgendaEntry, ParsedAgenda
from eventapp.replays.agenda.timecodes import format_timecode
from eventapp.replays.models import Chapter, ChapterKind, Recording
from eventapp.replays.refusals import (
    AgendaIsTooLong,
    EntriesAreBeforeTheStart,
    EntriesAreOutOfOrder,
    EntryIsPastTheEnd,
    RecordingIsNeeded,
)
from eventapp.replays.timing import Timing
from eventapp.webinars.models import AgendaItem, AgendaItemKind, Webinar
from eventapp.webinars.rules import WITH_REPLAY

MOST_ENTRIES = 500

KINDS = {
    AgendaItemKind.INTRODUCTION: ChapterKind.INTRODUCTION,
    AgendaItemKind.PRESENTATION: ChapterKind.PRESENTATION,
    AgendaItemKind.QUESTIONS: ChapterKind.OTHER,
    AgendaItemKind.PANEL: ChapterKind.PANEL,
    AgendaItemKind.BREAK: ChapterKind.BREAK,
    AgendaItemKind.OTHER: ChapterKind.OTHER,
}


class Timed(Protocol):
    """A chapter, or an entry that may become one."""

    @property
    def start_seconds(self) -> float: ...


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of a replay's agenda; `parent` is the index of an earlier one it stands under.

    `chapter_id` is set once it is stored.
    """

    start_seconds: float
    kind: ChapterKind
    title: str
    speakers: tuple[str, ...] = ()
    section: str = ""
    parent: int | None = None
    agenda_item_id: int | None = None
    question_id: int | None = None
    chapter_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Branch:
    """An entry at its place in the recording, with those under it.

    `number` counts all entries from 0; `section` is set only where a new one begins, and
    `is_after_section` on what follows one without belonging to it.
    """

    entry: Entry
    number: int
    start: float
    section: str
    is_after_section: bool = False
    children: tuple[Branch, ...] = ()


# -- time --------------------------------------------------------------------------------------


def in_recording(timed: Timed, *, timing: Timing) -> float:
    """Return where something stands in the recording, in seconds to the millisecond; never < 0."""
    return max(0.0, timing.place(timed.start_seconds))


def timing_of(recording: Recording | None) -> Timing:
    return recording.timing if recording else Timing()


def check_agenda(entries: Sequence[Entry], *, timing: Timing, duration: float | None) -> None:
    """Refuse too many, times out of order, an entry before its parent, or one past the end.

    One may begin before the recording does, which then joins it; a second is a wrong shift.
    """
    if len(entries) > MOST_ENTRIES:
        raise AgendaIsTooLong(most=MOST_ENTRIES)
    above_and_below = [
        *pairwise(entries),
        *((entries[entry.parent], entry) for entry in entries if entry.parent is not None),
    ]
    for above, below in above_and_below:
        if below.start_seconds < above.start_seconds:
            raise EntriesAreOutOfOrder(
                title=below.title,
                start=_clock(below, timing),
                above=above.title,
                above_start=_clock(above, timing),
            )
    _check_beginning(entries, timing=timing)
    _check_end(entries, timing=timing, duration=duration)


def _check_beginning(entries: Sequence[Entry], *, timing: Timing) -> None:
    early = [entry for entry in entries if timing.place(entry.start_seconds) < 0]
    if len(early) > 1:
        raise EntriesAreBeforeTheStart(
            many=len(early), title=early[1].title, first_start=_clock(entries[0], Timing())
        )


def _check_end(entries: Iterable[Entry], *, timing: Timing, duration: float | None) -> None:
    for entry in entries:
        if duration is not None and in_recording(entry, timing=timing) > duration:
            raise EntryIsPastTheEnd(
                title=entry.title,
                start=_clock(entry, timing),
                end=format_timecode(duration, milliseconds=False),
            )


def _clock(entry: Entry, timing: Timing) -> str:
    return format_timecode(in_recording(entry, timing=timing), milliseconds=False)


# -- where an agenda comes from ----------------------------------------------------------------


def from_log(moments: Sequence[Moment], *, items: Mapping[int, AgendaItem]) -> list[Entry]:
    """Return the agenda that the live log tells, each question under what it followed.

    A planned round of questions is left out where questions were answered in it: they stand in its
    place, under the presentation before it.
    """
    entries: list[Entry] = []
    parent: int | None = None
    section = ""
    for number, moment in enumerate(moments):
        item = items.get(moment.agenda_item_id or 0)
        if moment.kind == LogEntryKind.QUESTION_ON_AIR:
            entries.append(_question(moment, section=section, parent=parent))
            continue
        new_section = item.section if item else ""
        is_round = item is not None and item.kind == AgendaItemKind.QUESTIONS
        if new_section != section:
            parent, section = None, new_section
        if is_round and _is_question(moments, number + 1):
            continue
        entries.append(_part(moment, item, section=section))
        parent = None if entries[-1].kind == ChapterKind.BREAK else len(entries) - 1
    return entries


def _is_question(moments: Sequence[Moment], number: int) -> bool:
    return number < len(moments) and moments[number].kind == LogEntryKind.QUESTION_ON_AIR


def _question(moment: Moment, *, section: str, parent: int | None) -> Entry:
    return Entry(
        start_seconds=moment.seconds,
        kind=ChapterKind.QUESTION,
        title=moment.title,
        section=section,
        parent=parent,
        question_id=moment.question_id,
    )


def _part(moment: Moment, item: AgendaItem | None, *, section: str) -> Entry:
    return Entry(
        start_seconds=moment.seconds,
        kind=KINDS[item.kind] if item else ChapterKind.OTHER,
        title=item.title if item else moment.title,
        speakers=tuple(speaker.name for speaker in item.speakers) if item else (),
        section=section,
        agenda_item_id=item.id if item else None,
    )


def from_parsed(agenda: ParsedAgenda) -> list[Entry]:
    return [
        Entry(
            start_seconds=entry.start,
            kind=ChapterKind(entry.kind),
            title=entry.title,
            speakers=entry.speakers,
            section=entry.section or "",
            parent=entry.parent,
        )
        for entry in agenda.entries
    ]


def from_chapters(chapters: Sequence[Chapter]) -> list[Entry]:
    """Return stored chapters, in their order, as entries; a parent that stands later is none."""
    index = {chapter.id: number for number, chapter in enumerate(chapters)}
    return [_stored(chapter, index, number) for number, chapter in enumerate(chapters)]


def _stored(chapter: Chapter, index: Mapping[int, int], number: int) -> Entry:
    parent = index.get(chapter.parent_id or 0)
    return Entry(
        start_seconds=chapter.start_seconds,
        kind=chapter.kind,
        title=chapter.title,
        speakers=tuple(chapter.speakers),
        section=chapter.section,
        parent=parent if parent is not None and parent < number else None,
        agenda_item_id=chapter.agenda_item_id,
        question_id=chapter.question_id,
        chapter_id=chapter.id,
    )


def link_entries(
    entries: Sequence[Entry],
    *,
    known: Iterable[Entry],
    questions: Mapping[str, int],
    items: Mapping[str, int],
) -> list[Entry]:
    """Return the entries with the question or the agenda item that their titles speak of.

    `questions` and `items` lead from a text to an id; `known` are entries that had such links.
    """
    question_ids = {_words(text): question_id for text, question_id in questions.items()}
    item_ids = {_words(text): item_id for text, item_id in items.items()}
    for entry in known:
        if entry.question_id is not None:
            question_ids[_words(entry.title)] = entry.question_id
        if entry.agenda_item_id is not None:
            item_ids[_words(entry.title)] = entry.agenda_item_id
    return [
        replace(entry, question_id=question_ids.get(_words(entry.title)))
        if entry.kind == ChapterKind.QUESTION
        else replace(entry, agenda_item_id=item_ids.get(_words(entry.title)))
        for entry in entries
    ]


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


# -- what becomes of it ------------------------------------------------------------------------


def to_parsed(entries: Sequence[Entry], *, timing: Timing) -> ParsedAgenda:
    """Return the agenda as the formats write it, with its times in the recording."""
    return ParsedAgenda(
        entries=tuple(
            AgendaEntry(
                start=in_recording(entry, timing=timing),
                kind=entry.kind.value,
                title=entry.title,
                speakers=entry.speakers,
                section=entry.section or None,
                parent=entry.parent,
            )
            for entry in entries
        ),
        sections=tuple(dict.fromkeys(entry.section for entry in entries if entry.section)),
    )


def nest(entries: Sequence[Entry], *, timing: Timing) -> list[Branch]:
    """Return the entries as a tree of two levels at their places in the recording."""
    children: dict[int, list[Branch]] = {}
    roots = [_root_of(entries, number) for number in range(len(entries))]
    for number, root in enumerate(roots):
        if root != number:
            branch = _branch(entries, number, timing=timing, section="")
            children.setdefault(root, []).append(branch)
    branches = []
    section = ""
    for number, root in enumerate(roots):
        if root == number:
            own = entries[number].section
            branch = _branch(entries, number, timing=timing, section=own if own != section else "")
            branches.append(
                replace(
                    branch,
                    is_after_section=bool(section) and not own,
                    children=tuple(children.get(number, ())),
                )
            )
            section = own
    return branches


def _root_of(entries: Sequence[Entry], number: int) -> int:
    parent = entries[number].parent
    while parent is not None and parent < number:
        number, parent = parent, entries[parent].parent
    return number


def _branch(entries: Sequence[Entry], number: int, *, timing: Timing, section: str) -> Branch:
    entry = entries[number]
    start = in_recording(entry, timing=timing)
    return Branch(entry=entry, number=number, start=start, section=section)


def find_parent(entries: Sequence[Entry], number: int) -> int | None:
    """Return the number of the part that entry `number` can stand under: the last one before it."""
    before = (n for n in range(number - 1, -1, -1) if entries[n].parent is None)
    return next((n for n in before if entries[n].kind != ChapterKind.QUESTION), None)


def find_current(starts: Sequence[float], *, at: float) -> int | None:
    """Return the number of the entry that plays at second `at`, or None before the first.

    `starts` are the entries' places in the recording, in seconds. Links to a moment hold whole
    seconds, so an entry begins with the second that it stands in.
    """
    begun = [number for number, start in enumerate(starts) if int(start) <= at]
    return begun[-1] if begun else None


# -- publishing --------------------------------------------------------------------------------


def is_replay_public(webinar: Webinar) -> bool:
    return webinar.status in WITH_REPLAY


def is_in_recording(second: float, *, duration: float | None) -> bool:
    """Whether the recording, `duration` seconds long where that is known, has such a moment."""
    return duration is None or second <= duration


def check_can_show(recording: Recording | None, entries: Sequence[Entry]) -> None:
    """Refuse to publish without a recording, or with an agenda that can't be true of it.

    An agenda is not demanded: a short replay may do without.
    """
    if recording is None:
        raise RecordingIsNeeded
    check_agenda(entries, timing=recording.timing, duration=recording.duration_seconds)
