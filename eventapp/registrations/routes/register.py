"""The form for registering, and the page after it.

What is answered never depends on whether the address is known: who has a seat and who waits stands
in the message alone, which only its owner reads.
"""

from __future__ import annotations

from flask import Response, make_response, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from eventapp.core import clock, limits, mailer
from eventapp.core.access import public
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.i18n import choose_language
from eventapp.registrations import actions, rules
from eventapp.registrations.actions import Attendee
from eventapp.registrations.forms import RegistrationForm
from eventapp.registrations.queries import count_taken, count_waiting, get_policy
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_public_webinar

WRITTEN_TO = "written_to"


@blueprint.route("/webinars/<slug>/register", methods=["GET", "POST"])
@limits.limiter.limit(limits.REGISTERING, methods=["POST"])
@public
def register(slug: str) -> ResponseReturnValue:
    webinar = get_public_webinar(slug)
    form = RegistrationForm()
    if form.validate_on_submit() and (form.is_from_a_machine or _register(webinar, form)):
        session[WRITTEN_TO] = form.email.data
        return redirect(url_for("registrations.registered", slug=slug))
    return _not_kept(
        render_template(
            "registrations/register.html",
            form=form,
            shown=webinar,
            closed=_why_closed(webinar),
            is_full=_is_full(webinar),
        )
    )


@blueprint.get("/webinars/<slug>/registered")
@public
def registered(slug: str) -> ResponseReturnValue:
    webinar = get_public_webinar(slug)
    return _not_kept(
        render_template(
            "registrations/registered.html",
            shown=webinar,
            address=session.get(WRITTEN_TO, ""),
            can_send=mailer.can_send(),
        )
    )


def _register(webinar: Webinar, form: RegistrationForm) -> bool:
    """Write the registration, or put the refusal into the form."""
    try:
        with transaction():
            attendee = Attendee(**form.attendee(), language=choose_language())
            actions.register_attendee(webinar, attendee, now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return False
    return True


def _why_closed(webinar: Webinar) -> str:
    try:
        rules.check_can_register(webinar, get_policy(webinar.id), now=clock.now())
    except Refusal as refusal:
        return refusal.message
    return ""


def _is_full(webinar: Webinar) -> bool:
    taken = count_taken(webinar.id) + count_waiting(webinar.id)
    return rules.count_free_seats(webinar.capacity, taken=taken) == 0


def _not_kept(page: str) -> Response:
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-store"
    return response
