"""WebVTT chapters, the file a `<track kind="chapters">` points at.

Held: start to the millisecond, the published line, and the section as a comment (`NOTE Section: …`
before its first cue, empty where a section ends); kind and speakers as far as the words say them,
parents as in plain text. A cue ends where the next later one starts; the last one ends with the
recording or, where its length is not known, an hour after it started. Read: any cues in order,
whatever their ends, settings and tags; other comments, STYLE and REGION are passed over. An end
that is no time, and lines that belong to no cue, are reported.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from flask_babel import gettext as _

from .checks import add_parents, finish_agenda
from .cleaning import excerpt, split_lines, tidy_text
from .lines import read_line, write_line
from .model import AgendaWarning, Draft, ParsedAgenda
from .plain_text import shorten_title
from .timecodes import find_ends, format_timecode, parse_timecode

_ARROW = "-->"
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[0-9:.]{4,20}>")
_PASSED_OVER = re.compile(r"WEBVTT|(?:NOTE|STYLE|REGION)(?:\s|$)")
_SECTION = "NOTE Section:"


@dataclass(frozen=True)
class _Cue:
    line: int
    timing: str
    payload: str
    section: str | None


def read_webvtt(text: str, *, duration: float | None = None) -> ParsedAgenda:
    """Return the cues as an agenda; refuses as `finish_agenda` does."""
    warnings: list[AgendaWarning] = []
    cues = _find_cues(split_lines(text), warnings=warnings)
    found = [_read_cue(cue, warnings=warnings) for cue in cues]
    drafts = add_parents(draft for draft in found if draft)
    return finish_agenda(drafts, warnings=warnings, duration=duration)


def write_webvtt(agenda: ParsedAgenda, *, duration: float | None = None) -> str:
    """Return the file; `duration` is the length of the recording in seconds."""
    blocks = ["WEBVTT\n"]
    section = None
    ends = find_ends([entry.start for entry in agenda.entries], duration=duration)
    for entry, end in zip(agenda.entries, ends, strict=True):
        if entry.section != section:
            section = entry.section
            blocks.append(f"{_SECTION} {_escape(section or '')}".rstrip() + "\n")
        times = (format_timecode(time, milliseconds=True) for time in (entry.start, end))
        words = write_line(entry, title=tidy_text(entry.title))
        blocks.append(f"{f' {_ARROW} '.join(times)}\n{_escape(words)}\n")
    return "\n".join(blocks)


def _escape(text: str) -> str:
    return html.escape(tidy_text(text), quote=False)


def _find_cues(lines: list[str], *, warnings: list[AgendaWarning]) -> Iterator[_Cue]:
    """Yield every cue; more than one stand in a block where blank lines were lost."""
    section: str | None = None
    for first_line, block in _find_blocks(lines):
        if block[0].startswith(_SECTION):
            section = _read_words(block[0].removeprefix(_SECTION)) or None
        places = [place for place, line in enumerate(block) if _ARROW in line]
        before = block[: places[0]] if places else block
        _check_before_cues(before, first_line, has_cue=bool(places), warnings=warnings)
        for place, following in pairwise([*places, len(block)]):
            payload = block[place + 1 : following]
            yield _Cue(first_line + place, block[place], " ".join(payload), section)


def _check_before_cues(
    lines: list[str], first_line: int, *, has_cue: bool, warnings: list[AgendaWarning]
) -> None:
    """Report the lines of a block above its first cue, but for a comment and the cue's name."""
    if lines and _PASSED_OVER.match(tidy_text(lines[0])):
        return
    for place, line in enumerate(lines[:-1] if has_cue else lines):
        message = _("“%(text)s” belongs to no cue and was left out.", text=excerpt(line))
        warnings.append(AgendaWarning(first_line + place, message))


def _find_blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield what stands between blank lines, with the number of its first line."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _read_cue(cue: _Cue, *, warnings: list[AgendaWarning]) -> Draft | None:
    written_start, _arrow, rest = cue.timing.partition(_ARROW)
    try:
        start = parse_timecode(tidy_text(written_start))
    except ValueError:
        message = _(
            "“%(text)s” has no time that can be read; its cue was left out.",
            text=excerpt(cue.timing),
        )
        warnings.append(AgendaWarning(cue.line, message))
        return None
    title = shorten_title(_read_words(cue.payload), line=cue.line, warnings=warnings)
    if not title:
        message = _("%(time)s has no title and was left out.", time=format_timecode(start))
        warnings.append(AgendaWarning(cue.line, message))
        return None
    _check_end(rest, line=cue.line, warnings=warnings)
    return Draft(replace(read_line(title), start=start, section=cue.section), cue.line)


def _check_end(text: str, *, line: int, warnings: list[AgendaWarning]) -> None:
    """Report an end that is no time; what follows it are settings."""
    end = tidy_text(text).partition(" ")[0]
    try:
        parse_timecode(end)
    except ValueError:
        message = _(
            "“%(end)s” is no time that can be read as the end of a cue; its start was taken.",
            end=excerpt(text),
        )
        warnings.append(AgendaWarning(line, message))


def _read_words(text: str) -> str:
    return tidy_text(html.unescape(_TAG.sub("", tidy_text(text))))
