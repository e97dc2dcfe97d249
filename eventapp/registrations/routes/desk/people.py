"""One person's registration at the desk, and registering somebody by hand."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.registrations import actions, desk_queries, queries, rules
from eventapp.registrations.actions import Attendee
from eventapp.registrations.answers import list_given
from eventapp.registrations.desk_forms import ByHandForm
from eventapp.registrations.models import CancelledBy, Registration, RegistrationStatus
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar
from eventapp.webinars.rules import can_register

TO_DECIDE = frozenset({RegistrationStatus.REQUESTED, RegistrationStatus.DECLINED})


@blueprint.get("/manage/webinars/<int:webinar_id>/registrations/<int:registration_id>")
@organisers_only
def person(webinar_id: int, registration_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    found = queries.get_webinar_registration(webinar_id, registration_id)
    now = clock.now()
    is_open = can_register(webinar, now=now)
    contact_id = found.registered_by_id
    return render_template(
        "registrations/person.html",
        webinar=webinar,
        registration=found,
        place=queries.find_place_in_queue(found),
        was_let_in=found.approved_at is not None and found.approved_at != found.added_at,
        has_attended=rules.has_attended(found, webinar),
        answers=list_given(found.id),
        code=desk_queries.find_code_by_id(found.access_code_id),
        contact=queries.find_registration(contact_id) if contact_id else None,
        together=desk_queries.list_registered_together(found),
        can_approve=is_open and found.status in TO_DECIDE,
        can_decline=found.status == RegistrationStatus.REQUESTED,
        can_cancel=rules.can_cancel(found, webinar, now=now),
        can_register_again=is_open and found.status == RegistrationStatus.CANCELLED,
        can_send_link=is_open and found.status in rules.ACTIVE,
    )


@blueprint.route("/manage/webinars/<int:webinar_id>/registrations/new", methods=["GET", "POST"])
@organisers_only
def add_by_hand(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    form = ByHandForm()
    known = None
    if form.validate_on_submit():
        known = _find_known(webinar, form)
        added = None if known else _add(webinar, form)
        if added is not None:
            return redirect(
                url_for("registrations.person", webinar_id=webinar_id, registration_id=added)
            )
    taken = queries.count_taken(webinar.id)
    return render_template(
        "registrations/add_by_hand.html",
        webinar=webinar,
        form=form,
        known=known,
        is_open=can_register(webinar, now=clock.now()),
        is_full=rules.count_free_seats(webinar.capacity, taken=taken) == 0,
    )


def _find_known(webinar: Webinar, form: ByHandForm) -> Registration | None:
    """Return whose address it is, where registering them changes what was decided of them.

    Once the organiser has been told and has said that it is meant, there is nothing to ask.
    """
    known = queries.find_by_key(webinar.id, rules.read_address(form.email.data).key)
    if known is None or known.status in rules.ACTIVE:
        return None
    return None if request.form.get("again") == str(known.id) else known


def _add(webinar: Webinar, form: ByHandForm) -> int | None:
    """Register somebody and return the registration's id, or put the refusal into the form."""
    attendee = Attendee(
        name=form.name.data, email=form.email.data, affiliation=form.affiliation.data or ""
    )
    try:
        with transaction():
            registration, is_changed = actions.register_by_hand(webinar, attendee, now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return None
    _say_what_became_of(registration, is_changed=is_changed)
    return registration.id


def _say_what_became_of(registration: Registration, *, is_changed: bool) -> None:
    name = registration.name
    if not is_changed:
        flash(_("%(name)s is registered already. Nothing was changed.", name=name), "info")
    elif registration.status == RegistrationStatus.WAITING:
        flash(
            _("All seats are taken: %(name)s is on the waiting list, and hears of it.", name=name),
            "success",
        )
    else:
        flash(_("%(name)s has a seat and gets an invitation.", name=name), "success")


@blueprint.post("/manage/webinars/<int:webinar_id>/registrations/<int:registration_id>/approve")
@organisers_only
def approve(webinar_id: int, registration_id: int) -> ResponseReturnValue:
    return _change(
        webinar_id,
        registration_id,
        lambda found: actions.approve_registration(found, now=clock.now()),
        said=_approved,
    )


@blueprint.post("/manage/webinars/<int:webinar_id>/registrations/<int:registration_id>/decline")
@organisers_only
def decline(webinar_id: int, registration_id: int) -> ResponseReturnValue:
    return _change(
        webinar_id,
        registration_id,
        lambda found: actions.decline_registration(found, now=clock.now()),
        said=lambda found: _("%(name)s's request is declined.", name=found.name),
    )


@blueprint.post("/manage/webinars/<int:webinar_id>/registrations/<int:registration_id>/cancel")
@organisers_only
def cancel_for_attendee(webinar_id: int, registration_id: int) -> ResponseReturnValue:
    return _change(
        webinar_id,
        registration_id,
        lambda found: actions.cancel_registration(found, by=CancelledBy.ORGANISER, now=clock.now()),
        said=_cancelled,
    )


@blueprint.post("/manage/webinars/<int:webinar_id>/registrations/<int:registration_id>/again")
@organisers_only
def register_again_for_attendee(webinar_id: int, registration_id: int) -> ResponseReturnValue:
    return _change(webinar_id, registration_id, _register_again, said=_approved)


@blueprint.post("/manage/webinars/<int:webinar_id>/registrations/<int:registration_id>/link")
@organisers_only
def send_link_to_attendee(webinar_id: int, registration_id: int) -> ResponseReturnValue:
    return _change(
        webinar_id,
        registration_id,
        lambda found: actions.send_link(found, is_by_organiser=True, now=clock.now()),
        said=lambda found: _(
            "%(name)s's link is on its way. It is sent at most once in a quarter of an hour.",
            name=found.name,
        ),
    )


def _change(
    webinar_id: int,
    registration_id: int,
    change: Callable[[Registration], None],
    *,
    said: Callable[[Registration], str],
) -> ResponseReturnValue:
    """Do something to one registration and say so on its page."""
    registration = queries.get_webinar_registration(webinar_id, registration_id)
    try:
        with transaction():
            change(registration)
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        flash(said(registration), "success")
    if queries.find_registration(registration_id) is None:
        return redirect(url_for("registrations.manage", webinar_id=webinar_id))
    return redirect(
        url_for("registrations.person", webinar_id=webinar_id, registration_id=registration_id)
    )


def _register_again(registration: Registration) -> None:
    attendee = Attendee(name=registration.name, email=registration.email)
    actions.register_by_hand(registration.webinar, attendee, now=clock.now())


def _cancelled(registration: Registration) -> str:
    name, cancelled_at = registration.name, registration.cancelled_at
    if registration.status == RegistrationStatus.UNVERIFIED:
        return str(_("%(name)s never confirmed their address and is deleted.", name=name))
    if cancelled_at is None or cancelled_at == registration.updated_at:
        return str(_("%(name)s's registration is cancelled.", name=name))
    return str(
        _(
            "%(name)s's registration was cancelled already. From now on only an organiser can "
            "register them again.",
            name=name,
        )
    )


def _approved(registration: Registration) -> str:
    if registration.status == RegistrationStatus.WAITING:
        return str(
            _("All seats are taken: %(name)s is on the waiting list.", name=registration.name)
        )
    return str(_("%(name)s has a seat.", name=registration.name))
