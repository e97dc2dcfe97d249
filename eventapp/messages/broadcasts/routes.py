"""URLs of messages to many: the list, writing one, and its page from the draft to the last mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from structlog import get_logger

from eventapp.core import clock, mailer
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.lists import read_page
from eventapp.core.mailer import MailStatus
from eventapp.core.security_headers import allow_source
from eventapp.messages.broadcasts import actions, queries, rules
from eventapp.messages.broadcasts.forms import BroadcastForm, SendForm, read_chosen
from eventapp.messages.broadcasts.labels import label_segment
from eventapp.messages.broadcasts.rules import Segment, SegmentKind
from eventapp.messages.models import Broadcast
from eventapp.messages.queries import list_broadcasts
from eventapp.messages.wordings import previews
from eventapp.messages.wordings.forms import PersonForm
from eventapp.messages.wordings.queries import list_people_to_choose
from eventapp.messages.wordings.samples import choose_person
from eventapp.messages.wordings.standard import BROADCAST, list_placeholders
from eventapp.registrations.routes.desk.narrowing import read_selection
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar

BASE = "/manage/webinars/<int:webinar_id>/messages/broadcasts"

blueprint = Blueprint("broadcasts", __name__)
log = get_logger(__name__)


@blueprint.get(BASE)
@organisers_only
def list_all(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    columns = queries.list_deciding_columns(webinar_id)
    found = list_broadcasts(webinar_id)
    waiting = queries.count_waiting_of(each.id for each in found)
    rows = [
        {
            "broadcast": each,
            "to": label_segment(Segment.from_json(each.segment), columns=columns),
            "status": rules.shown_status(each, waiting=waiting.get(each.id, 0)).value,
        }
        for each in found
    ]
    return render_template("messages/broadcasts.html", webinar=webinar, rows=rows)


@blueprint.route(f"{BASE}/new", methods=["GET", "POST"])
@organisers_only
def create(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    form = _form_for(webinar, None)
    if form.validate_on_submit():
        if "test" in request.form:
            _send_test(webinar, form)
        else:
            with transaction():
                broadcast = actions.write_broadcast(
                    webinar,
                    segment=form.chosen,
                    user_id=current_user.id,
                    now=clock.now(),
                    **form.words,
                )
            return redirect(_address("broadcasts.show", broadcast))
    return _render_form(webinar, form, None)


@blueprint.route(f"{BASE}/<int:broadcast_id>/edit", methods=["GET", "POST"])
@organisers_only
def edit(webinar_id: int, broadcast_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    broadcast = queries.get_broadcast(webinar_id, broadcast_id)
    if not rules.can_edit(broadcast):
        return redirect(_address("broadcasts.show", broadcast))
    form = _form_for(webinar, broadcast)
    if form.validate_on_submit():
        if "test" in request.form:
            _send_test(webinar, form)
        elif _change(broadcast, form):
            return redirect(_address("broadcasts.show", broadcast))
    return _render_form(webinar, form, broadcast)


@blueprint.route(f"{BASE}/preview", methods=["GET", "POST"])
@organisers_only
def preview_words(webinar_id: int) -> ResponseReturnValue:
    """Return the message as it stands in the form, for the frame beside it."""
    webinar = get_webinar(webinar_id)
    form = _form_for(webinar, None)
    if not form.is_submitted():
        return previews.frame_note(_("What you write appears here."))
    if not form.validate():
        return previews.frame_problems(form)
    person = choose_person(webinar, form.attendee.data)
    return previews.frame_message(
        BROADCAST, person=person, kind=request.form.get("as", ""), **form.words
    )


@blueprint.route(f"{BASE}/<int:broadcast_id>", methods=["GET", "POST"])
@organisers_only
def show(webinar_id: int, broadcast_id: int) -> ResponseReturnValue:
    """Show a message to many and whom it goes to; POST sends a test."""
    webinar = get_webinar(webinar_id)
    broadcast = queries.get_broadcast(webinar_id, broadcast_id)
    segment = Segment.from_json(broadcast.segment)
    form = PersonForm()
    form.offer_people(queries.list_receivers_to_choose(webinar_id, segment))
    if form.validate_on_submit():
        person = choose_person(webinar, form.attendee.data)
        previews.send_test_to_organiser(
            BROADCAST, subject=broadcast.subject, body=broadcast.body, person=person
        )
        return redirect(_address("broadcasts.show", broadcast))
    allow_source("frame-src", "'self'")
    return render_template(
        "messages/broadcast.html",
        webinar=webinar,
        to=label_segment(segment, columns=queries.list_deciding_columns(webinar_id)),
        found=queries.list_people(webinar_id, segment, page=read_page(), broadcast_id=broadcast.id),
        form=form,
        own_address=current_user.email,
        can_send=mailer.can_send(),
        **_describe(broadcast),
    )


@blueprint.route(f"{BASE}/<int:broadcast_id>/preview", methods=["GET", "POST"])
@organisers_only
def preview(webinar_id: int, broadcast_id: int) -> ResponseReturnValue:
    """Return the message as one of its people gets it, for the frame."""
    webinar = get_webinar(webinar_id)
    broadcast = queries.get_broadcast(webinar_id, broadcast_id)
    people = queries.list_receivers_to_choose(webinar_id, Segment.from_json(broadcast.segment))
    form = PersonForm()
    form.offer_people(people)
    return previews.frame_message(
        BROADCAST,
        subject=broadcast.subject,
        body=broadcast.body,
        person=choose_person(webinar, form.attendee.data),
        kind=request.values.get("as", ""),
    )


@blueprint.get(f"{BASE}/<int:broadcast_id>/progress")
@organisers_only
def progress(webinar_id: int, broadcast_id: int) -> ResponseReturnValue:
    """Return how far it has come, as a part of its page."""
    webinar = get_webinar(webinar_id)
    broadcast = queries.get_broadcast(webinar_id, broadcast_id)
    return render_template("messages/_progress.html", webinar=webinar, **_describe(broadcast))


@blueprint.post(f"{BASE}/<int:broadcast_id>/send")
@organisers_only
def send(webinar_id: int, broadcast_id: int) -> ResponseReturnValue:
    form = SendForm()
    shown = form.people.data if form.validate() else 0
    return _step(
        webinar_id,
        broadcast_id,
        lambda broadcast, now: actions.start_broadcast(
            broadcast, shown=shown, seen_at=form.seen_moment(), now=now
        ),
    )


@blueprint.post(f"{BASE}/<int:broadcast_id>/pause")
@organisers_only
def pause(webinar_id: int, broadcast_id: int) -> ResponseReturnValue:
    return _step(
        webinar_id,
        broadcast_id,
        lambda broadcast, now: actions.pause_broadcast(broadcast, now=now),
    )


@blueprint.post(f"{BASE}/<int:broadcast_id>/continue")
@organisers_only
def go_on(webinar_id: int, broadcast_id: int) -> ResponseReturnValue:
    return _step(
        webinar_id,
        broadcast_id,
        lambda broadcast, now: actions.go_on_with_broadcast(broadcast, now=now),
    )


@blueprint.post(f"{BASE}/<int:broadcast_id>/stop")
@organisers_only
def stop(webinar_id: int, broadcast_id: int) -> ResponseReturnValue:
    return _step(
        webinar_id,
        broadcast_id,
        lambda broadcast, now: actions.stop_broadcast(broadcast, now=now),
    )


@blueprint.post(f"{BASE}/<int:broadcast_id>/delete")
@organisers_only
def delete(webinar_id: int, broadcast_id: int) -> ResponseReturnValue:
    broadcast = queries.get_broadcast(webinar_id, broadcast_id)
    try:
        with transaction():
            actions.delete_broadcast(broadcast)
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(_address("broadcasts.show", broadcast))
    flash(_("The draft is deleted."), "success")
    return redirect(url_for("broadcasts.list_all", webinar_id=webinar_id))


def _step(
    webinar_id: int, broadcast_id: int, action: Callable[[Broadcast, datetime], None]
) -> ResponseReturnValue:
    """Take a message a step further, or say why not; either way its page shows where it is."""
    broadcast = queries.get_broadcast(webinar_id, broadcast_id)
    try:
        with transaction():
            action(broadcast, clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        log.info("broadcast_step", broadcast_id=broadcast_id, step=request.endpoint)
    return redirect(url_for("broadcasts.show", webinar_id=webinar_id, broadcast_id=broadcast_id))


def _describe(broadcast: Broadcast) -> dict[str, Any]:
    """Return where a message is, and what may be done with it.

    `is_moving` is whether its page will soon say something else.
    """
    outcomes = queries.count_outcomes(broadcast.id)
    waiting = sum(outcomes[status] for status in mailer.NOT_DELIVERED_YET)
    is_sending = rules.is_under_way(broadcast, waiting=waiting)
    is_whole = rules.is_written_whole(broadcast)
    total = rules.count_meant(broadcast)
    return {
        "broadcast": broadcast,
        "status": rules.shown_status(broadcast, waiting=waiting).value,
        "outcomes": outcomes,
        "waiting": waiting,
        "sent": outcomes[MailStatus.SENT] + outcomes[MailStatus.BOUNCED],
        "total": total,
        "unwritten": total - broadcast.written if is_whole else 0,
        "is_moving": is_sending and (not is_whole or mailer.can_send()),
        "can_edit": rules.can_edit(broadcast),
        "can_pause": rules.can_pause(broadcast, waiting=waiting),
        "can_go_on": rules.can_go_on(broadcast),
        "can_stop": rules.can_stop(broadcast, waiting=waiting),
    }


def _form_for(webinar: Webinar, broadcast: Broadcast | None) -> BroadcastForm:
    chosen = _find_chosen(webinar, broadcast)
    form = BroadcastForm.of(broadcast, chosen=chosen)
    form.offer_segments(
        queries.list_deciding_columns(webinar.id),
        chosen=chosen,
        is_over=rules.is_over(webinar, now=clock.now()),
    )
    form.offer_people(list_people_to_choose(webinar.id))
    return form


def _find_chosen(webinar: Webinar, broadcast: Broadcast | None) -> Segment | None:
    """Return who was chosen in the list: as the form, the draft, or the list's link has them."""
    sent = read_chosen(request.form.get("segment", ""))
    if sent is not None:
        return sent
    if broadcast is not None:
        kept = Segment.from_json(broadcast.segment)
        return kept if kept.kind == SegmentKind.CHOSEN else None
    try:
        return queries.find_chosen(webinar.id, read_selection())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return None


