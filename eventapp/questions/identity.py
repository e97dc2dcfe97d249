"""Who is in the room: a registered attendee, or a guest with a random identity in the session.

The session is signed, so an identity can be given up but not taken.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from flask import abort, session
from flask_login import current_user

from eventapp.core import limits
from eventapp.questions.asker import Asker
from eventapp.questions.refusals import RoomIsForRegistered
from eventapp.questions.rules import can_enter_room, key_of_registration
from eventapp.registrations.models import Registration
from eventapp.registrations.presence import find_present, joined_registrations
from eventapp.registrations.queries import find_by_uid
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_public_webinar

GUEST = "guest"


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One browser at the door of one webinar's room."""

    webinar: Webinar
    registration: Registration | None
    may_enter: bool

    @property
    def viewer(self) -> str:
        """The identity so far; empty before a guest first asks or votes."""
        if self.registration is not None:
            return _key_of(self.registration)
        guest = session.get(GUEST)
        return f"guest:{guest}" if guest else ""


def visit_room(slug: str) -> Visit:
    """Say who stands at the door of the room of `slug`; raises NotFound for drafts."""
    return visit_room_of(get_public_webinar(slug))


def visit_room_of(webinar: Webinar) -> Visit:
    """The same for a webinar that is at hand; its columns are enough."""
    registration = _find_session_registration(webinar)
    may_enter = current_user.is_authenticated or can_enter_room(webinar, registration)
    return Visit(webinar=webinar, registration=registration, may_enter=may_enter)


def enter_room(slug: str) -> Visit:
    """The same, for what is done inside. Refuses: RoomIsForRegistered."""
    return _let_in(visit_room(slug))


def enter_room_of(webinar: Webinar) -> Visit:
    """The same for a webinar that is at hand. Refuses: RoomIsForRegistered."""
    return _let_in(visit_room_of(webinar))


def _let_in(visit: Visit) -> Visit:
    if not visit.may_enter:
        raise RoomIsForRegistered
    return visit


def identify_asker(visit: Visit) -> Asker:
    """Return who asks or votes; a new guest gets 128 random bits, which a phone keeps for weeks."""
    if visit.registration is not None:
        return Asker(key=_key_of(visit.registration), registration_id=visit.registration.id)
    if GUEST not in session:
        if not limits.take(limits.NEW_GUESTS, "guest", limits.client_network()):
            abort(429)
        session.permanent = True
        session[GUEST] = secrets.token_hex(16)
    return Asker(key=f"guest:{session[GUEST]}")


def is_newcomer() -> bool:
    """Whether this browser has no identity yet; then its address alone is counted."""
    return not (session.get(GUEST) or joined_registrations())


def limit_key() -> str:
    """Whom a rate limit counts: the guest or the joined registrations, else the address."""
    return str(session.get(GUEST) or joined_registrations() or limits.client_network())


def _key_of(registration: Registration) -> str:
    return key_of_registration(registration.id)


def _find_session_registration(webinar: Webinar) -> Registration | None:
    uid = find_present(webinar.id)
    return find_by_uid(uid, webinar_id=webinar.id) if uid else None
