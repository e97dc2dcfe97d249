"""The results of a webinar's polls as a table for a spreadsheet (CSV, RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from flask_babel import gettext as _

from eventapp.polls.labels import KINDS, STATUSES
from eventapp.polls.models import Poll, PollOption
from eventapp.polls.queries import list_all_options, list_polls
from eventapp.polls.rules import share_of
from eventapp.registrations.cells import plain_cell

BYTE_ORDER_MARK = "\ufeff"


def write_results(webinar_id: int) -> bytes:
    """Return a line for each answer of each poll, hidden words too; shares are per cent of people.

    The mark at its beginning tells spreadsheets that it is UTF-8.
    """
    written = io.StringIO(newline="")
    written.write(BYTE_ORDER_MARK)
    writer = csv.writer(written)
    writer.writerow(_headings())
    options = list_all_options(webinar_id)
    for poll in list_polls(webinar_id):
        rows = _rows(poll, options.get(poll.id, ()))
        writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return written.getvalue().encode()


def _headings() -> list[str]:
    return [
        _("Poll"),
        _("Kind"),
        _("Status"),
        _("People who voted"),
        _("Answer"),
        _("Votes"),
        _("Share in %%"),
        _("Hidden"),
    ]


def _rows(poll: Poll, options: Sequence[PollOption]) -> Iterator[list[str]]:
    for option in options:
        yield [
            poll.text,
            str(KINDS[poll.kind]),
            str(STATUSES[poll.status]),
            str(poll.voters),
            option.text,
            str(option.votes),
            str(share_of(option.votes, poll.voters)),
            _("yes") if option.is_hidden else "",
        ]