def _render_form(
    webinar: Webinar, form: BroadcastForm, broadcast: Broadcast | None
) -> ResponseReturnValue:
    allow_source("frame-src", "'self'")
    return render_template(
        "messages/broadcast_form.html",
        webinar=webinar,
        form=form,
        broadcast=broadcast,
        is_changed=form.is_submitted(),
        placeholders=list_placeholders(BROADCAST),
        own_address=current_user.email,
    )


def _send_test(webinar: Webinar, form: BroadcastForm) -> None:
    person = choose_person(webinar, form.attendee.data)
    previews.send_test_to_organiser(BROADCAST, person=person, **form.words)


def _change(broadcast: Broadcast, form: BroadcastForm) -> bool:
    """Write what was typed, or put the refusal into the form, which then knows the present."""
    try:
        with transaction():
            actions.change_broadcast(
                broadcast,
                segment=form.chosen,
                seen_at=form.seen_moment(),
                now=clock.now(),
                **form.words,
            )
    except Refusal as refusal:
        form.form_errors.append(str(refusal.message))
        form.seen_at.data = broadcast.updated_at.isoformat()
        return False
    return True


def _address(endpoint: str, broadcast: Broadcast) -> str:
    return url_for(endpoint, webinar_id=broadcast.webinar_id, broadcast_id=broadcast.id)
