"""FFmpeg's metadata file, by which chapters are put into a video or taken out of one.

Described in FFmpeg's formats documentation, "Metadata". Held: everything but warnings and sections
without entries; starts to the millisecond. A chapter's `title` is the published line, which players
show; what else there is to say stands in tags of ours, which FFmpeg carries along: `kind`,
`speakers` (separated by `; `, a semicolon inside a name becomes a comma), `section`, `parent` (the
number of its chapter, counted from 1) and, where the published line says more, `item` for the title
alone. A chapter ends where the next later one starts; the last one ends with the recording or,
where its length is not known, an hour after it started. Read: the chapters of any such file, in any
time base; without our tags, kind, speakers and parents are read from the words as in plain text.
Metadata of the whole file and of its streams is passed over. Chapters without a start or a title,
ends that are no time, tags that have no place here and lines that are no tag are reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction

from flask_babel import gettext as _

from .checks import add_parents, finish_agenda
from .cleaning import excerpt, split_lines, tidy_text
from .lines import read_line, write_line
from .model import KINDS, LATEST_START, AgendaEntry, AgendaWarning, Draft, ParsedAgenda
from .plain_text import shorten_title
from .timecodes import find_ends, format_timecode

HEADER = ";FFMETADATA"

_MILLISECONDS = 1000
# FFmpeg takes times to be in nanoseconds where a chapter doesn't say.
_USUAL_BASE = Fraction(1, 1_000_000_000)
_BASE = re.compile(r"([0-9]{1,10})/([0-9]{1,10})")
_TIME = re.compile(r"[0-9]{1,19}")
_MOST_DIGITS = 8
_TAG = re.compile(r"((?:[^=\\]|\\.)*)=(.*)", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TO_ESCAPE = re.compile(r"[=;#\\\n]")
_SECTION_MARK = re.compile(r"\[([A-Za-z]{1,20})\]\s*")
_OURS = ("kind", "speakers", "section", "parent", "item")
_KNOWN = frozenset({"timebase", "start", "end", "title", *_OURS})


@dataclass
class _Chapter:
    line: int
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Found:
    """A chapter that can be kept, and what it says of its parent, if anything."""

    draft: Draft
    number: int
    parent: int | None
    is_ours: bool


def read_ffmetadata(text: str, *, duration: float | None = None) -> ParsedAgenda:
    """Return the chapters as an agenda; refuses as `finish_agenda` does."""
    warnings: list[AgendaWarning] = []
    chapters = list(_find_chapters(text, warnings=warnings))
    _report_unknown_tags(chapters, warnings=warnings)
    read = (
        _read_chapter(chapter, number=number, warnings=warnings)
        for number, chapter in enumerate(chapters, start=1)
    )
    found = [each for each in read if each]
    if any(each.is_ours for each in found):
        drafts = _place_parents(found, warnings=warnings)
    else:
        drafts = add_parents(each.draft for each in found)
    return finish_agenda(drafts, warnings=warnings, duration=duration)


def write_ffmetadata(agenda: ParsedAgenda, *, duration: float | None = None) -> str:
    """Return the file; `duration` is the length of the recording in seconds."""
    lines = [f"{HEADER}1"]
    ends = find_ends([entry.start for entry in agenda.entries], duration=duration)
    for entry, end in zip(agenda.entries, ends, strict=True):
        lines += ["", "[CHAPTER]", f"TIMEBASE=1/{_MILLISECONDS}"]
        lines += [f"START={_in_milliseconds(entry.start)}", f"END={_in_milliseconds(end)}"]
        lines += [f"{name}={_escape(value)}" for name, value in _list_tags(entry)]
    return "\n".join([*lines, ""])


def _list_tags(entry: AgendaEntry) -> Iterator[tuple[str, str]]:
    title = tidy_text(entry.title)
    published = write_line(entry, title=title)
    yield "title", published
    yield "kind", entry.kind
    yield "speakers", "; ".join(tidy_text(name).replace(";", ",") for name in entry.speakers)
    if entry.section is not None:
        yield "section", tidy_text(entry.section)
    if entry.parent is not None:
        yield "parent", str(entry.parent + 1)
    if published != title:
        yield "item", title


def _in_milliseconds(seconds: float) -> int:
    return round(seconds * _MILLISECONDS)


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(r"\\\g<0>", text)


def _unescape(text: str) -> str:
    return tidy_text(_ESCAPED.sub(r"\1", text))


def _find_chapters(text: str, *, warnings: list[AgendaWarning]) -> Iterator[_Chapter]:
    """Yield the chapters with their tags, named in small letters; the first of a name counts."""
    chapter: _Chapter | None = None
    for number, line in _join_lines(text):
        if mark := _SECTION_MARK.fullmatch(line):
            if chapter:
                yield chapter
            chapter = _Chapter(number) if mark[1].upper() == "CHAPTER" else None
        elif tag := _TAG.fullmatch(line):
            if chapter:
                chapter.tags.setdefault(_unescape(tag[1]).lower(), _unescape(tag[2]))
        else:
            message = _("“%(text)s” is no tag (name=value) and was left out.", text=excerpt(line))
            warnings.append(AgendaWarning(number, message))
    if chapter:
        yield chapter


def _join_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield what stands on lines, with the number of the first: an escaped line end goes on."""
    pieces: list[str] = []
    first = 1
    for number, line in enumerate(split_lines(text.lstrip("\ufeff\x00")), start=1):
        if not pieces:
            first = number
        pieces.append(line)
        if (len(line) - len(line.rstrip("\\"))) % 2 == 0:
            whole = "\n".join(pieces)
            pieces = []
            if whole.strip() and whole[0] not in ";#":
                yield first, whole
    if pieces and pieces[0][0] not in ";#":
        yield first, "\n".join(pieces).rstrip("\\")


