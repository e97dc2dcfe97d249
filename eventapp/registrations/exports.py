"""A webinar's registrations as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from flask_babel import gettext as _

from eventapp.registrations.models import Registration

# A cell that begins so would be worked out as a formula (also in its full-width form).
BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
BYTE_ORDER_MARK = "\ufeff"


def write_csv(registrations: Iterable[Registration]) -> str:
    """Return the table as CSV (RFC 4180); times are ISO 8601 in UTC.

    The mark at its beginning tells spreadsheets that it is UTF-8.
    """
    written = io.StringIO(newline="")
    written.write(BYTE_ORDER_MARK)
    writer = csv.writer(written)
    writer.writerow(_headings())
    for registration in registrations:
        writer.writerow([plain_cell(text) for text in _cells(registration)])
    return written.getvalue()


def plain_cell(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and never works it out."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(BEGINS_A_FORMULA) else text


def _headings() -> list[str]:
    return [
        _("Name"),
        _("E-mail address"),
        _("Organisation"),
        _("Status"),
        _("Time zone"),
        _("Registered at (UTC)"),
        _("Confirmed at (UTC)"),
        _("Cancelled at (UTC)"),
        _("Joined at (UTC)"),
    ]


def _cells(registration: Registration) -> Iterator[str]:
    yield registration.name
    yield registration.email
    yield registration.affiliation
    yield registration.status.value
    yield registration.time_zone
    yield _moment(registration.registered_at)
    yield _moment(registration.confirmed_at)
    yield _moment(registration.cancelled_at)
    yield _moment(registration.joined_at)


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else ""
