"""CSV: one row an entry, for spreadsheets.

Columns: start, kind, title, speakers, section, parent. Held: everything but warnings and sections
without entries; starts to the millisecond; speakers are separated by `; ` (a semicolon inside a
name becomes a comma); the parent is the number of its row, counted from 1 below the heading. Read:
commas, semicolons or tabs; other people's headings (time, timestamp, chapter, name …), or none
where the first column is the time and the second the title; where the columns for kind, speakers
or parent are absent, they are read from the words as in plain text. Other columns are reported by
their headings, and cells that stand outside any column by their row.

A cell that a spreadsheet would run as a formula (=, +, -, @ in front) is written with an
apostrophe before it, which reading takes away.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from .checks import add_parents, finish_agenda
from .cleaning import excerpt, remove_invisible, split_lines, tidy_text
from .lines import find_kind, read_line
from .model import KINDS, AgendaEntry, AgendaRefused, AgendaWarning, Draft, ParsedAgenda
from .plain_text import shorten_title
from .timecodes import CLOCK, format_timecode, parse_timecode

COLUMNS = ("start", "kind", "title", "speakers", "section", "parent")

_NAMES = {
    "start": "start|start time|starttime|time|timestamp|time stamp|timecode|time code|from|begin",
    "kind": "kind|type",
    "title": "title|chapter|chapter title|name|item|topic|text|label|description",
    "speakers": "speakers|speaker|speaker(s)|presenter|presenters|by|who",
    "section": "section|part|session|block",
    "parent": "parent",
}
_COLUMN_OF = {name: column for column, names in _NAMES.items() for name in names.split("|")}
_DELIMITERS = ",;\t"
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@＝＋－＠]")
# The same where a spreadsheet divides cells at semicolons.
_LATER_FORMULA = re.compile(r""";(?=[ "']*[=+\-@＝＋－＠])""")
_LATER_GUARDED = re.compile(r""";'(?=[ "']*[=+\-@＝＋－＠])""")
_FIRST_CELL = re.compile(rf'"?{CLOCK}"?(?P<delimiter>[,;])(?!\s)')
_NAME_SEPARATOR = re.compile(r",\s|\s(?:and|&)\s")
_LONGEST_LINE = 100_000
_MOST_DIGITS = 8
_MOST_COLUMNS = 40


@dataclass(frozen=True)
class _Table:
    delimiter: str
    places: dict[str, int]
    width: int
    unknown: tuple[str, ...] = ()
    has_header: bool = False


def is_table(text: str) -> bool:
    """Tell whether a text is CSV: a row of known headings, or rows that begin with a time."""
    lines = [line for line in split_lines(text) if line.strip()]
    if not lines:
        return False
    if _find_header(lines[0]) or lines[0].lower().startswith("sep="):
        return True
    rows = sum(_FIRST_CELL.match(line) is not None for line in lines)
    return rows * 5 >= len(lines) * 4


def read_csv(text: str, *, duration: float | None = None) -> ParsedAgenda:
    """Return the rows as an agenda; refuses as `finish_agenda` does."""
    text = "\n".join(split_lines(remove_invisible(text)))
    warnings: list[AgendaWarning] = []
    table, rows = _open_table(text, warnings=warnings)
    drafts: list[Draft] = []
    parents: list[int | None] = []
    numbers: dict[int, int] = {}
    for number, (line, cells) in enumerate(rows, start=1):
        draft = _read_row(cells, table=table, line=line, warnings=warnings)
        if draft is None:
            continue
        numbers[number] = len(drafts)
        drafts.append(draft)
        parents.append(_read_parent(cells.get("parent", ""), line=line, warnings=warnings))
    if "parent" in table.places:
        drafts = _place_parents(drafts, parents=parents, numbers=numbers, warnings=warnings)
    else:
        drafts = add_parents(drafts)
    return finish_agenda(drafts, warnings=warnings, duration=duration)


def write_csv(agenda: ParsedAgenda) -> str:
    """Return the table with its heading; rows end in CRLF (RFC 4180, section 2)."""
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(COLUMNS)
    for entry in agenda.entries:
        names = "; ".join(tidy_text(name).replace(";", ",") for name in entry.speakers)
        cells = (tidy_text(entry.title), names, tidy_text(entry.section or ""))
        title, speakers, section = (_guard(cell) for cell in cells)
        parent = "" if entry.parent is None else str(entry.parent + 1)
        start = format_timecode(entry.start)
        writer.writerow((start, entry.kind, title, speakers, section, parent))
    return output.getvalue()


def _open_table(
    text: str, *, warnings: list[AgendaWarning]
) -> tuple[_Table, Iterator[tuple[int, dict[str, str]]]]:
    """Return the table's shape and its rows: line number and cells by column."""
    lines = text.split("\n")
    first = 0
    while first < len(lines) - 1 and (
        not lines[first].strip() or lines[first].lower().startswith("sep=")
    ):
        first += 1
    table = _find_header(lines[first]) or _without_header(lines[first])
    if table.unknown:
        names = "”, “".join(table.unknown)
        message = _("The columns “%(names)s” are not known here and were left out.", names=names)
        warnings.append(AgendaWarning(first + 1, message))
    skipped = first + 1 if table.has_header else first
    return table, _read_rows(lines[skipped:], table=table, skipped=skipped, warnings=warnings)


def _read_rows(
    lines: list[str], *, table: _Table, skipped: int, warnings: list[AgendaWarning]
) -> Iterator[tuple[int, dict[str, str]]]:
    for line, content in enumerate(lines, start=skipped + 1):
        if len(content) > _LONGEST_LINE:
            raise AgendaRefused(
                _(
                    "Line %(line)s is %(length)s characters long; a row can have at most "
                    "%(limit)s.",
                    line=line,
                    length=len(content),
                    limit=_LONGEST_LINE,
                )
            )
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=table.delimiter)
    line = skipped + 1
    try:
        for row in reader:
            cells = [_unguard(tidy_text(cell)) for cell in row]
            _check_width(cells, table=table, line=line, warnings=warnings)
            if any(cells):
                yield (
                    line,
                    {
                        column: cells[place]
                        for column, place in table.places.items()
                        if place < len(cells)
                    },
                )
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        raise AgendaRefused(
            _(
                "The table can't be read from line %(line)s on. Is a closing quotation mark "
                "missing?",
                line=line,
            )
        ) from error


