"""Taking seats and giving them up; whoever calls holds the webinar's lock.

In this order: what was held or offered and has run out is freed, then those who wait move up, and
only then a newcomer is seated. So no seat stays free while somebody waits, and nobody overtakes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import db, record
from eventapp.registrations import events
from eventapp.registrations.models import CancelledBy, Registration, RegistrationStatus
from eventapp.registrations.queries import (
    SeatCount,
    count_seats,
    get_policy,
    list_lapsed,
    list_offered,
    list_waiting,
)
from eventapp.registrations.rules import (
    Policy,
    choose_status,
    count_free_seats,
    has_passed_confirming,
    moved_deadline,
    next_arrival,
    offer_until,
)
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar
from eventapp.webinars.rules import can_register


def settle_seats(webinar_id: int, *, now: datetime) -> list[Registration]:
    """Free what has run out and give every free seat to who waits; return who moved up.

    Records RegistrationCancelled for an offer that ran out, and for who moves up AttendeePromoted
    or SeatOffered.
    """
    return settle(lock_webinar(webinar_id), get_policy(webinar_id), now=now)


def move_deadlines(webinar_id: int, *, now: datetime) -> None:
    """Have the offers of seats end in time for a webinar's new start.

    Records as settle_seats.
    """
    webinar, policy = lock_webinar(webinar_id), get_policy(webinar_id)
    for registration in list_offered(webinar.id):
        registration.held_until = moved_deadline(registration.held_until, webinar, policy, now=now)
    db.session.flush()
    settle(webinar, policy, now=now)


def settle(webinar: Webinar, policy: Policy, *, now: datetime) -> list[Registration]:
    return _settle(webinar, policy, _count(webinar, now=now), now=now)[0]


def _settle(
    webinar: Webinar, policy: Policy, seats: SeatCount, *, now: datetime
) -> tuple[list[Registration], SeatCount]:
    """Return who moved up, and how many seats are taken then."""
    if seats.has_lapsed:
        _free_lapsed(webinar, now=now)
        seats = _count(webinar, now=now)
    free = count_free_seats(webinar.capacity, taken=seats.taken)
    if not seats.has_waiting or free == 0 or not can_register(webinar, now=now):
        return [], seats
    waiting = list_waiting(webinar.id, at_most=free)
    for registration in waiting:
        _move_up(registration, webinar, policy, now=now)
    db.session.flush()
    return waiting, replace(seats, taken=seats.taken + len(waiting))


def _count(webinar: Webinar, *, now: datetime) -> SeatCount:
    return count_seats(webinar.id, is_limited=webinar.capacity is not None, now=now)


def take_place(
    registration: Registration,
    webinar: Webinar,
    policy: Policy,
    *,
    seats: SeatCount | None = None,
    is_arriving: bool = False,
    now: datetime,
) -> None:
    """Seat a person who is new, comes back, has confirmed the address or was approved.

    Records nothing of theirs; who waits already has been given the seats that were free before. Who
    is arriving comes after everyone else; others keep their place. A seat that was held for them
    until now is theirs, or goes to the first who waits. `seats` are as counted under this lock,
    where nothing was written since.
    """
    seats = _settle(webinar, policy, seats or _count(webinar, now=now), now=now)[1]
    if is_arriving:
        registration.queued_at = next_arrival(seats.last_arrival, now=now)
        registration.known_sequence = webinar.calendar_sequence
    free = count_free_seats(webinar.capacity, taken=seats.taken)
    was_held = registration.held_until is not None
    has_seat = was_held or free is None or free > 0
    status = choose_status(
        policy,
        is_verified=has_passed_confirming(registration),
        is_approved=registration.approved_at is not None,
        has_seat=has_seat,
    )
    enter(registration, status, now=now)
    if status == RegistrationStatus.UNVERIFIED:
        registration.place_kept_until = now + policy.hold_time
        if policy.holds_seats and has_seat:
            registration.held_until = registration.place_kept_until
    db.session.add(registration)
    db.session.flush()
    if was_held and status != RegistrationStatus.CONFIRMED:
        settle(webinar, policy, now=now)


def enter(registration: Registration, status: RegistrationStatus, *, now: datetime) -> None:
    """Write a new status; each change of status raises SEQUENCE, which a new row begins at 0."""
    if sa.inspect(registration).persistent and registration.status != status:
        registration.sequence += 1
    registration.status = status
    registration.held_until = registration.place_kept_until = None
    registration.confirmed_at = now if status == RegistrationStatus.CONFIRMED else None
    registration.declined_at = now if status == RegistrationStatus.DECLINED else None
    registration.cancelled_at = now if status == RegistrationStatus.CANCELLED else None
    registration.cancelled_by = None
    registration.updated_at = now


def end(registration: Registration, *, by: CancelledBy, now: datetime) -> None:
    """Cancel a registration and record it; the seat is free from then on.

    Who was let in once and comes back later has to be let in again.
    """
    was_confirmed = registration.status == RegistrationStatus.CONFIRMED
    enter(registration, RegistrationStatus.CANCELLED, now=now)
    registration.cancelled_by = by
    registration.approved_at = None
    db.session.flush()
    record(
        events.RegistrationCancelled(
            registration_id=registration.id,
            webinar_id=registration.webinar_id,
            sequence=registration.sequence,
            was_confirmed=was_confirmed,
            by=by.value,
        )
    )


def _free_lapsed(webinar: Webinar, *, now: datetime) -> None:
    """End offers that ran out, and hold no seat longer for who didn't confirm the address.

    Once the webinar is over or called off there is nothing to run out, and nobody to tell.
    """
    is_open = can_register(webinar, now=now)
    for registration in list_lapsed(webinar.id, now=now):
        if is_open and registration.status == RegistrationStatus.OFFERED:
            end(registration, by=CancelledBy.LAPSE, now=now)
        else:
            registration.held_until = registration.place_kept_until = None
    db.session.flush()


def _move_up(
    registration: Registration, webinar: Webinar, policy: Policy, *, now: datetime
) -> None:
    until = offer_until(webinar, policy, now=now)
    if until is None:
        enter(registration, RegistrationStatus.CONFIRMED, now=now)
        fact: type[events.AttendeePromoted | events.SeatOffered] = events.AttendeePromoted
    else:
        enter(registration, RegistrationStatus.OFFERED, now=now)
        registration.held_until = until
        fact = events.SeatOffered
    record(
        fact(
            registration_id=registration.id,
            webinar_id=webinar.id,
            sequence=registration.sequence,
        )
    )
