"""Which registrations a browser has come with: kept in its signed session.

`session["registrations"]` holds, for each webinar entered by a personal link, the registration:
{"<webinar id>": registration uid}. Everybody can read their own session: a number that is counted
up would tell how many have registered, and so whether an address was new.
"""

from __future__ import annotations

from flask import session

from eventapp.registrations.models import Registration

REGISTRATIONS = "registrations"


def joined_registrations() -> dict[str, str]:
    """Return the uids of the registrations that this browser has come with, by the webinar's id."""
    kept: dict[str, object] = session.get(REGISTRATIONS, {})
    # An old session names them by number; whoever has one comes in by the link again.
    return {webinar_id: uid for webinar_id, uid in kept.items() if isinstance(uid, str)}


def find_present(webinar_id: int) -> str | None:
    """Return the uid of the registration that this browser has come into the room with."""
    return joined_registrations().get(str(webinar_id))


def remember_attendee(registration: Registration) -> None:
    """Let this browser into the webinar's room as this attendee."""
    kept = {**joined_registrations(), str(registration.webinar_id): registration.uid}
    session[REGISTRATIONS] = kept
    session.permanent = True


def forget_attendee(registration: Registration) -> None:
    """Take that back, after a cancellation; somebody else in this browser stays."""
    if find_present(registration.webinar_id) != registration.uid:
        return
    kept = joined_registrations()
    del kept[str(registration.webinar_id)]
    session[REGISTRATIONS] = kept
