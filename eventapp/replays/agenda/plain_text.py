"""Plain text: `00:05:30 Introduction by Ann Lee`, as agendas stand on pages and in mails.

Read: times in front (`[5:30] –`, `00:05:30.500`, `1h05m30s`, bullets, numbers, table bars, HTML and
Markdown around them) or, where no line has one in front, behind (`Introduction - 5:30`); headings
without a time; wrapped titles; a time with its title on the next line. A line above the first time
is a heading where it is marked as one, or where more headings follow. Every other line is reported;
prose before the agenda, and prose after it, in one warning each.

Held: start to the millisecond, title, section. A line `---` ends a section. Kind and
speakers are held as far as the words of the title say them; speakers that it does not name are
added as "by A and B", which then is part of the title. A question's parent is the item before it
in its section. Not held: other parents, sections without entries, the speakers of a question.

A title that would be read as something else (one that begins with another time, say) is written
with HTML entities, which reading decodes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from flask_babel import gettext as _

from .checks import add_parents, finish_agenda
from .cleaning import decode_entities, encode_entities, excerpt, strip_markup, tidy_text
from .layout import TimedItem, is_announcement, lay_out
from .lines import read_line, write_line
from .model import LONGEST_TITLE, AgendaWarning, Draft, ParsedAgenda
from .scanning import is_heading, scan_line, scan_lines, strip_heading
from .timecodes import format_timecode
from .wrapping import continues

_RULE = "---"


def read_plain_text(text: str, *, duration: float | None = None) -> ParsedAgenda:
    """Return the agenda that stands in a text; refuses as `finish_agenda` does."""
    layout = lay_out(scan_lines(text))
    warnings = list(layout.warnings)
    drafts = [draft for item in layout.items if (draft := _read_item(item, warnings=warnings))]
    return finish_agenda(add_parents(drafts), warnings=warnings, duration=duration)


def write_plain_text(
    agenda: ParsedAgenda,
    *,
    format_start: Callable[[float], str] = format_timecode,
    is_escaped: bool = True,
) -> str:
    """Return the agenda as lines of text, ending in a newline.

    With `is_escaped` false, titles are written as they are even where reading would change them.
    """
    lines: list[str] = []
    section: str | None = None
    above = ""
    for index, entry in enumerate(agenda.entries):
        if entry.section != section:
            section = entry.section
            is_lonely = index == 0 and not _has_more_headings(agenda)
            lines.append(
                _write_heading(section, above=above, is_marked=is_lonely, is_escaped=is_escaped)
            )
        above = write_line(entry, title=tidy_text(entry.title))
        lines.append(_write_timed(format_start(entry.start), above, is_escaped=is_escaped))
    return "".join(f"{line}\n" for line in lines)


def _has_more_headings(agenda: ParsedAgenda) -> bool:
    return any(
        below.section not in {None, above.section} for above, below in pairwise(agenda.entries)
    )


def join_pieces(pieces: list[str]) -> str:
    """Return a wrapped title as one line; a word broken at its own hyphen is closed up."""
    joined = pieces[0]
    for piece in pieces[1:]:
        is_broken_word = joined[-2:-1].isalpha() and joined.endswith("-") and piece[0].islower()
        joined += piece if is_broken_word else f" {piece}"
    return joined


def shorten_title(title: str, *, line: int | None, warnings: list[AgendaWarning]) -> str:
    """Return a title of at most LONGEST_TITLE signs, and add a warning where it was longer."""
    if len(title) <= LONGEST_TITLE:
        return title
    message = _(
        "The title “%(text)s” is %(length)s characters long and was cut after %(limit)s.",
        text=excerpt(title[:LONGEST_TITLE]),
        length=len(title),
        limit=LONGEST_TITLE,
    )
    warnings.append(AgendaWarning(line, message))
    return title[:LONGEST_TITLE].rstrip()


def _read_item(item: TimedItem, *, warnings: list[AgendaWarning]) -> Draft | None:
    title = decode_entities(join_pieces(item.pieces)) if item.pieces else ""
    title = shorten_title(title, line=item.line, warnings=warnings)
    if not title:
        message = _("%(time)s has no title and was left out.", time=format_timecode(item.start))
        warnings.append(AgendaWarning(item.line, message))
        return None
    entry = replace(read_line(title), start=item.start, section=item.section)
    return Draft(entry, item.line)


def _write_timed(start: str, words: str, *, is_escaped: bool) -> str:
    line = f"{start} {words}"
    if not is_escaped or _reads_as(line, role="timed", words=words):
        return line
    return f"{start} - {encode_entities(words)}"


def _write_heading(section: str | None, *, above: str, is_marked: bool, is_escaped: bool) -> str:
    """Return the heading as it is published where that is read back, else marked with `#`."""
    if section is None:
        return _RULE
    section = tidy_text(section)
    if not is_marked and _is_plain_heading(section, above=above):
        return section
    line = f"# {section}"
    if not is_escaped:
        return line
    if is_announcement(section):
        return f"# {encode_entities(section, letters_too=True)}"
    if _reads_as(line, role="heading", words=section):
        return line
    return f"# {encode_entities(section)}"


def _is_plain_heading(section: str, *, above: str) -> bool:
    if not section or not _reads_as(section, role="plain", words=section):
        return False
    if not is_heading(section) or is_announcement(section) or strip_heading(section) != section:
        return False
    return not continues(above, scan_line(section), above_indent=0)


def _reads_as(line: str, *, role: str, words: str) -> bool:
    pieces = strip_markup(line)
    scanned = scan_line(pieces[0])
    return len(pieces) == 1 and scanned.role == role and scanned.words == words
