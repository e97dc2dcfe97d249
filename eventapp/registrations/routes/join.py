"""The attendee's own way into the room.

Its address stays the same when the meeting's changes, and whoever isn't registered never sees
where the meeting is.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import door as door_only
from eventapp.core.db import transaction
from eventapp.core.i18n import moment_with_zone
from eventapp.registrations import actions, rules
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.registrations.presence import find_present, remember_attendee
from eventapp.registrations.queries import (
    find_by_uid,
    get_policy,
    get_registration_by_token,
)
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.webinars.rules import can_register


@blueprint.route("/r/<token>/join", methods=["GET", "POST"])
@door_only
def join(token: str) -> ResponseReturnValue:
    """Let an attendee into the room, and remember them there.

    A link alone makes nobody anyone: it may be a stranger's, who would then ask and be seen in the
    follower's stead, and mail programs open links too. So the page says who joins, and its button
    enters; who has come in already goes straight on. Outside of the room's hours, the door says
    when it opens.
    """
    registration = get_registration_by_token(token)
    webinar = registration.webinar
    if registration.status != RegistrationStatus.CONFIRMED:
        flash(_("The room is open to people who have a seat."), "info")
        return redirect(url_for("registrations.door", token=token))
    if not rules.can_join(webinar, get_policy(webinar.id), now=clock.now()):
        _say_when(registration)
        return redirect(url_for("registrations.door", token=token))
    present = find_present(webinar.id)
    if request.method == "POST":
        with transaction():
            actions.mark_joined(registration, now=clock.now())
            remember_attendee(registration)
    elif present != registration.uid:
        return render_template(
            "registrations/join.html",
            token=token,
            registration=registration,
            shown=webinar,
            present=find_by_uid(present, webinar_id=webinar.id) if present else None,
        )
    return redirect(url_for("live.room", slug=webinar.slug))


def _say_when(registration: Registration) -> None:
    webinar = registration.webinar
    if can_register(webinar, now=clock.now()):
        opens_at = rules.join_opens_at(webinar, get_policy(webinar.id))
        moment = moment_with_zone(opens_at, webinar.time_zone)
        flash(_("You are early: the room opens on %(moment)s.", moment=moment), "info")
