"""Every write of registrations.

Seats are counted and given under the webinar's lock, so the last one goes to one person. A door's
token is derived from the registration's uid and kept by its hash alone.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from eventapp.core.db import db, record
from eventapp.core.tokens import derive_token, hash_token
from eventapp.registrations import events
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.registrations.queries import count_confirmed, find_by_key, list_waiting
from eventapp.registrations.rules import (
    LONGEST_AFFILIATION,
    LONGEST_NAME,
    check_can_cancel,
    check_can_register,
    check_name,
    choose_status,
    count_free_seats,
    known_zone,
    read_address,
    tidy_name,
)
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar
from eventapp.webinars.rules import can_register

DOOR = "registration"


def register_attendee(
    webinar: Webinar,
    *,
    name: str,
    email: str,
    affiliation: str,
    time_zone: str,
    language: str,
    now: datetime,
) -> Registration:
    """Give a person a seat, or a place in the waiting list when all are taken.

    Records AttendeeRegistered. An address that has a seat or a place keeps what it has, and
    AttendeeAskedAgain is recorded. One that was cancelled comes back as it was, under its uid, name
    and spelling: whoever knows an address can type it here, and only who holds the link may change
    what is said of its owner or where mail goes.
    Refuses: RegistrationIsNotOpen, WebinarIsOver, WebinarWasCancelled, NameIsMissing,
    NameHoldsAddress, AddressIsNoAddress.
    """
    name = tidy_name(name, longest=LONGEST_NAME)
    check_name(name)
    address = read_address(email)
    zone = known_zone(time_zone)
    check_can_register(webinar, now=now)
    webinar = lock_webinar(webinar.id)
    check_can_register(webinar, now=now)
    registration = find_by_key(webinar.id, address.key)
    if registration is None:
        registration = _new_registration(
            webinar,
            name=name,
            email=address.address,
            email_key=address.key,
            affiliation=tidy_name(affiliation, longest=LONGEST_AFFILIATION),
            time_zone=zone,
            language=language,
            registered_at=now,
        )
    elif registration.status != RegistrationStatus.CANCELLED:
        _record_asked_again(registration, now=now)
        return registration
    _take_place(registration, webinar, now=now)
    return registration


def register_again(registration: Registration, *, now: datetime) -> None:
    """Let somebody who cancelled come back, at the end of the queue when all seats are taken.

    Records AttendeeRegistered; does nothing for who is registered. Refuses as register_attendee.
    """
    webinar = lock_webinar(registration.webinar_id)
    db.session.refresh(registration)
    check_can_register(webinar, now=now)
    if registration.status == RegistrationStatus.CANCELLED:
        _take_place(registration, webinar, now=now)


def cancel_registration(
    registration: Registration, *, by_organiser: bool = False, now: datetime
) -> None:
    """Give up a seat or a place in the queue; a seat goes to the first who waits.

    Records RegistrationCancelled, and AttendeePromoted for who moves up; does nothing when it is
    cancelled already. Refuses: TooLateToCancel.
    """
    webinar = lock_webinar(registration.webinar_id)
    db.session.refresh(registration)
    if registration.status == RegistrationStatus.CANCELLED:
        return
    check_can_cancel(webinar, now=now)
    was_confirmed = registration.status == RegistrationStatus.CONFIRMED
    registration.status = RegistrationStatus.CANCELLED
    registration.cancelled_at = registration.updated_at = now
    registration.confirmed_at = None
    registration.sequence += 1
    db.session.flush()
    record(
        events.RegistrationCancelled(
            registration_id=registration.id,
            webinar_id=webinar.id,
            sequence=registration.sequence,
            was_confirmed=was_confirmed,
            by_organiser=by_organiser,
        )
    )
    _fill_free_seats(webinar, now=now)


def promote_waiting(webinar_id: int, *, now: datetime) -> list[Registration]:
    """Give every free seat to who waits for it, first come first; return who moved up.

    Records AttendeePromoted for each.
    """
    return _fill_free_seats(lock_webinar(webinar_id), now=now)


def change_attendee(
    registration: Registration, *, name: str, affiliation: str, now: datetime
) -> None:
    """Correct a name and an organisation. Records RegistrationChanged.

    Refuses: NameIsMissing, NameHoldsAddress.
    """
    name = tidy_name(name, longest=LONGEST_NAME)
    check_name(name)
    registration.name = name
    registration.affiliation = tidy_name(affiliation, longest=LONGEST_AFFILIATION)
    registration.updated_at = now
    db.session.flush()
    record(
        events.RegistrationChanged(
            registration_id=registration.id, webinar_id=registration.webinar_id
        )
    )


def mark_joined(registration: Registration, *, now: datetime) -> None:
    """Note when a person first went into the room."""
    if registration.joined_at is None:
        registration.joined_at = now
        db.session.flush()


def _new_registration(webinar: Webinar, **details: Any) -> Registration:
    uid = str(uuid.uuid4())
    return Registration(
        webinar=webinar,
        uid=uid,
        token_hash=hash_token(derive_token(DOOR, uid)),
        sequence=0,
        **details,
    )


def _take_place(registration: Registration, webinar: Webinar, *, now: datetime) -> None:
    """Seat a person who is new or comes back; who waits already has the seats that became free."""
    _fill_free_seats(webinar, now=now)
    free = count_free_seats(webinar.capacity, confirmed=count_confirmed(webinar.id))
    comes_back = registration.cancelled_at is not None
    registration.status = choose_status(free)
    registration.queued_at = registration.updated_at = now
    registration.cancelled_at = None
    is_confirmed = registration.status == RegistrationStatus.CONFIRMED
    registration.confirmed_at = now if is_confirmed else None
    if comes_back:
        registration.sequence += 1
    db.session.add(registration)
    db.session.flush()
    record(
        events.AttendeeRegistered(
            registration_id=registration.id,
            webinar_id=webinar.id,
            sequence=registration.sequence,
        )
    )


def _fill_free_seats(webinar: Webinar, *, now: datetime) -> list[Registration]:
    """Promote while there are seats; the caller holds the webinar's lock."""
    if not can_register(webinar, now=now):
        return []
    free = count_free_seats(webinar.capacity, confirmed=count_confirmed(webinar.id))
    promoted = list_waiting(webinar.id, at_most=free)
    for registration in promoted:
        registration.status = RegistrationStatus.CONFIRMED
        registration.confirmed_at = registration.updated_at = now
        record(
            events.AttendeePromoted(
                registration_id=registration.id,
                webinar_id=webinar.id,
                sequence=registration.sequence,
            )
        )
    db.session.flush()
    return promoted


def _record_asked_again(registration: Registration, *, now: datetime) -> None:
    record(
        events.AttendeeAskedAgain(
            registration_id=registration.id,
            webinar_id=registration.webinar_id,
            asked_at=now.isoformat(),
        )
    )
