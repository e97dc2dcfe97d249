"""What an attendee does at their door: confirm, take the seat, cancel, come back.

Each is a button, that is a POST: mail programs open links to look behind them, and must not answer
for anybody.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock, limits
from eventapp.core.access import door as door_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.registrations import actions, rules
from eventapp.registrations.models import Registration
from eventapp.registrations.presence import forget_attendee
from eventapp.registrations.queries import (
    find_registration,
    get_policy,
    get_registration_by_token,
)
from eventapp.registrations.routes.blueprint import blueprint


@blueprint.post("/r/<token>/verify")
@limits.limiter.limit(limits.REGISTERING)
@door_only
def verify(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    try:
        with transaction():
            is_done = actions.verify_address(registration, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        _say_what_was_confirmed(registration, is_done=is_done)
    return redirect(url_for("registrations.door", token=token))


def _say_what_was_confirmed(registration: Registration, *, is_done: bool) -> None:
    if is_done:
        flash(_("Thank you: your address is confirmed."), "success")
    elif registration.status not in rules.ACTIVE:
        flash(_("You are no longer registered, so there is nothing to confirm."), "info")
    elif registration.verified_at is not None:
        flash(_("Your address is confirmed already. There is nothing left to do."), "info")
    else:
        flash(_("You are registered already. There is nothing to confirm."), "info")


@blueprint.post("/r/<token>/accept")
@limits.limiter.limit(limits.REGISTERING)
@door_only
def accept(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    try:
        with transaction():
            is_done = actions.accept_offer(registration, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        if is_done:
            flash(_("The seat is yours. We have sent you a calendar entry."), "success")
        else:
            flash(_("You have a seat already. There is nothing left to do."), "info")
    return redirect(url_for("registrations.door", token=token))


@blueprint.route("/r/<token>/cancel", methods=["GET", "POST"])
@limits.limiter.limit(limits.REGISTERING, methods=["POST"])
@door_only
def cancel(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    if request.method == "POST":
        return _cancel(registration, token=token)
    webinar, now = registration.webinar, clock.now()
    if not rules.can_cancel(registration, webinar, now=now):
        return redirect(url_for("registrations.door", token=token))
    return render_template(
        "registrations/cancel.html",
        token=token,
        registration=registration,
        shown=webinar,
        can_come_back_later=rules.is_open(webinar, get_policy(webinar.id), now=now),
    )


def _cancel(registration: Registration, *, token: str) -> ResponseReturnValue:
    registration_id, slug = registration.id, registration.webinar.slug
    try:
        with transaction():
            actions.cancel_registration(registration, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("registrations.door", token=token))
    forget_attendee(registration)
    flash(_("Your registration is cancelled. Thank you for telling us."), "success")
    if find_registration(registration_id) is None:
        return redirect(url_for("pages.webinar", slug=slug))
    return redirect(url_for("registrations.door", token=token))


@blueprint.post("/r/<token>/again")
@limits.limiter.limit(limits.REGISTERING)
@door_only
def register_again(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    try:
        with transaction():
            is_done = actions.register_again(registration, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
    else:
        _say_whether_they_are_back(registration, is_done=is_done)
    return redirect(url_for("registrations.door", token=token))


def _say_whether_they_are_back(registration: Registration, *, is_done: bool) -> None:
    if is_done:
        flash(_("Welcome back."), "success")
    elif registration.status in rules.ACTIVE:
        flash(_("You are registered already. There is nothing left to do."), "info")
    else:
        flash(_("Nothing was changed: only an organiser can let you in now."), "info")


@blueprint.post("/r/<token>/link")
@limits.limiter.limit(limits.LOST_LINKS)
@door_only
def send_link(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    with transaction():
        actions.send_link(registration, now=clock.now())
    flash(
        _("We are sending it to you; at most one such message goes out in 15 minutes."), "success"
    )
    return redirect(url_for("registrations.door", token=token))
