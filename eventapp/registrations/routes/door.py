"""The attendee's own door: whoever holds the personal link may see and change the registration."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock, limits
from eventapp.core.access import door as door_only
from eventapp.core.calendar import google_calendar_url, outlook_calendar_url
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.registrations import actions, rules
from eventapp.registrations.forms import AttendeeForm
from eventapp.registrations.invitations import describe_seat, organizer_of, write_entry
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.registrations.presence import forget_attendee
from eventapp.registrations.queries import (
    find_place_in_queue,
    get_policy,
    get_registration_by_token,
)
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.webinars.models import WebinarStatus
from eventapp.webinars.rules import WITH_REPLAY, can_register


@blueprint.route("/r/<token>/", methods=["GET", "POST"])
@limits.limiter.limit(limits.REGISTERING, methods=["POST"])
@door_only
def door(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    form = AttendeeForm(obj=registration)
    if form.validate_on_submit() and _change(registration, form):
        flash(_("Saved."), "success")
        return redirect(url_for("registrations.door", token=token))
    return render_template(
        "registrations/door.html",
        form=form,
        token=token,
        registration=registration,
        shown=registration.webinar,
        **_what_is_possible(registration, token),
    )


@blueprint.route("/r/<token>/cancel", methods=["GET", "POST"])
@door_only
def cancel(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    if request.method == "POST":
        with transaction():
            actions.cancel_registration(registration, now=clock.now())
        forget_attendee(registration)
        flash(_("Your registration is cancelled. Thank you for telling us."), "success")
        return redirect(url_for("registrations.door", token=token))
    if not rules.can_cancel(registration, registration.webinar, now=clock.now()):
        return redirect(url_for("registrations.door", token=token))
    return render_template(
        "registrations/cancel.html",
        token=token,
        registration=registration,
        shown=registration.webinar,
    )


@blueprint.post("/r/<token>/again")
@limits.limiter.limit(limits.REGISTERING)
@door_only
def register_again(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    with transaction():
        actions.register_again(registration, now=clock.now())
    flash(_("Welcome back. You are registered again."), "success")
    return redirect(url_for("registrations.door", token=token))


@blueprint.get("/r/<token>/event.ics")
@door_only
def event_ics(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    if not rules.is_invited(registration, registration.webinar):
        raise NotFound
    response = Response(
        write_entry(registration, token=token, now=clock.now()), mimetype="text/calendar"
    )
    response.headers["Content-Disposition"] = "attachment; filename=webinar.ics"
    return response


def _change(registration: Registration, form: AttendeeForm) -> bool:
    try:
        with transaction():
            actions.change_attendee(
                registration,
                name=form.name.data or "",
                affiliation=form.affiliation.data or "",
                now=clock.now(),
            )
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return False
    return True


def _what_is_possible(registration: Registration, token: str) -> dict[str, object]:
    """Return what the door shows, decided: the place in the queue, and which ways are open."""
    webinar, now = registration.webinar, clock.now()
    policy = get_policy(webinar.id)
    is_invited = rules.is_invited(registration, webinar)
    seat = describe_seat(registration, token=token)
    is_cancelled = registration.status == RegistrationStatus.CANCELLED
    return {
        "place": find_place_in_queue(registration),
        "own_zone": rules.own_zone(webinar, registration.time_zone),
        "organizer": organizer_of(webinar) if webinar.contact_email else None,
        "is_invited": is_invited and can_register(webinar, now=now),
        "join_opens_at": rules.join_opens_at(webinar, policy),
        "can_join": is_invited and rules.can_join(webinar, policy, now=now),
        "can_cancel": rules.can_cancel(registration, webinar, now=now),
        "can_come_back": is_cancelled and can_register(webinar, now=now),
        "is_called_off": webinar.status == WebinarStatus.CANCELLED,
        "is_over": webinar.status != WebinarStatus.CANCELLED and not can_register(webinar, now=now),
        "has_replay": webinar.status in WITH_REPLAY,
        "google_url": google_calendar_url(seat),
        "outlook_url": outlook_calendar_url(seat),
    }
