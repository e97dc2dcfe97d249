"""The messages that attendees get; each is written to the ledger in the running transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from eventapp.core.mailer import (
    Bulk,
    OutgoingMail,
    Recipient,
    WriteOwnWords,
    queue_mail,
    site_address,
)
from eventapp.registrations.calendar_queries import holds_entry
from eventapp.registrations.invitations import (
    addresses_of,
    organizer_of,
    reply_address_of,
    write_invitation,
)
from eventapp.registrations.models import AccessCode, Registration, RegistrationStatus
from eventapp.registrations.queries import CODE_MESSAGE, find_place_in_queue
from eventapp.registrations.rules import has_attended, own_zone
from eventapp.webinars.calendar import public_url
from eventapp.webinars.models import Webinar, WebinarStatus

# Writing one message takes some milliseconds, and on SQLite nobody else writes meanwhile.
MAILING_AT_ONCE = 40
DOOR = "registration"
MESSAGE_OF_STATE = {
    RegistrationStatus.UNVERIFIED: "registration_unverified",
    RegistrationStatus.REQUESTED: "registration_requested",
    RegistrationStatus.WAITING: "registration_waiting",
    RegistrationStatus.OFFERED: "registration_offered",
    RegistrationStatus.CONFIRMED: "registration_confirmed",
    RegistrationStatus.DECLINED: "registration_declined",
}


def recipient_of(registration: Registration) -> Recipient:
    """Return whom a message about this registration goes to; it may hold their door's link."""
    return Recipient(
        name=registration.name,
        address=registration.email,
        language=registration.language,
        door=door_of(registration),
    )


def describe_to(recipient: Recipient, registration: Registration) -> dict[str, Any]:
    """Return what every message to an attendee may speak of."""
    webinar = registration.webinar
    return {
        "registration": registration,
        "webinar": webinar,
        "organizer": organizer_of(webinar),
        "contact_email": webinar.contact_email,
        "addresses": addresses_of(recipient.placeholder),
        "unsubscribe_url": None,
        "webinar_url": public_url(webinar),
        "own_zone": own_zone(webinar, registration.time_zone),
        "kept_until": registration.held_until,
        "has_attended": has_attended(registration, webinar),
        "calendar": None,
    }


def door_of(registration: Registration) -> str:
    """Return what the ledger calls this registration's door."""
    return f"{DOOR}:{registration.uid}"


def uid_behind(door: str | None) -> str | None:
    """Return the uid of the registration whose door this is in the ledger; None for no such."""
    purpose, _colon, uid = (door or "").partition(":")
    return uid if purpose == DOOR else None


def mail_attendee(
    message: str,
    registration: Registration,
    *,
    once_key: str,
    method: Literal["REQUEST", "CANCEL"] | None = None,
    now: datetime,
    context: dict[str, Any] | None = None,
    is_bulk: bool = False,
    broadcast_id: int | None = None,
    useless_from: datetime | None = None,
    write_own: WriteOwnWords | None = None,
) -> OutgoingMail | None:
    """Write `message` to one attendee, with an iTIP message where a `method` is given.

    Whose calendar still has the webinar without their having a seat is sent CANCEL in any case.

    The templates get registration, webinar, organizer, contact_email, addresses, unsubscribe_url,
    webinar_url, own_zone, kept_until, has_attended and calendar (the method of the entry that
    travels with it, or None), and what `context` adds. What `is_bulk` can
    be unsubscribed from; from `useless_from` on it doesn't leave. For `write_own` see
    `core.mailer.put_into_words`.
    Returns None when the ledger has `once_key` already.
    """
    webinar = registration.webinar
    recipient = recipient_of(registration)
    calendar = bulk = None
    if method is None and is_entry_left_over(registration):
        method = "CANCEL"
    if method is not None:
        calendar = write_invitation(
            registration, method=method, token=recipient.placeholder, now=now
        )
    described = {**describe_to(recipient, registration), "calendar": method, **(context or {})}
    if is_bulk:
        described["unsubscribe_url"] = unsubscribe_url(recipient)
        bulk = Bulk(
            unsubscribe_url=unsubscribe_url(recipient),
            broadcast_id=broadcast_id,
            useless_from=useless_from,
        )
    return queue_mail(
        message,
        to=recipient,
        context=described,
        webinar_id=webinar.id,
        reply_to=reply_address_of(webinar),
        calendar=calendar,
        once_key=once_key,
        bulk=bulk,
        write_own=write_own,
    )


def is_entry_left_over(registration: Registration) -> bool:
    """Whether a calendar has what it should not have any more.

    Who gives up a seat and comes back before the message about that is written may have to wait
    now, and that is the only message they get. Who is erased before it gets none but the last.
    """
    is_called_off = registration.webinar.status == WebinarStatus.CANCELLED
    has_seat = registration.status == RegistrationStatus.CONFIRMED and not is_called_off
    return not has_seat and holds_entry(door_of(registration))


def unsubscribe_url(recipient: Recipient) -> str:
    return site_address("registrations.unsubscribe", token=recipient.placeholder)


def mail_state(registration: Registration, *, once_key: str, now: datetime) -> None:
    """Tell an attendee where they stand; who is confirmed gets an invitation with it.

    Who has cancelled is told of that by its own message.
    """
    message = MESSAGE_OF_STATE.get(registration.status)
    if message is None:
        return
    is_confirmed = registration.status == RegistrationStatus.CONFIRMED
    mail_attendee(
        message,
        registration,
        once_key=once_key,
        method="REQUEST" if is_confirmed else None,
        now=now,
        context={"place": find_place_in_queue(registration)},
    )


def mail_access_code(code: AccessCode, webinar: Webinar, *, now: datetime) -> None:
    """Send a personal code to whom it was made for, as a link that fills it in."""
    code.sent_at = now
    queue_mail(
        CODE_MESSAGE,
        to=Recipient(name=code.name, address=code.email),
        context={
            "code": code,
            "webinar": webinar,
            "organizer": organizer_of(webinar),
            "contact_email": webinar.contact_email,
            "register_url": code_url(code, webinar),
            "webinar_url": public_url(webinar),
        },
        webinar_id=webinar.id,
        reply_to=reply_address_of(webinar),
        # By the code itself: SQLite gives the id of a deleted row to another.
        once_key=f"access-code:{code.id}:{code.code}",
    )


def code_url(code: AccessCode, webinar: Webinar) -> str:
    """Return the address of the form with a code filled in."""
    return site_address("registrations.register", slug=webinar.slug, code=code.code)
