"""Registering people from a table: sent, looked at, its columns corrected, and only then done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from structlog import get_logger

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.form_fields.asked import AskedField
from eventapp.form_fields.models import FieldKind
from eventapp.form_fields.queries import fields_of
from eventapp.registrations import actions, desk_queries
from eventapp.registrations.desk_forms import ColumnsForm, ImportForm
from eventapp.registrations.imports import columns as known_columns
from eventapp.registrations.imports.people import Checked, check_people
from eventapp.registrations.imports.tables import (
    LARGEST_BYTES,
    Table,
    open_table,
    read_bytes,
    read_rows,
    tidy_text,
)
from eventapp.registrations.models import BatchStatus, RegistrationBatch
from eventapp.registrations.queries import count_taken, count_waiting
from eventapp.registrations.refusals import TableIsEmpty
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.registrations.routes.desk.words import reason_words
from eventapp.registrations.rules import count_free_seats
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar
from eventapp.webinars.rules import can_register

PROBLEMS_SHOWN = 200
PEOPLE_SHOWN = 10

log = get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a table is understood as; `refusal` says why it can't be taken as it is.

    From the row in line `waits_from` on all seats are taken, and `waiting` people would wait.
    `unused` are the headings of the columns that are left out.
    """

    table: Table
    checked: Checked
    unused: list[str]
    refusal: str = ""
    waits_from: int | None = None
    waiting: int = 0


@blueprint.route("/manage/webinars/<int:webinar_id>/registrations/import", methods=["GET", "POST"])
@organisers_only
def import_people(webinar_id: int) -> ResponseReturnValue:
    """Take in a table; it is looked at next, and nobody is registered yet."""
    webinar = get_webinar(webinar_id)
    form = ImportForm()
    if form.validate_on_submit():
        kept = _keep(webinar, form)
        if kept is not None:
            return redirect(
                url_for("registrations.import_draft", webinar_id=webinar_id, batch_id=kept)
            )
    return render_template(
        "registrations/import.html",
        webinar=webinar,
        form=form,
        is_open=can_register(webinar, now=clock.now()),
    )


def _keep(webinar: Webinar, form: ImportForm) -> int | None:
    """Keep the table that was sent and return its id, or put the refusal into the form."""
    user_id = current_user.id
    field = form.file if form.file.data else form.text
    try:
        text = _read_text(form)
        table = open_table(text)
        columns = _guess(table, text, fields_of(webinar.id))
        with transaction():
            batch = actions.keep_import(
                webinar, text=text, columns=columns, user_id=user_id, now=clock.now()
            )
    except Refusal as refusal:
        field.errors = [*field.errors, refusal.message]
        return None
    return batch.id


def _read_text(form: ImportForm) -> str:
    if form.file.data:
        return read_bytes(form.file.data.stream.read(LARGEST_BYTES + 1))
    if not (form.text.data or "").strip():
        raise TableIsEmpty
    return tidy_text(form.text.data)


def _guess(table: Table, text: str, fields: Sequence[AskedField]) -> list[str]:
    if table.has_headings:
        return known_columns.guess_columns(table.headings, fields)
    first = next(read_rows(text, position=table.start, delimiter=table.delimiter))
    return known_columns.guess_by_content(first.cells)


