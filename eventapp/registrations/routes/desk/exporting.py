"""The list as a table to keep: CSV or XLSX, of what the list shows or of everyone."""

from __future__ import annotations

from collections.abc import Iterator
from os import SEEK_END
from typing import IO

from flask import Response, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from structlog import get_logger

from eventapp.core.access import organisers_only
from eventapp.registrations import desk_queries
from eventapp.registrations.answers import list_columns
from eventapp.registrations.exports import Export, stream_csv, write_xlsx
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.registrations.routes.desk.narrowing import read_narrowing
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PART_BYTES = 64 * 1024

log = get_logger(__name__)


@blueprint.get("/manage/webinars/<int:webinar_id>/registrations.csv")
@organisers_only
def export(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    lines = stream_with_context(stream_csv(_open_export(webinar)))
    response = Response(lines, mimetype="text/csv")
    name = f"registrations-{webinar.slug}.csv"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/manage/webinars/<int:webinar_id>/registrations.xlsx")
@organisers_only
def export_xlsx(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    book = write_xlsx(_open_export(webinar), sheet=_("Registrations"))
    response = Response(_read_parts(book), mimetype=XLSX)
    response.call_on_close(book.close)
    response.content_length = book.seek(0, SEEK_END)
    book.seek(0)
    name = f"registrations-{webinar.slug}.xlsx"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _read_parts(book: IO[bytes]) -> Iterator[bytes]:
    with book:
        while part := book.read(PART_BYTES):
            yield part


def _open_export(webinar: Webinar) -> Export:
    columns = list_columns(webinar.id)
    wanted = read_narrowing().wanted
    log.info("registrations_exported", webinar_id=webinar.id, user_id=current_user.id)
    return Export(
        rows=desk_queries.stream_table(webinar.id, wanted, columns=columns),
        columns=columns,
        time_zone=webinar.time_zone,
    )
