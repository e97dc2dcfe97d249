"""The organisers' list of a webinar's registrations."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from structlog import get_logger

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.lists import read_page, read_words
from eventapp.registrations import actions, queries, rules
from eventapp.registrations.exports import write_csv
from eventapp.registrations.models import CancelledBy, RegistrationStatus
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.webinars.queries import get_webinar
from eventapp.webinars.rules import can_register

log = get_logger(__name__)


@blueprint.get("/manage/webinars/<int:webinar_id>/registrations")
@organisers_only
def manage(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    words = read_words()
    status = _read_status(request.args.get("status", ""))
    found = queries.list_for_desk(webinar.id, words=words, status=status, page=read_page())
    return render_template(
        "registrations/manage.html",
        webinar=webinar,
        found=found,
        words=words,
        status=status,
        is_open=can_register(webinar, now=clock.now()),
        free_seats=rules.count_free_seats(webinar.capacity, taken=queries.count_taken(webinar.id)),
        first_number=(found.page - 1) * queries.PER_PAGE,
    )


@blueprint.post("/manage/webinars/<int:webinar_id>/registrations/<int:registration_id>/cancel")
@organisers_only
def cancel_for_attendee(webinar_id: int, registration_id: int) -> ResponseReturnValue:
    registration = queries.get_webinar_registration(webinar_id, registration_id)
    name = registration.name
    try:
        with transaction():
            actions.cancel_registration(registration, by=CancelledBy.ORGANISER, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("%(name)s's registration is cancelled.", name=name), "success")
    return redirect(url_for("registrations.manage", webinar_id=webinar_id))


@blueprint.get("/manage/webinars/<int:webinar_id>/registrations.csv")
@organisers_only
def export(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    table = write_csv(queries.list_for_export(webinar.id))
    log.info("registrations_exported", webinar_id=webinar.id)
    response = Response(table, mimetype="text/csv")
    name = f"registrations-{webinar.slug}.csv"
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["Cache-Control"] = "no-store"
    return response


def _read_status(text: str) -> RegistrationStatus | None:
    return RegistrationStatus(text) if text in list(RegistrationStatus) else None