def _check_width(
    cells: list[str], *, table: _Table, line: int, warnings: list[AgendaWarning]
) -> None:
    beyond = [cell for cell in cells[table.width :] if cell]
    if beyond:
        message = _(
            "“%(text)s” stands outside the columns and was left out. A title with a “%(sign)s” in "
            "it has to stand in quotation marks.",
            text=excerpt(" ".join(beyond)),
            sign=table.delimiter,
        )
        warnings.append(AgendaWarning(line, message))


def _find_header(line: str) -> _Table | None:
    for delimiter in _DELIMITERS:
        cells = [
            tidy_text(cell).strip('"')
            for cell in line.strip().strip("\ufeff").split(delimiter)[:_MOST_COLUMNS]
        ]
        places: dict[str, int] = {}
        for place, cell in enumerate(cells):
            column = _COLUMN_OF.get(cell.lower())
            if column is not None:
                places.setdefault(column, place)
        if {"start", "title"} <= places.keys():
            known = places.values()
            unknown = tuple(
                excerpt(cell) for place, cell in enumerate(cells) if cell and place not in known
            )
            return _Table(delimiter, places, len(cells), unknown, has_header=True)
    return None


def _without_header(line: str) -> _Table:
    delimiter = max(_DELIMITERS, key=line.count)
    if match := _FIRST_CELL.match(line):
        delimiter = match["delimiter"]
    return _Table(delimiter, {"start": 0, "title": 1}, width=2)


def _read_row(
    cells: dict[str, str], *, table: _Table, line: int, warnings: list[AgendaWarning]
) -> Draft | None:
    title = cells.get("title", "")
    try:
        start = parse_timecode(cells.get("start", ""))
    except ValueError:
        message = _(
            "“%(start)s” can't be read as a time; the row “%(title)s” was left out.",
            start=excerpt(cells.get("start", "")),
            title=excerpt(title),
        )
        warnings.append(AgendaWarning(line, message))
        return None
    title = shorten_title(title, line=line, warnings=warnings)
    if not title:
        message = _("%(time)s has no title and was left out.", time=format_timecode(start))
        warnings.append(AgendaWarning(line, message))
        return None
    entry = _read_words(title, cells=cells, table=table, line=line, warnings=warnings)
    section = cells.get("section") or None
    return Draft(replace(entry, start=start, section=section), line)


def _read_words(
    title: str,
    *,
    cells: dict[str, str],
    table: _Table,
    line: int,
    warnings: list[AgendaWarning],
) -> AgendaEntry:
    entry = read_line(title)
    if "speakers" in table.places:
        entry = replace(entry, speakers=_read_names(cells.get("speakers", ""), table=table))
    kind = cells.get("kind", "").lower()
    if kind in KINDS:
        return replace(entry, kind=kind, title=title)
    if kind:
        message = _("“%(kind)s” is not a known kind of entry.", kind=excerpt(kind))
        warnings.append(AgendaWarning(line, message))
    if entry.kind == "question":
        return entry
    return replace(entry, kind=find_kind(title, has_speakers=bool(entry.speakers)))


def _read_names(cell: str, *, table: _Table) -> tuple[str, ...]:
    """Split at semicolons; in other people's tables also "Ann Lee, Bo Ek and Cy Da"."""
    names = [name.strip() for name in cell.split(";")]
    if "parent" not in table.places:
        parts = [part for name in names for part in _NAME_SEPARATOR.split(name)]
        names = parts if all(" " in part for part in parts) else names
    return tuple(name for name in names if name)


def _read_parent(cell: str, *, line: int, warnings: list[AgendaWarning]) -> int | None:
    if not cell:
        return None
    if cell.isascii() and cell.isdigit() and len(cell) <= _MOST_DIGITS:
        return int(cell)
    message = _("“%(parent)s” is not the number of a row.", parent=excerpt(cell))
    warnings.append(AgendaWarning(line, message))
    return None


def _place_parents(
    drafts: list[Draft],
    *,
    parents: list[int | None],
    numbers: dict[int, int],
    warnings: list[AgendaWarning],
) -> list[Draft]:
    """Return the drafts with row numbers turned into indexes; only earlier rows can be parents."""
    placed = []
    for index, (draft, number) in enumerate(zip(drafts, parents, strict=True)):
        parent = None if number is None else numbers.get(number)
        if number is not None and (parent is None or parent >= index):
            message = _("Row %(number)s can't be the parent of this one.", number=number)
            warnings.append(AgendaWarning(draft.line, message))
            parent = None
        placed.append(replace(draft, entry=replace(draft.entry, parent=parent)))
    return placed


def _guard(cell: str) -> str:
    guarded = _LATER_FORMULA.sub(";'", cell)
    return f"'{guarded}" if _FORMULA.match(cell) else guarded


def _unguard(cell: str) -> str:
    bare = _LATER_GUARDED.sub(";", cell)
    return bare[1:] if _GUARDED.match(bare) else bare
