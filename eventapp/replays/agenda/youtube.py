"""A YouTube description: the plain text of `plain_text.py` with the times YouTube reads.

Held: start to the whole second, title, section (as a line of its own, which YouTube passes over).
Kind and speakers are held as far as the words say them. YouTube wants the first chapter at 0:00:
where none is, the line `0:00 Start` is put in front, and exactly that line is not read back (an
entry of that title is written `00:00 Start`). It also wants three chapters or more, ten seconds or
more apart, and no more than 5,000 characters; `find_youtube_problems` tells where that fails.
YouTube takes no `<` and `>`: they become `‹` and `›`.
"""

from __future__ import annotations

from itertools import pairwise

from flask_babel import gettext as _

from .cleaning import split_lines, tidy_text
from .model import AgendaWarning, ParsedAgenda
from .plain_text import read_plain_text, write_plain_text
from .scanning import scan_line
from .timecodes import format_short_timecode

FILLER = "0:00 Start"

_FEWEST_CHAPTERS = 3
_SHORTEST_CHAPTER = 10
_LONGEST_DESCRIPTION = 5_000
_ANGLES = str.maketrans("<>", "‹›")


def has_filler(text: str) -> bool:
    """Tell whether the first time in a text is the line that `write_youtube` puts in front."""
    return _find_filler(split_lines(text)) is not None


def read_youtube(text: str, *, duration: float | None = None) -> ParsedAgenda:
    """Return the agenda in a description; refuses as `read_plain_text` does."""
    lines = split_lines(text)
    place = _find_filler(lines)
    if place is not None:
        lines[place] = ""
    return read_plain_text("\n".join(lines), duration=duration)


def write_youtube(agenda: ParsedAgenda) -> str:
    """Return the lines to paste into a description."""
    text = write_plain_text(agenda, format_start=format_short_timecode, is_escaped=False)
    text = text.translate(_ANGLES)
    lines = text.split("\n")
    if _has_chapter_at_zero(agenda):
        return "\n".join(f"0{line}" if line == FILLER else line for line in lines)
    return f"{FILLER}\n{text}"


def find_youtube_problems(agenda: ParsedAgenda) -> list[AgendaWarning]:
    """Return why YouTube would show no chapters, or cut the description."""
    messages = []
    starts = [int(entry.start) for entry in agenda.entries]
    if not _has_chapter_at_zero(agenda):
        starts.insert(0, 0)
    if len(starts) < _FEWEST_CHAPTERS:
        messages.append(_("YouTube only shows chapters if there are three or more."))
    for above, below in pairwise(starts):
        if below - above < _SHORTEST_CHAPTER:
            message = _(
                "YouTube only shows chapters if each lasts ten seconds or more; %(above)s and "
                "%(below)s are closer together.",
                above=format_short_timecode(above),
                below=format_short_timecode(below),
            )
            messages.append(message)
    if len(write_youtube(agenda)) > _LONGEST_DESCRIPTION:
        messages.append(_("A YouTube description can have at most 5,000 characters."))
    return [AgendaWarning(None, message) for message in messages]


def _has_chapter_at_zero(agenda: ParsedAgenda) -> bool:
    return bool(agenda.entries) and agenda.entries[0].start < 1


def _find_filler(lines: list[str]) -> int | None:
    for index, line in enumerate(lines):
        if tidy_text(line) == FILLER:
            return index
        if scan_line(line).role == "timed":
            return None
    return None
