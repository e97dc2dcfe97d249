"""The attendee's own door: whoever holds the personal link may see and change the registration."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock, limits
from eventapp.core.access import door as door_only
from eventapp.core.calendar import google_calendar_url, outlook_calendar_url
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.core.mailer import site_address
from eventapp.form_fields.forms import AnswersForm, read_answers
from eventapp.form_fields.queries import fields_of
from eventapp.registrations import actions, rules
from eventapp.registrations.answers import list_answers, list_given, read_values
from eventapp.registrations.forms import AttendeeForm
from eventapp.registrations.invitations import describe_in_link, organizer_of, write_entry
from eventapp.registrations.models import (
    CancelledBy,
    FieldAnswer,
    Registration,
    RegistrationStatus,
)
from eventapp.registrations.queries import (
    find_place_in_queue,
    get_policy,
    get_registration_by_token,
)
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.registrations.rules import Policy
from eventapp.webinars.models import WebinarStatus
from eventapp.webinars.rules import WITH_REPLAY, can_register

FEED = "registrations.private_feed"


@blueprint.route("/r/<token>/", methods=["GET", "POST"])
@limits.limiter.limit(limits.REGISTERING, methods=["POST"])
@door_only
def door(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    form = AttendeeForm(obj=registration)
    answers = read_answers(fields_of(registration.webinar_id), given=read_values(registration))
    # Both are checked, so that all mistakes are shown at once.
    is_valid = [form.validate_on_submit(), form.is_submitted() and answers.validate()]
    if all(is_valid) and _change(registration, form, answers):
        flash(_("Saved."), "success")
        return redirect(url_for("registrations.door", token=token))
    policy = get_policy(registration.webinar_id)
    return render_template(
        "registrations/door.html",
        form=form,
        answers=answers,
        token=token,
        registration=registration,
        shown=registration.webinar,
        **_where_they_stand(registration),
        **_what_is_possible(registration, policy),
        **_ways_into_calendars(registration, token=token),
    )


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


def _change(registration: Registration, form: AttendeeForm, answers: AnswersForm) -> bool:
    try:
        with transaction():
            actions.change_attendee(
                registration,
                name=form.name.data or "",
                affiliation=form.affiliation.data or "",
                answers=list_answers(answers),
                now=clock.now(),
            )
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return False
    return True


def _where_they_stand(registration: Registration) -> dict[str, Any]:
    """Return what the door says of the registration: its state in a word, place and deadline."""
    webinar, now = registration.webinar, clock.now()
    kept_until = registration.held_until
    return {
        "standing": _standing(registration),
        "place": find_place_in_queue(registration),
        "kept_until": kept_until if kept_until is not None and now < kept_until else None,
        "own_zone": rules.own_zone(webinar, registration.time_zone),
        "organizer": organizer_of(webinar) if webinar.contact_email else None,
        "has_replay": webinar.status in WITH_REPLAY,
        "typed": _list_typed(registration),
    }


def _list_typed(registration: Registration) -> list[FieldAnswer]:
    """Return what was answered before the address is confirmed, perhaps by somebody else."""
    is_unverified = registration.status == RegistrationStatus.UNVERIFIED
    return list_given(registration.id) if is_unverified else []


def _standing(registration: Registration) -> str:
    """Return where a person stands: a status, or what has overtaken it."""
    webinar, now = registration.webinar, clock.now()
    if webinar.status == WebinarStatus.CANCELLED:
        return "called_off"
    if not can_register(webinar, now=now):
        return "over"
    if rules.has_run_out(registration, now=now):
        return "lapsed"
    if registration.cancelled_by == CancelledBy.ORGANISER:
        return "cancelled_by_organiser"
    return registration.status.value


def _what_is_possible(registration: Registration, policy: Policy) -> dict[str, Any]:
    """Return which ways are open to a person now."""
    webinar, now = registration.webinar, clock.now()
    is_invited = rules.is_invited(registration, webinar)
    return {
        "is_invited": is_invited and can_register(webinar, now=now),
        "is_decided_on": rules.is_decided_on(registration, policy),
        "can_join": is_invited and rules.can_join(webinar, policy, now=now),
        "joins_at": rules.join_opens_at(webinar, policy),
        "can_cancel": rules.can_cancel(registration, webinar, now=now)
        and not rules.has_run_out(registration, now=now),
        "can_choose_news": registration.status in rules.HEARING
        and webinar.status != WebinarStatus.CANCELLED,
        "can_come_back": rules.can_come_back(registration, webinar, policy, now=now),
    }


def _ways_into_calendars(registration: Registration, *, token: str) -> dict[str, Any]:
    seat = describe_in_link(registration, token=token)
    return {
        "google_url": google_calendar_url(seat),
        "outlook_url": outlook_calendar_url(seat),
        "feed_url": _find_feed(token),
    }


def _find_feed(token: str) -> str:
    """Return the address under which a calendar subscribes to this registration; "" for none."""
    if FEED not in current_app.view_functions:
        return ""
    return f"webcal:{site_address(FEED, token=token).partition(':')[2]}"
