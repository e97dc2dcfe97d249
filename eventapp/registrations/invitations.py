"""The webinar as one attendee's calendar holds it (RFC 5545, RFC 5546).

One UID per registration for life, while the host of BASE_URL stays, which is part of it. SEQUENCE
is the webinar's plus the registration's own: both only rise, so every message is newer than all
before it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from typing import Literal
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from eventapp.core.calendar import CalendarEvent, Party, build_invitation, build_public_event
from eventapp.core.mailer import CalendarPart, site_address
from eventapp.core.reply_addresses import Marking, mark_address, reply_address
from eventapp.registrations.models import Registration
from eventapp.webinars.calendar import describe_event
from eventapp.webinars.models import Webinar


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """The pages of one registration; in messages with their placeholder in the token's place."""

    door: str
    join: str
    cancel: str


def addresses_of(token: str) -> Addresses:
    return Addresses(
        door=site_address("registrations.door", token=token),
        join=site_address("registrations.join", token=token),
        cancel=site_address("registrations.cancel", token=token),
    )


def write_invitation(
    registration: Registration,
    *,
    method: Literal["REQUEST", "CANCEL"],
    token: str,
    now: datetime,
) -> CalendarPart:
    """Return the iTIP message that brings this attendee's calendar to the state of now."""
    with force_locale(registration.language):
        event = describe_seat(registration, token=token)
    content = build_invitation(
        event,
        method=method,
        organizer=answered_party(registration),
        attendee=Party(name=registration.name, email=registration.email),
        now=now,
        is_answer_read=reply_address() is not None,
    )
    return CalendarPart(content=content, method=method)


def write_entry(registration: Registration, *, token: str, now: datetime) -> bytes:
    """Return the entry as a file to open by hand.

    It is PUBLISH, which asks for no answer and has no ATTENDEE (RFC 5546, 3.2.1), under the same
    UID and SEQUENCE: updates that come by mail later find it.
    """
    event = describe_seat(registration, token=token)
    return build_public_event(event, now=now, organizer=answered_party(registration))


def describe_seat(registration: Registration, *, token: str) -> CalendarEvent:
    """Return the calendar entry of one registration, with its own way in."""
    addresses = addresses_of(token)
    return _add_ways(registration, addresses, _("Join: %(address)s", address=addresses.join))


def describe_in_link(registration: Registration, *, token: str) -> CalendarEvent:
    """Return the entry for the links into web calendars, which name the way in by themselves."""
    return _add_ways(registration, addresses_of(token))


def _add_ways(registration: Registration, addresses: Addresses, *lines: str) -> CalendarEvent:
    event = _describe(registration, join_url=addresses.join)
    change = _("Change or cancel your registration: %(address)s", address=addresses.door)
    description = "\n\n".join((event.description, *lines, change))
    return replace(event, url=addresses.join, description=description)


def describe_in_feed(registration: Registration, *, token: str | None) -> CalendarEvent:
    """Return one seat in its owner's feed: with the way in, or without a token the public page."""
    return _describe(registration) if token is None else describe_seat(registration, token=token)


def _describe(registration: Registration, *, join_url: str = "") -> CalendarEvent:
    event = describe_event(
        registration.webinar,
        uid=f"{registration.uid}@{_host()}",
        sequence=sequence_of(registration),
        join_url=join_url,
    )
    return replace(event, updated_at=max(event.updated_at, registration.updated_at))


def sequence_of(registration: Registration) -> int:
    return registration.webinar.calendar_sequence + registration.sequence


def organizer_of(webinar: Webinar) -> Party:
    """Return who may be written to about this webinar: its contact, else the site's sender."""
    name, sender = _read_sender()
    if webinar.contact_email:
        return Party(
            name=webinar.contact_name or webinar.contact_email, email=webinar.contact_email
        )
    return Party(name=webinar.contact_name or name, email=sender)


def answered_party(registration: Registration) -> Party:
    """Return whom this attendee's calendar answers: the organiser's name, at the reply address.

    Its token says whose answer it is. Without a reply address it is the site's sender, where
    nobody is asked for an answer: unlike the webinar's contact it stays, and calendars take
    changes from the same address alone (RFC 5546, 2.1.4).
    """
    organizer = organizer_of(registration.webinar)
    marked = mark_address(Marking.REGISTRATION, registration.id, uid=registration.uid)
    _name, sender = _read_sender()
    return replace(organizer, email=marked or sender or organizer.email)


def reply_address_of(webinar: Webinar) -> str | None:
    """Return whom this webinar names for answers to its messages; None for nobody."""
    if not webinar.contact_email:
        return None
    name = webinar.contact_name.replace("\\", "").replace('"', "'")
    return f'"{name}" <{webinar.contact_email}>' if name else webinar.contact_email


def _read_sender() -> tuple[str, str]:
    return parseaddr(current_app.config["MAIL_DEFAULT_SENDER"])


def _host() -> str:
    return urlsplit(current_app.config["EVENTAPP"].base_url).hostname or "localhost"
