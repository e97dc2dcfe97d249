"""A replay's agenda as `components/agenda.html` shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from eventapp.replays.agenda.timecodes import format_timecode
from eventapp.replays.labels import kind_label
from eventapp.replays.models import Chapter, ChapterKind
from eventapp.replays.rules import Branch, Entry, in_recording, nest
from eventapp.replays.timing import Timing

LOOKS = {ChapterKind.PANEL: "discussion"}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One entry: `start` in seconds of the recording, `href` leading there or empty."""

    id: str
    chapter_id: int | None
    number: int
    start: float
    timecode: str
    title: str
    kind: str
    kind_value: str
    kind_label: str
    speakers: tuple[str, ...]
    section: str
    is_after_section: bool
    href: str
    is_current: bool
    children: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class DroppedLine:
    """An entry that was taken out, with where in the recording it stood."""

    chapter_id: int
    timecode: str
    title: str


def outline_dropped(chapters: Iterable[Chapter], *, timing: Timing) -> list[DroppedLine]:
    return [
        DroppedLine(
            chapter_id=chapter.id,
            timecode=format_timecode(in_recording(chapter, timing=timing), milliseconds=False),
            title=chapter.title,
        )
        for chapter in chapters
    ]


def outline_agenda(
    entries: Sequence[Entry],
    *,
    timing: Timing,
    link_to: Callable[[int], str] | None = None,
    current: int | None = None,
) -> list[Line]:
    """Return the agenda nested; `link_to` gives the address for a second of the recording.

    The entry of number `current` is marked.
    """
    return [_line(branch, link_to, current) for branch in nest(entries, timing=timing)]


def _line(branch: Branch, link_to: Callable[[int], str] | None, current: int | None) -> Line:
    entry = branch.entry
    return Line(
        id=f"entry-{branch.number + 1}",
        chapter_id=entry.chapter_id,
        number=branch.number,
        start=branch.start,
        timecode=format_timecode(branch.start, milliseconds=False),
        title=entry.title,
        kind=LOOKS.get(entry.kind, entry.kind.value),
        kind_value=entry.kind.value,
        kind_label=_label(entry),
        speakers=_unnamed(entry),
        section=branch.section,
        is_after_section=branch.is_after_section,
        href=link_to(int(branch.start)) if link_to else "",
        is_current=branch.number == current,
        children=tuple(_line(child, link_to, current) for child in branch.children),
    )


def _label(entry: Entry) -> str:
    """Return the kind, unless the title says it already."""
    if entry.kind == ChapterKind.OTHER:
        return ""
    label = kind_label(entry.kind)
    return "" if label.casefold() in entry.title.casefold() else label


def _unnamed(entry: Entry) -> tuple[str, ...]:
    """Return the speakers, unless the title names each of them."""
    title = entry.title.casefold()
    is_named = all(name.casefold() in title for name in entry.speakers)
    return () if is_named else entry.speakers
