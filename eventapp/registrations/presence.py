"""Which registrations a browser has come with: kept in its signed session.

`session["registrations"]` holds, for each webinar entered by a personal link, the registration:
{"<webinar id>": registration id}.
"""

from __future__ import annotations

from flask import session

from eventapp.registrations.models import Registration

REGISTRATIONS = "registrations"


def joined_registrations() -> dict[str, int]:
    """Return the registrations that this browser has come with, by the webinar's id."""
    joined: dict[str, int] = session.get(REGISTRATIONS, {})
    return joined


def find_present(webinar_id: int) -> int | None:
    """Return the id of the registration that this browser has come into the room with."""
    return joined_registrations().get(str(webinar_id))


def remember_attendee(registration: Registration) -> None:
    """Let this browser into the webinar's room as this attendee."""
    kept = {**joined_registrations(), str(registration.webinar_id): registration.id}
    session[REGISTRATIONS] = kept
    session.permanent = True


def forget_attendee(registration: Registration) -> None:
    """Take that back, after a cancellation; somebody else in this browser stays."""
    if find_present(registration.webinar_id) != registration.id:
        return
    kept = dict(joined_registrations())
    del kept[str(registration.webinar_id)]
    session[REGISTRATIONS] = kept
