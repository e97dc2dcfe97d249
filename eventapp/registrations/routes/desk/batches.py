"""What is done to many registrations: chosen in the list, confirmed, and followed to its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from structlog import get_logger

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.registrations import actions, desk_queries
from eventapp.registrations.bulk import list_affected
from eventapp.registrations.desk_queries import Selection
from eventapp.registrations.imports.people import Reason
from eventapp.registrations.models import (
    BatchKind,
    BatchStatus,
    RegistrationBatch,
    RegistrationStatus,
)
from eventapp.registrations.queries import count_taken
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.registrations.routes.desk.narrowing import (
    MESSAGE_FORM,
    MOST_TICKED,
    Narrowing,
    read_ids,
    read_narrowing,
)
from eventapp.registrations.routes.desk.words import describe_reasons, reason_words
from eventapp.registrations.rules import count_free_seats
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar

NAMES_SHOWN = 10
MAIL = "mail"
KINDS = (BatchKind.APPROVE, BatchKind.DECLINE, BatchKind.CANCEL)
KIND_OF_WISH = {kind.value: kind for kind in KINDS}

log = get_logger(__name__)


@blueprint.post("/manage/webinars/<int:webinar_id>/registrations/choose")
@organisers_only
def choose(webinar_id: int) -> ResponseReturnValue:
    """Ask whether it is meant, saying how many and whom it hits; then do it."""
    webinar = get_webinar(webinar_id)
    shown = read_narrowing()
    selection = _read_selection(shown)
    back = url_for("registrations.manage", webinar_id=webinar.id, **shown.arguments())
    if not selection.ids and selection.wanted is None:
        flash(_("Please tick at least one person first."), "error")
        return redirect(back)
    wish = request.form.get("do", "")
    if wish == MAIL and MESSAGE_FORM in current_app.view_functions:
        return redirect(_mail_address(webinar, shown, selection))
    kind = KIND_OF_WISH.get(wish)
    if kind is None:
        raise NotFound
    statuses = list_affected(kind, shown=shown.wanted.status)
    counts = desk_queries.count_selection(webinar.id, selection)
    affected = sum(counts[status] for status in statuses)
    if request.form.get("sure") == str(affected) and affected:
        return _start(webinar, kind, selection, shown)
    return render_template(
        "registrations/choose.html",
        webinar=webinar,
        kind=kind.value,
        shown=shown,
        selection=selection,
        affected=affected,
        others={status: counts[status] for status in counts if status not in statuses},
        unconfirmed=counts[RegistrationStatus.UNVERIFIED] if kind == BatchKind.CANCEL else 0,
        names=desk_queries.list_first_names(webinar.id, selection, at_most=NAMES_SHOWN),
        chosen=sum(counts.values()),
        free_seats=count_free_seats(webinar.capacity, taken=count_taken(webinar.id)),
        back=back,
    )


def _read_selection(shown: Narrowing) -> Selection:
    if request.form.get("all") == "yes":
        return Selection(wanted=shown.wanted)
    return Selection(ids=read_ids(request.form.getlist("id")[:MOST_TICKED]))


def _start(
    webinar: Webinar, kind: BatchKind, selection: Selection, shown: Narrowing
) -> ResponseReturnValue:
    webinar_id, user_id = webinar.id, current_user.id
    statuses = list_affected(kind, shown=shown.wanted.status)
    try:
        with transaction():
            ids = desk_queries.list_selected_ids(webinar_id, selection, statuses=statuses)
            batch = actions.start_batch(
                webinar, kind=kind, ids=ids, user_id=user_id, now=clock.now()
            )
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("registrations.manage", webinar_id=webinar_id))
    log.info("batch_started", batch_id=batch.id, kind=kind.value, count=batch.total)
    left = sum(batch.skipped.values()) - count_erased(batch)
    if batch.status == BatchStatus.RUNNING or left:
        return redirect(url_for("registrations.batch", webinar_id=webinar_id, batch_id=batch.id))
    flash(describe_result(batch), "success")
    return redirect(url_for("registrations.manage", webinar_id=webinar_id, **shown.arguments()))


def _mail_address(webinar: Webinar, shown: Narrowing, selection: Selection) -> str:
    """Return where a message is written to the people chosen."""
    if selection.wanted is None:
        return url_for(MESSAGE_FORM, webinar_id=webinar.id, id=list(selection.ids))
    narrowed = shown.arguments(sort=None, column=None)
    return url_for(MESSAGE_FORM, webinar_id=webinar.id, all="yes", **narrowed)


@blueprint.get("/manage/webinars/<int:webinar_id>/registrations/batches/<int:batch_id>")
@organisers_only
def batch(webinar_id: int, batch_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    found = desk_queries.get_batch(webinar.id, batch_id)
    if found.status == BatchStatus.DRAFT:
        return redirect(
            url_for("registrations.import_draft", webinar_id=webinar.id, batch_id=found.id)
        )
    return render_template(
        "registrations/batch.html",
        webinar=webinar,
        batch=found,
        is_running=found.status == BatchStatus.RUNNING,
        result=describe_result(found),
        reasons=describe_reasons(found.skipped),
        reason_words=reason_words(),
        problems=_name_problems(found),
        unnamed=sum(found.skipped.values()) - count_erased(found) - len(found.problems),
    )


def _name_problems(batch: RegistrationBatch) -> list[dict[str, Any]]:
    """Return whom a batch left as they were, with the names that they have now."""
    ids = {problem["registration_id"] for problem in batch.problems} - {None}
    people = desk_queries.list_people(ids)
    names = {each: people.get(each, _("somebody whose data was erased")) for each in ids}
    return [
        {**problem, "who": names.get(problem["registration_id"], problem["who"])}
        for problem in batch.problems
    ]


def describe_result(batch: RegistrationBatch) -> str:
    """Say how many have been dealt with so far, and how many of them wait for a seat."""
    said = _describe_done(batch)
    erased = count_erased(batch)
    if erased:
        deleted = ngettext(
            "%(num)d person who never confirmed their address is deleted.",
            "%(num)d people who never confirmed their address are deleted.",
            erased,
        )
        return f"{said} {deleted}" if batch.done else deleted
    if batch.waiting:
        waiting = ngettext(
            "%(num)d of them is on the waiting list.",
            "%(num)d of them are on the waiting list.",
            batch.waiting,
        )
        return f"{said} {waiting}"
    return said


def count_erased(batch: RegistrationBatch) -> int:
    """Return how many of those cancelled had never confirmed their address, and are gone."""
    return batch.skipped.get(Reason.ERASED.value, 0)


def _describe_done(batch: RegistrationBatch) -> str:
    done = batch.done
    said: Mapping[BatchKind, Any] = {
        BatchKind.APPROVE: lambda: ngettext(
            "%(num)d person is let in.", "%(num)d people are let in.", done
        ),
        BatchKind.DECLINE: lambda: ngettext(
            "%(num)d request is declined.", "%(num)d requests are declined.", done
        ),
        BatchKind.CANCEL: lambda: ngettext(
            "%(num)d registration is cancelled.", "%(num)d registrations are cancelled.", done
        ),
        BatchKind.IMPORT: lambda: ngettext(
            "%(num)d person is registered.", "%(num)d people are registered.", done
        ),
    }
    return str(said[batch.kind]())
