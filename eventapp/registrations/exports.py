"""A webinar's registrations as a table for a spreadsheet: CSV, or a workbook (XLSX).

Rows are taken one after another and given out as they are ready, so a long table takes no more
memory than a short one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from eventapp.form_fields.models import FieldKind
from eventapp.registrations.answers import Column
from eventapp.registrations.cells import plain_cell
from eventapp.registrations.desk_queries import TableRow

# A number is told as one with the 15 digits that a spreadsheet keeps.
EXACT_NUMBER = re.compile(r"(?=-?[0-9.]{1,15}$)-?(0|[1-9][0-9]*)(\.[0-9]+)?")
BYTE_ORDER_MARK = "\ufeff"
ROWS_AT_ONCE = 200
# A text, never a formula, number or link, whatever it looks like; rows go to the disk at once.
TEXT_ALONE = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
LONGEST_CELL = 32_767  # What a workbook's cell can hold.
MOST_ROWS = 1_048_575  # What a sheet can hold below its headings.
LONGEST_SHEET_NAME = 31
DATE_FORMAT = "yyyy-mm-dd hh:mm:ss"
TIMES = ("registered_at", "confirmed_at", "cancelled_at", "joined_at")


@dataclass(frozen=True, kw_only=True)
class Export:
    """What is exported: rows, the fields that are columns, and the webinar's zone."""

    rows: Iterable[TableRow]
    columns: Sequence[Column]
    time_zone: str


def stream_csv(export: Export) -> Iterator[bytes]:
    """Give the table as CSV (RFC 4180); times are ISO 8601 in UTC.

    The mark at its beginning tells spreadsheets that it is UTF-8.
    """
    yield BYTE_ORDER_MARK.encode()
    yield _write_lines([_headings(export, zone="UTC")])
    rows = iter(export.rows)
    while found := list(islice(rows, ROWS_AT_ONCE)):
        yield _write_lines([_cells(row, export) for row in found])


def write_xlsx(export: Export, *, sheet: str) -> IO[bytes]:
    """Return the table as a workbook in a file without a name, which goes when it is closed.

    Times are dates in the webinar's zone, which the headings name: a cell can't hold one.
    """
    written = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it.
    book = Workbook(written, TEXT_ALONE)
    page = book.add_worksheet(sheet[:LONGEST_SHEET_NAME])
    page.freeze_panes(1, 0)
    page.set_column(0, 20, 22)
    bold = book.add_format({"bold": True})
    date = book.add_format({"num_format": DATE_FORMAT})
    for column, heading in enumerate(_headings(export, zone=export.time_zone)):
        page.write_string(0, column, heading[:LONGEST_CELL], bold)
    zone = ZoneInfo(export.time_zone)
    for number, row in enumerate(islice(export.rows, MOST_ROWS), start=1):
        _write_row(page, number, _values(row, export), date=date, zone=zone)
    book.close()
    return written


def _write_lines(lines: Iterable[Iterable[str]]) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows([plain_cell(text) for text in line] for line in lines)
    return written.getvalue().encode()


def _write_row(
    page: Worksheet, number: int, values: Iterable[Any], *, date: object, zone: ZoneInfo
) -> None:
    for column, value in enumerate(values):
        if isinstance(value, datetime):
            local = value.astimezone(zone).replace(tzinfo=None, microsecond=0)
            page.write_datetime(number, column, local, date)
        elif isinstance(value, Decimal):
            page.write_number(number, column, float(value))
        elif value:
            page.write_string(number, column, value[:LONGEST_CELL])


def _headings(export: Export, *, zone: str) -> list[str]:
    return [
        _("Name"),
        _("E-mail address"),
        _("Organisation"),
        _("Status"),
        _("Time zone"),
        _("Registered at (%(zone)s)", zone=zone),
        _("Confirmed at (%(zone)s)", zone=zone),
        _("Cancelled at (%(zone)s)", zone=zone),
        _("Joined at (%(zone)s)", zone=zone),
        _("Attended"),
        _("Access code"),
        _("Added by"),
        *(heading for column in export.columns for heading in _headings_of(column, zone=zone)),
    ]


def _headings_of(column: Column, *, zone: str) -> Iterator[str]:
    """Give a column's heading; a consent has two more, for what was agreed to and when."""
    yield heading_of(column)
    if column.kind == FieldKind.CONSENT:
        yield _("%(label)s: text agreed to", label=column.label)
        yield _("%(label)s: agreed at (%(zone)s)", label=column.label, zone=zone)


def list_all_options(column: Column) -> list[tuple[str, str]]:
    """Return what people can be told apart by: what is offered, then what was and is answered."""
    gone = [(each, _("%(option)s (no longer offered)", option=text)) for each, text in column.gone]
    return [*column.options, *gone]


def heading_of(column: Column) -> str:
    if not column.is_retired:
        return column.label
    return str(_("%(label)s (no longer asked)", label=column.label))


def _values(row: TableRow, export: Export) -> Iterator[str | datetime | Decimal | None]:
    registration = row.registration
    yield registration.name
    yield registration.email
    yield registration.affiliation
    yield registration.status.value
    yield registration.time_zone
    for name in TIMES:
        yield getattr(registration, name)
    yield "yes" if registration.attended else ""
    yield registration.code
    yield registration.added_by.value if registration.added_by else ""
    for column in export.columns:
        text = row.answers.get(column.field_id, "")
        is_number = column.kind == FieldKind.NUMBER and EXACT_NUMBER.fullmatch(text)
        yield Decimal(text) if is_number else text
        if column.kind == FieldKind.CONSENT:
            consent = row.consents.get(column.field_id)
            yield consent.text if consent else ""
            yield consent.at if consent else None


def _cells(row: TableRow, export: Export) -> list[str]:
    return [_text_of(value) for value in _values(row, export)]


def _text_of(value: str | datetime | Decimal | None) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    return format(value, "f") if isinstance(value, Decimal) else value or ""
