"""Podlove Simple Chapters, as podcast feeds carry them.

Held: start to the millisecond, the published line, and the section as a comment (`Section: …`
before its first chapter, empty where a section ends), which is read back here and which players
pass over; `find_podlove_problems` says so. Kind and speakers are held as far as the words say them,
parents as in plain text. Read: the XML, alone or inside a feed, with or without its namespace
declared; the plain form `00:05:30.000 Title` is plain text and read as such. A document type is
refused, since chapters need none and it can make a small file grow without limit.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field, replace
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from flask_babel import gettext as _

from .checks import add_parents, finish_agenda
from .cleaning import excerpt, split_lines, tidy_text
from .lines import read_line, write_line
from .model import AgendaRefused, AgendaWarning, Draft, ParsedAgenda
from .plain_text import shorten_title
from .timecodes import format_timecode, parse_timecode

_NAMESPACE = "http://podlove.org/simple-chapters"
_SECTION = "Section:"


@dataclass
class _Found:
    drafts: list[Draft] = field(default_factory=list)
    warnings: list[AgendaWarning] = field(default_factory=list)
    section: str | None = None


def read_podlove(text: str, *, duration: float | None = None) -> ParsedAgenda:
    """Return the chapters of an XML document; refuses one that is not well-formed."""
    found = _Found()
    parser = expat.ParserCreate()

    def start_element(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "chapter":
            _add_chapter(attributes, line=parser.CurrentLineNumber, found=found)

    def read_comment(text: str) -> None:
        text = tidy_text(text)
        if text.startswith(_SECTION):
            found.section = tidy_text(html.unescape(text.removeprefix(_SECTION))) or None

    parser.StartElementHandler = start_element
    parser.CommentHandler = read_comment
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(_without_declaration(text), True)  # noqa: FBT003 - expat names no parameter
    except expat.ExpatError as error:
        raise AgendaRefused(
            _("The XML can't be read: something is wrong on line %(line)s.", line=error.lineno)
        ) from error
    return finish_agenda(add_parents(found.drafts), warnings=found.warnings, duration=duration)


def write_podlove(agenda: ParsedAgenda) -> str:
    """Return an XML document of its own."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<psc:chapters version="1.2" xmlns:psc="{_NAMESPACE}">',
    ]
    section = None
    for entry in agenda.entries:
        if entry.section != section:
            section = entry.section
            lines.append(f"  <!-- {_SECTION} {_escape_comment(section or '')} -->")
        start = format_timecode(entry.start, milliseconds=True)
        title = quoteattr(write_line(entry, title=tidy_text(entry.title)))
        lines.append(f'  <psc:chapter start="{start}" title={title}/>')
    return "\n".join([*lines, "</psc:chapters>", ""])


def find_podlove_problems(agenda: ParsedAgenda) -> list[AgendaWarning]:
    """Return that players show no headings, where there are any."""
    if not any(entry.section for entry in agenda.entries):
        return []
    message = _(
        "Podlove chapters have no headings: players leave them out. They are written as comments, "
        "which eventapp reads back."
    )
    return [AgendaWarning(None, message)]


def _escape_comment(text: str) -> str:
    """A comment may hold no `--` and not end in `-` (XML 1.0, section 2.5)."""
    return html.escape(tidy_text(text), quote=False).replace("-", "&#45;")


def _add_chapter(attributes: dict[str, str], *, line: int, found: _Found) -> None:
    title = tidy_text(attributes.get("title", ""))
    written = attributes.get("start", "")
    try:
        start = parse_timecode(tidy_text(written))
    except ValueError:
        message = _(
            "“%(start)s” can't be read as a time; the chapter “%(title)s” was left out.",
            start=excerpt(written),
            title=excerpt(title),
        )
        found.warnings.append(AgendaWarning(line, message))
        return
    title = shorten_title(title, line=line, warnings=found.warnings)
    if not title:
        message = _("%(time)s has no title and was left out.", time=format_timecode(start))
        found.warnings.append(AgendaWarning(line, message))
        return
    entry = replace(read_line(title), start=start, section=found.section)
    found.drafts.append(Draft(entry, line))


def _refuse_doctype(*_declaration: object) -> None:
    raise AgendaRefused(_("The XML declares a document type. Remove it: chapters don't need one."))


def _without_declaration(text: str) -> str:
    """Blank out `<?xml … encoding=…?>`: the text is decoded already, whatever it claims."""
    text = "\n".join(split_lines(text)).replace("\x00", "").lstrip("\ufeff")
    lead = len(text) - len(text.lstrip())
    if text.startswith("<?xml", lead):
        end = text.find("?>", lead)
        if end >= 0:
            return "\n" * text.count("\n", 0, end) + text[end + 2 :]
    return text
