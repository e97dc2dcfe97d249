"""The form for registering, and the page after it.

What is answered never depends on whether an address is known: who has a seat and who waits stands
in the message alone, which only its owner reads. So the page says no more than that all seats are
taken: the length of the waiting list would tell who is new on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from eventapp.core import clock, limits, mailer
from eventapp.core.access import public
from eventapp.core.addresses import mailbox_of_address
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.i18n import choose_language
from eventapp.core.page_cache import cached_around
from eventapp.core.tokens import hash_token
from eventapp.form_fields.queries import fields_of
from eventapp.registrations import actions, rules
from eventapp.registrations.actions import Attendee
from eventapp.registrations.forms import LONGEST_TYPED_CODE, RegistrationForm
from eventapp.registrations.models import RegistrationMode
from eventapp.registrations.queries import FormState, get_form_state
from eventapp.registrations.refusals import (
    CodeIsMissing,
    CodeIsWrong,
    TooManyCodesTried,
    TooManyRegistered,
)
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.webinars.models import Webinar

WRITTEN_TO = "written_to_people"


@blueprint.route("/webinars/<slug>/register", methods=["GET", "POST"])
@public
def register(slug: str) -> ResponseReturnValue:
    state = get_form_state(slug)
    if request.method == "GET" and not request.args:
        return _not_kept(_show_empty_form(state))
    form = _make_form(state)
    if form.is_submitted():
        is_done = not form.change_rows(request.form) and form.validate()
        if is_done and (form.is_from_a_machine or _register(state.webinar, form)):
            session[WRITTEN_TO] = [form.email.data, len(form.other_people)]
            return redirect(url_for("registrations.registered", slug=slug))
    elif form.code:
        form.code.data = request.args.get("code", "")[:LONGEST_TYPED_CODE]
    return _not_kept(_show_form(form, state))


@blueprint.get("/webinars/<slug>/registered")
@public
def registered(slug: str) -> ResponseReturnValue:
    state = get_form_state(slug)
    address, others = session.get(WRITTEN_TO) or ("", 0)
    return _not_kept(
        cached_around(
            address,
            (state.webinar.id, state.revision, bool(address), others),
            lambda own: render_template(
                "registrations/registered.html",
                shown=state.webinar,
                address=own if address else "",
                others=others,
                must_confirm=state.policy.is_address_verified,
                hold_minutes=state.policy.hold_minutes,
                is_asked=state.policy.mode == RegistrationMode.APPROVAL,
                can_send=mailer.can_send(),
            ),
        )
    )


def _make_form(state: FormState) -> RegistrationForm:
    asked = fields_of(state.webinar.id) if state.has_fields else ()
    return RegistrationForm(state.policy, asked=asked)


def _show_empty_form(state: FormState) -> str:
    """Return the page with an empty form, of which only the token is another for everyone."""
    key = (state.webinar.id, state.revision, _why_closed(state), state.is_full)
    return cached_around(
        generate_csrf(),
        key,
        lambda token: _show_form(_make_form(state), state).replace(generate_csrf(), token),
    )


def _show_form(form: RegistrationForm, state: FormState) -> str:
    """Show the form, and beside it whether it is open and on which terms."""
    policy = state.policy
    return render_template(
        "registrations/register.html",
        form=form,
        shown=state.webinar,
        closed=_why_closed(state),
        opens_at=policy.opens_at if rules.is_too_early(policy, now=clock.now()) else None,
        closes_at=rules.find_deadline(policy, ends_at=state.webinar.ends_at),
        is_full=state.is_full,
        is_asked=policy.mode == RegistrationMode.APPROVAL,
        must_confirm=policy.is_address_verified,
    )


def _register(webinar: Webinar, form: RegistrationForm) -> bool:
    """Write the registrations, or put the refusal into the form."""
    tries = ("code", str(webinar.id), limits.client_network())
    if form.code and limits.is_used_up(limits.WRONG_CODES, *tries):
        form.refuse(TooManyCodesTried(), field=form.code)
        return False
    people = [Attendee(**each) for each in form.attendees(language=choose_language())]
    if not limits.take(limits.REGISTERING, "people", limits.client_network(), count=len(people)):
        form.refuse(TooManyRegistered())
        return False
    if not _take_of_mailboxes(people):
        form.refuse(TooManyRegistered())
        return False
    code = form.code.data or "" if form.code else ""
    try:
        with transaction():
            actions.register_group(webinar, people, code=code, now=clock.now())
    except (CodeIsMissing, CodeIsWrong) as refusal:
        # Of many that are tried at the same time, only so many are answered.
        is_counted = isinstance(refusal, CodeIsMissing) or limits.take(limits.WRONG_CODES, *tries)
        form.refuse(refusal if is_counted else TooManyCodesTried(), field=form.code)
        return False
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


def _take_of_mailboxes(people: Sequence[Attendee]) -> bool:
    """Count how many addresses of one mailbox are typed here; it is known only by its hash.

    An address of its own, without a plus, is never kept out by what others have typed.
    """
    wanted = Counter(
        hash_token(mailbox_of_address(person.email)) for person in people if "+" in person.email
    )
    return all(
        limits.take(limits.REGISTERING_ONE_MAILBOX, "mailbox", mailbox, count=count)
        for mailbox, count in wanted.items()
    )


def _why_closed(state: FormState) -> str:
    try:
        rules.check_can_register(state.webinar, state.policy, now=clock.now())
    except Refusal as refusal:
        return str(refusal.message)
    return ""


def _not_kept(page: str) -> Response:
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-store"
    return response
