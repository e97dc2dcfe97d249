"""Erasing: what is kept of a person goes, and the last message with it once it is sent.

docs/personal-data.md says what stays, and why.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import count_rows, db
from eventapp.core.mailer import (
    NOT_DELIVERED_YET,
    WAITS,
    BouncedAddress,
    OutgoingMail,
    OutgoingMailBody,
)
from eventapp.registrations.actions.seats import end, settle
from eventapp.registrations.mails import door_of, is_entry_left_over, mail_attendee
from eventapp.registrations.models import AccessCode, CancelledBy, ErasedDoor, Registration
from eventapp.registrations.personal_data import erase_elsewhere
from eventapp.registrations.queries import (
    LAST_MESSAGE,
    get_policy,
    lock_registration,
    takes_code_to,
)
from eventapp.registrations.rules import ACTIVE, is_invited, is_left_unconfirmed
from eventapp.webinars.models import Webinar

NOTHING = {
    "to_name": "",
    "to_address": "",
    "reply_to": None,
    "subject": "",
    "door": None,
    "unsubscribe_url": None,
    "last_error": None,
}
NO_WORDS = {"text": "", "html": "", "calendar": None}


def erase_registration(registration: Registration, *, now: datetime) -> None:
    """Give the seat on, take the webinar out of the calendar, and erase what names the person.

    The row goes; a last message says so. Records RegistrationCancelled where there was something to
    cancel, and AttendeePromoted or SeatOffered for who moves up. Raises NotFound where it went
    meanwhile.
    """
    webinar = lock_registration(registration)
    was_invited = is_invited(registration, webinar)
    if registration.status in ACTIVE:
        end(registration, by=CancelledBy.ATTENDEE, now=now)
        settle(webinar, get_policy(webinar.id), now=now)
    erase_elsewhere(registration)
    _take_code_messages(registration)
    # First, since a CANCEL among them would seem to have reached the calendar.
    _drop_unsent(door_of(registration))
    is_in_calendar = was_invited or is_entry_left_over(registration)
    _erase_messages(registration, now=now)
    mail_attendee(
        LAST_MESSAGE,
        registration,
        once_key=f"registration-erased:{registration.uid}",
        method="CANCEL" if is_in_calendar else None,
        now=now,
    )
    _erase_codes(registration)
    _erase_bounce(registration)
    db.session.delete(registration)
    db.session.flush()


def erase_unconfirmed(registration: Registration, *, now: datetime) -> None:
    """Erase a registration whose address nobody confirmed in time, and write to nobody.

    Does nothing where it was confirmed meanwhile. A code made for the address stays: an organiser
    invited it. A seat that was held goes on: records AttendeePromoted or SeatOffered. Raises
    NotFound where the registration went meanwhile.
    """
    webinar = lock_registration(registration)
    if is_left_unconfirmed(registration, webinar, now=now):
        erase_quietly(registration, webinar, now=now)


def erase_quietly(registration: Registration, webinar: Webinar, *, now: datetime) -> None:
    """Erase who hasn't confirmed the address, under the webinar's lock, and write to nobody."""
    was_held = registration.held_until is not None
    erase_elsewhere(registration)
    _erase_messages(registration, now=now)
    _erase_bounce(registration)
    db.session.delete(registration)
    db.session.flush()
    if was_held:
        settle(webinar, get_policy(webinar.id), now=now)


def scrub_messages(door: str) -> None:
    """Empty the messages of an erased door that are sent, or failed for good; drop what comes late.

    The door is forgotten with the last of them.
    """
    _drop_unsent(door)
    _scrub(door)
    if not count_rows(sa.select(OutgoingMail.id).where(OutgoingMail.door == door)):
        db.session.execute(
            sa.delete(ErasedDoor)
            .where(ErasedDoor.door == door)
            .execution_options(synchronize_session=False)
        )


def _take_code_messages(registration: Registration) -> None:
    """Put the messages with the person's codes to their door, so that they go like the others."""
    db.session.execute(
        sa.update(OutgoingMail)
        .where(takes_code_to(registration))
        .values(door=door_of(registration))
        .execution_options(synchronize_session=False)
    )


def _erase_messages(registration: Registration, *, now: datetime) -> None:
    """Empty what was sent, drop what wasn't, and note the door for what is on its way."""
    door = door_of(registration)
    _drop_unsent(door)
    _scrub(door)
    db.session.add(ErasedDoor(door=door, erased_at=now))
    db.session.flush()


def _drop_unsent(door: str) -> None:
    """Delete what would be sent before the last message, or tried again beside it."""
    db.session.execute(
        sa.delete(OutgoingMail)
        .where(
            OutgoingMail.door == door,
            OutgoingMail.status.in_(WAITS),
            OutgoingMail.message != LAST_MESSAGE,
        )
        .execution_options(synchronize_session=False)
    )


def _scrub(door: str) -> None:
    is_over = (OutgoingMail.door == door, OutgoingMail.status.not_in(NOT_DELIVERED_YET))
    # The words first: by the door, which the rows then no longer have.
    for emptied in (
        sa.update(OutgoingMailBody)
        .where(OutgoingMailBody.mail_id.in_(sa.select(OutgoingMail.id).where(*is_over)))
        .values(NO_WORDS),
        sa.update(OutgoingMail).where(*is_over).values(NOTHING),
    ):
        db.session.execute(emptied.execution_options(synchronize_session=False))


def _erase_codes(registration: Registration) -> None:
    """Delete the codes made for this address; who is invited again gets a new one."""
    db.session.execute(
        sa.delete(AccessCode)
        .where(
            AccessCode.webinar_id == registration.webinar_id,
            AccessCode.email_key == registration.email_key,
        )
        .execution_options(synchronize_session=False)
    )


def _erase_bounce(registration: Registration) -> None:
    """Forget that mail came back from this address, unless it is registered elsewhere too."""
    elsewhere = sa.select(Registration.id).where(
        Registration.email_key == registration.email_key, Registration.id != registration.id
    )
    if not count_rows(elsewhere):
        db.session.execute(
            sa.delete(BouncedAddress)
            .where(BouncedAddress.address_key == registration.email_key)
            .execution_options(synchronize_session=False)
        )
