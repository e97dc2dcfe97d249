"""A table as it arrives: bytes become text, and text becomes rows that know their line (RFC 4180).

What isn't a table gets an answer, and nothing here takes longer than the text is long.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from eventapp.registrations.refusals import (
    CellIsTooLong,
    QuotesAreOdd,
    TableIsEmpty,
    TableIsNoText,
    TableIsTooLarge,
    TableIsTooWide,
    TableIsWorkbook,
)

LARGEST_BYTES = 2_000_000
MOST_COLUMNS = 100
LONGEST_CELL = 10_000
DELIMITERS = ",;\t"
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ZIP = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
BEGINNING = 1000
# No text has them; a table is written with line breaks and tabs alone.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
QUOTED = re.compile(r'"[^"\n]*"')
SEPARATOR_LINE = re.compile(r"sep=([,;\t])\n", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row; `line` is where it begins, from 1, and `end` the character after it."""

    line: int
    cells: list[str]
    end: int

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, kw_only=True)
class Table:
    """What a text is as a table. `headings` are numbers where the first row is a person already.

    `start` is the character at which the first person's row begins.
    """

    delimiter: str
    headings: list[str]
    has_headings: bool
    start: int


def read_bytes(content: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or Windows-1252, with plain line ends.

    Refuses: TableIsTooLarge, TableIsWorkbook, TableIsNoText.
    """
    if len(content) > LARGEST_BYTES:
        raise TableIsTooLarge
    if content.startswith((ZIP, OLD_WORKBOOK)):
        raise TableIsWorkbook
    return tidy_text(_decode(content))


def tidy_text(text: str) -> str:
    """Return a text with plain line ends. Refuses: TableIsNoText, TableIsTooLarge."""
    if len(text) > LARGEST_BYTES:
        raise TableIsTooLarge
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if CONTROLS.search(plain):
        raise TableIsNoText
    return plain


def _decode(content: bytes) -> str:
    for encoding in _list_encodings(content):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableIsNoText


def _list_encodings(content: bytes) -> tuple[str, ...]:
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return (encoding,)
    beginning = content[:BEGINNING]
    if b"\0" not in beginning:
        return ("utf-8", "cp1252")
    # Without a mark UTF-16 shows by every second byte of Latin letters being nothing.
    is_little = beginning[1::2].count(0) > beginning[::2].count(0)
    return ("utf-16-le",) if is_little else ("utf-16-be",)


def open_table(text: str) -> Table:
    """Find out how a table is written and what its columns are called.

    Refuses: TableIsEmpty, TableIsTooWide, QuotesAreOdd, CellIsTooLong.
    """
    named = SEPARATOR_LINE.match(text)
    begin = named.end() if named else 0
    delimiter = named.group(1) if named else _guess_delimiter(text)
    first = next(read_rows(text, position=begin, delimiter=delimiter), None)
    if first is None:
        raise TableIsEmpty
    has_headings = not any("@" in cell for cell in first.cells)
    numbers = [str(number) for number in range(1, len(first.cells) + 1)]
    headings = [cell.strip() or number for cell, number in zip(first.cells, numbers, strict=True)]
    return Table(
        delimiter=delimiter,
        headings=headings if has_headings else numbers,
        has_headings=has_headings,
        start=first.end if has_headings else begin,
    )


def read_rows(text: str, *, position: int, delimiter: str) -> Iterator[Row]:
    """Give each row from the character `position` on, but for blank ones.

    Refuses: TableIsTooWide, QuotesAreOdd, CellIsTooLong.
    """
    source = io.StringIO(text, newline="\n")
    source.seek(position)
    lines_before = text.count("\n", 0, position)
    reader = csv.reader(iter(source.readline, ""), delimiter=delimiter, strict=True)
    while True:
        line = lines_before + reader.line_num + 1
        cells = _read_row(reader, line)
        if cells is None:
            return
        row = Row(line=line, cells=cells, end=source.tell())
        _check_row(row)
        if not row.is_blank:
            yield row


def _read_row(reader: Iterator[list[str]], line: int) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error as error:
        if "limit" in str(error):
            raise CellIsTooLong(line) from error
        raise QuotesAreOdd(line) from error


def _check_row(row: Row) -> None:
    if len(row.cells) > MOST_COLUMNS:
        raise TableIsTooWide(MOST_COLUMNS)
    if any(len(cell) > LONGEST_CELL for cell in row.cells):
        raise CellIsTooLong(row.line)


def _guess_delimiter(text: str) -> str:
    """Return what stands most often in the first line that says something, outside quotes."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    plain = QUOTED.sub("", first)
    return max(DELIMITERS, key=plain.count)