@blueprint.route(
    "/manage/webinars/<int:webinar_id>/registrations/import/<int:batch_id>",
    methods=["GET", "POST"],
)
@organisers_only
def import_draft(webinar_id: int, batch_id: int) -> ResponseReturnValue:
    """Show who would be registered and whose row is wrong; correct the columns; do it."""
    webinar = get_webinar(webinar_id)
    batch = desk_queries.get_batch(webinar.id, batch_id)
    here = url_for("registrations.import_draft", webinar_id=webinar_id, batch_id=batch_id)
    if batch.status != BatchStatus.DRAFT:
        return redirect(url_for("registrations.batch", webinar_id=webinar_id, batch_id=batch_id))
    fields = fields_of(webinar.id)
    preview = _preview(webinar, batch, fields)
    form = ColumnsForm.of(
        batch.columns, headings=preview.table.headings, choices=_column_choices(fields)
    )
    if form.validate_on_submit():
        if form.columns() != batch.columns:
            return _read_anew(batch, form, here=here)
        if "register" in request.form:
            return _start(batch, preview)
        return redirect(here)
    return render_template(
        "registrations/import_draft.html",
        webinar=webinar,
        batch=batch,
        form=form,
        preview=preview,
        problems=preview.checked.problems[:PROBLEMS_SHOWN],
        people=preview.checked.people[:PEOPLE_SHOWN],
        has_answers=any(column.startswith(known_columns.FIELD) for column in batch.columns),
        has_consents=any(field.kind == FieldKind.CONSENT for field in fields),
        reason_words=reason_words(),
        is_open=can_register(webinar, now=clock.now()),
    )


def _read_anew(batch: RegistrationBatch, form: ColumnsForm, *, here: str) -> ResponseReturnValue:
    """Keep what the columns were said to be, and show first what that means."""
    try:
        with transaction():
            actions.change_columns(batch, form.columns())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(here)
    if "register" in request.form:
        flash(_("You changed the columns. Please look at what they mean now."), "info")
    return redirect(here)


def _start(batch: RegistrationBatch, preview: Preview) -> ResponseReturnValue:
    webinar_id, batch_id = batch.webinar_id, batch.id
    here = url_for("registrations.import_draft", webinar_id=webinar_id, batch_id=batch_id)
    if preview.refusal:
        # The page says why, and has no such button.
        return redirect(here)
    checked = preview.checked
    total = len(checked.people) + len(checked.problems)
    try:
        with transaction():
            actions.start_import(batch, total=total, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(here)
    log.info("import_started", batch_id=batch_id, count=total)
    return redirect(url_for("registrations.batch", webinar_id=webinar_id, batch_id=batch_id))


def _preview(webinar: Webinar, batch: RegistrationBatch, fields: Sequence[AskedField]) -> Preview:
    """Read the whole table, and say from which line on people would wait."""
    table = open_table(batch.text)
    nobody = Checked(people=[], problems=[])
    unused = known_columns.list_unused(batch.columns, headings=table.headings)
    try:
        known_columns.check_columns(batch.columns)
        checked = check_people(
            read_rows(batch.text, position=table.start, delimiter=table.delimiter),
            columns=batch.columns,
            fields=known_columns.list_answerable(fields),
            present=desk_queries.list_statuses_by_key(webinar.id),
        )
    except Refusal as refusal:
        return Preview(table=table, checked=nobody, unused=unused, refusal=str(refusal.message))
    late = checked.people[_count_seats_left(webinar, len(checked.people)) :]
    return Preview(
        table=table,
        checked=checked,
        unused=unused,
        waits_from=late[0].line if late else None,
        waiting=len(late),
    )


def _count_seats_left(webinar: Webinar, wanted: int) -> int:
    taken = count_taken(webinar.id) + count_waiting(webinar.id)
    free = count_free_seats(webinar.capacity, taken=taken)
    return wanted if free is None else free


def _column_choices(fields: Sequence[AskedField]) -> dict[str, str]:
    """Return what a column of a table can be, in words."""
    answers = {
        f"{known_columns.FIELD}{field.id}": _("Answer: %(label)s", label=field.label)
        for field in known_columns.list_answerable(fields)
    }
    return {
        known_columns.LEFT_OUT: _("Leave out"),
        known_columns.NAME: _("Name"),
        known_columns.FIRST_NAME: _("First name"),
        known_columns.LAST_NAME: _("Last name"),
        known_columns.EMAIL: _("E-mail address"),
        known_columns.AFFILIATION: _("Organisation"),
        **answers,
    }
