"""A person's own calendar to subscribe to, with all webinars where they have a seat."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import door as door_only
from eventapp.core.calendar import build_feed
from eventapp.registrations.calendar_queries import list_for_feed
from eventapp.registrations.invitations import describe_in_feed
from eventapp.registrations.queries import get_registration_by_token
from eventapp.registrations.routes.blueprint import blueprint


@blueprint.get("/r/<token>/feed.ics")
@door_only
def private_feed(token: str) -> ResponseReturnValue:
    """List the seats of the address that this door's link was mailed to.

    Only who read that mailbox has the link, but may have passed it on to be let into one webinar.
    So it shows the way into that one alone: the others lead to their public pages, and no other
    door opens.
    """
    registration = get_registration_by_token(token)
    now = clock.now()
    events = [
        describe_in_feed(seat, token=token if seat.id == registration.id else None)
        for seat in list_for_feed(registration.email_key, now=now)
    ]
    content = build_feed(events, name=_("My webinars"), now=now, is_private=True)
    response = Response(content, mimetype="text/calendar")
    response.headers["Content-Disposition"] = "inline; filename=my-webinars.ics"
    return response