def _report_unknown_tags(chapters: list[_Chapter], *, warnings: list[AgendaWarning]) -> None:
    lines: dict[str, int] = {}
    for chapter in chapters:
        for name in chapter.tags.keys() - _KNOWN:
            lines.setdefault(name, chapter.line)
    if lines:
        names = "”, “".join(excerpt(name) for name in sorted(lines))
        message = _(
            "The tags “%(names)s” have no place in an agenda and were left out.", names=names
        )
        warnings.append(AgendaWarning(min(lines.values()), message))


def _read_chapter(
    chapter: _Chapter, *, number: int, warnings: list[AgendaWarning]
) -> _Found | None:
    tags = chapter.tags
    title = tags.get("item") or tags.get("title", "")
    start = _read_time(tags.get("start", ""), tags)
    if start is None:
        message = _(
            "“%(start)s” can't be read as a time; the chapter “%(title)s” was left out.",
            start=excerpt(tags.get("start", "")),
            title=excerpt(title),
        )
        warnings.append(AgendaWarning(chapter.line, message))
        return None
    title = shorten_title(title, line=chapter.line, warnings=warnings)
    if not title:
        message = _("%(time)s has no title and was left out.", time=format_timecode(start))
        warnings.append(AgendaWarning(chapter.line, message))
        return None
    _check_end(chapter, warnings=warnings)
    entry = _read_words(title, chapter, warnings=warnings)
    entry = replace(entry, start=start, section=tags.get("section") or None)
    parent = _read_parent(chapter, warnings=warnings)
    is_ours = "kind" in tags or "parent" in tags
    return _Found(Draft(entry, chapter.line), number, parent, is_ours=is_ours)


def _read_time(text: str, tags: dict[str, str]) -> float | None:
    """Return seconds to the millisecond, or None for what is no time of a recording."""
    base = _USUAL_BASE
    if "timebase" in tags:
        match = _BASE.fullmatch(tags["timebase"])
        if not match or not int(match[2]):
            return None
        base = Fraction(int(match[1]), int(match[2]))
    if not _TIME.fullmatch(text):
        return None
    seconds = int(text) * base
    return round(float(seconds), 3) if seconds <= LATEST_START else None


def _check_end(chapter: _Chapter, *, warnings: list[AgendaWarning]) -> None:
    end = chapter.tags.get("end", "")
    if not _TIME.fullmatch(end):
        message = _(
            "“%(end)s” is no time that can be read as the end of a chapter; its start was taken.",
            end=excerpt(end),
        )
        warnings.append(AgendaWarning(chapter.line, message))


def _read_words(title: str, chapter: _Chapter, *, warnings: list[AgendaWarning]) -> AgendaEntry:
    tags = chapter.tags
    entry = read_line(title)
    if "speakers" in tags:
        names = (name.strip() for name in tags["speakers"].split(";"))
        entry = replace(entry, speakers=tuple(name for name in names if name))
    kind = tags.get("kind", "").lower()
    if kind in KINDS:
        return replace(entry, kind=kind, title=title)
    if kind:
        message = _("“%(kind)s” is not a known kind of entry.", kind=excerpt(kind))
        warnings.append(AgendaWarning(chapter.line, message))
    return entry


def _read_parent(chapter: _Chapter, *, warnings: list[AgendaWarning]) -> int | None:
    written = chapter.tags.get("parent", "")
    if not written:
        return None
    if written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS:
        return int(written)
    message = _("“%(parent)s” is not the number of a chapter.", parent=excerpt(written))
    warnings.append(AgendaWarning(chapter.line, message))
    return None


def _place_parents(found: list[_Found], *, warnings: list[AgendaWarning]) -> list[Draft]:
    """Return the drafts with the numbers of chapters turned into indexes; only earlier ones can."""
    places: dict[int, int] = {}
    placed = []
    for index, each in enumerate(found):
        parent = None if each.parent is None else places.get(each.parent)
        if each.parent is not None and parent is None:
            message = _("Chapter %(number)s can't be the parent of this one.", number=each.parent)
            warnings.append(AgendaWarning(each.draft.line, message))
        placed.append(replace(each.draft, entry=replace(each.draft.entry, parent=parent)))
        places[each.number] = index
    return placed
