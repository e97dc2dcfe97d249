"""What a registration goes through after it was made, by the attendee or by an organiser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from eventapp.core.db import db, record
from eventapp.registrations import events
from eventapp.registrations.actions.erasing import erase_quietly
from eventapp.registrations.actions.registering import record_asked_again, record_registered
from eventapp.registrations.actions.seats import end, enter, settle, take_place
from eventapp.registrations.answers import Answer, write_answers
from eventapp.registrations.code_rules import check_lets_back, check_lets_in_late
from eventapp.registrations.models import CancelledBy, Registration, RegistrationStatus
from eventapp.registrations.name_rules import (
    LONGEST_AFFILIATION,
    LONGEST_NAME,
    check_name,
    tidy_name,
)
from eventapp.registrations.queries import (
    count_code_uses,
    find_by_key,
    find_code_of,
    get_policy,
    lock_registration,
    lock_row,
)
from eventapp.registrations.refusals import OfferHasLapsed
from eventapp.registrations.rules import (
    ACTIVE,
    Policy,
    check_can_cancel,
    check_can_decide,
    check_can_register,
    check_is_not_over,
    check_is_not_shut_out,
    is_in_time,
    is_shut_out,
    read_address,
)
from eventapp.webinars.models import Webinar

SEEN_AT_MOST_EVERY = timedelta(minutes=1)


def verify_address(registration: Registration, *, now: datetime) -> bool:
    """Confirm the address: the seat that was held is theirs, or the place they arrived at.

    Who comes after that time has run out takes what there is then, at the end of the queue, and
    only if the code they came by has a use left. Records AttendeeRegistered. Returns whether it was
    confirmed by this, and not before or by nobody. Refuses: WebinarIsOver, WebinarWasCancelled,
    CodeWasUsedMeanwhile.
    """
    webinar, policy = _lock(registration)
    if registration.status != RegistrationStatus.UNVERIFIED:
        return False
    check_is_not_over(webinar, now=now)
    is_late = not is_in_time(registration, now=now)
    if is_late and policy.needs_code:
        _check_use_is_left(registration, now=now)
    registration.verified_at = now
    take_place(registration, webinar, policy, is_arriving=is_late, now=now)
    record_registered(registration)
    return True


def _check_use_is_left(registration: Registration, *, now: datetime) -> None:
    code = find_code_of(registration)
    if code is not None:
        check_lets_in_late(code, uses=count_code_uses(code.id, now=now))


def accept_offer(registration: Registration, *, now: datetime) -> bool:
    """Take the seat that was offered. Records AttendeePromoted; does nothing for who has a seat.

    Returns whether it was taken by this, and not before. Refuses: OfferHasLapsed, WebinarIsOver,
    WebinarWasCancelled.
    """
    webinar, policy = _lock(registration)
    if registration.status == RegistrationStatus.CONFIRMED:
        return False
    check_is_not_over(webinar, now=now)
    settle(webinar, policy, now=now)
    if registration.status != RegistrationStatus.OFFERED:
        raise OfferHasLapsed
    enter(registration, RegistrationStatus.CONFIRMED, now=now)
    db.session.flush()
    record(
        events.AttendeePromoted(
            registration_id=registration.id, webinar_id=webinar.id, sequence=registration.sequence
        )
    )
    return True


def approve_registration(registration: Registration, *, now: datetime) -> None:
    """Let somebody in who asked, or who was declined: a seat, or the place they arrived at.

    Records AttendeeApproved; does nothing for who is in. Refuses: CannotDecide, WebinarIsOver,
    WebinarWasCancelled.
    """
    webinar, policy = _lock(registration)
    if registration.approved_at is not None and registration.status in ACTIVE:
        return
    check_can_decide(registration)
    check_is_not_over(webinar, now=now)
    registration.approved_at = now
    take_place(registration, webinar, policy, now=now)
    record(
        events.AttendeeApproved(
            registration_id=registration.id, webinar_id=webinar.id, sequence=registration.sequence
        )
    )


def decline_registration(registration: Registration, *, now: datetime) -> None:
    """Turn down somebody who asked to come. Records AttendeeDeclined; does nothing twice.

    Refuses: CannotDecide.
    """
    _lock(registration)
    if registration.status == RegistrationStatus.DECLINED:
        return
    check_can_decide(registration)
    enter(registration, RegistrationStatus.DECLINED, now=now)
    db.session.flush()
    record(
        events.AttendeeDeclined(
            registration_id=registration.id,
            webinar_id=registration.webinar_id,
            sequence=registration.sequence,
        )
    )


def register_again(registration: Registration, *, now: datetime) -> bool:
    """Let somebody who cancelled come back, at the end of the queue when all seats are taken.

    Whoever holds the personal link reads that mailbox; where a code is asked for, the one they came
    by has to let in somebody still. Records AttendeeRegistered; does nothing for who is registered
    or was declined. Returns whether they came back by this. Refuses as register_attendee, and
    OrganiserHasCancelled.
    """
    webinar, policy = _lock(registration)
    check_can_register(webinar, policy, now=now)
    check_is_not_shut_out(registration)
    settle(webinar, policy, now=now)
    if registration.status != RegistrationStatus.CANCELLED:
        return False
    if policy.needs_code:
        code = find_code_of(registration)
        check_lets_back(code, uses=count_code_uses(code.id, now=now) if code else 0)
    registration.verified_at = registration.verified_at or now
    take_place(registration, webinar, policy, is_arriving=True, now=now)
    record_registered(registration)
    return True


def send_link(registration: Registration, *, is_by_organiser: bool = False, now: datetime) -> None:
    """Have a person's link sent to them again, not too often. Records AttendeeAskedAgain.

    Raises NotFound where the registration was erased meanwhile.
    """
    lock_row(registration)
    record_asked_again(
        registration.webinar_id, registration, is_by_organiser=is_by_organiser, now=now
    )


def find_and_send_link(webinar: Webinar, *, email: str, now: datetime) -> None:
    """Have the link of whoever is registered with `email` sent there; nobody else hears of it.

    Records AttendeeAskedAgain, also where nobody is registered. Refuses: AddressIsNoAddress.
    """
    found = find_by_key(webinar.id, read_address(email).key)
    record_asked_again(webinar.id, found, now=now)


def cancel_registration(
    registration: Registration, *, by: CancelledBy = CancelledBy.ATTENDEE, now: datetime
) -> None:
    """Give up a seat, an offer or a place in the queue; a seat goes to the first who waits.

    Records RegistrationCancelled, and AttendeePromoted or SeatOffered for who moves up. When it is
    cancelled already an organiser sees to it that nobody else brings it back, and others do
    nothing. Who hasn't confirmed the address is erased at once, and nobody is written to there.
    Refuses: TooLateToCancel.
    """
    webinar, policy = _lock(registration)
    if registration.status not in ACTIVE:
        if by == CancelledBy.ORGANISER:
            _shut_out(registration, now=now)
        return
    check_can_cancel(webinar, now=now)
    if registration.status == RegistrationStatus.UNVERIFIED:
        erase_quietly(registration, webinar, now=now)
        return
    end(registration, by=by, now=now)
    settle(webinar, policy, now=now)


def _shut_out(registration: Registration, *, now: datetime) -> None:
    is_cancelled = registration.status == RegistrationStatus.CANCELLED
    if is_cancelled and not is_shut_out(registration):
        registration.cancelled_by = CancelledBy.ORGANISER
        registration.updated_at = now
        db.session.flush()


def change_attendee(
    registration: Registration,
    *,
    name: str,
    affiliation: str,
    answers: Sequence[Answer] = (),
    now: datetime,
) -> None:
    """Correct a name, an organisation and what was answered to the form's own fields.

    Records RegistrationChanged. Refuses: NameIsMissing, NameHoldsAddress. Raises NotFound where it
    was erased meanwhile.
    """
    # The webinar before the row, as everybody locks them: answers are written under its lock.
    lock_registration(registration)
    write_answers(registration, answers, now=now)
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
    """Note when a person first went into the room, and that they are there.

    Raises NotFound where the registration was erased meanwhile.
    """
    lock_row(registration)
    registration.joined_at = registration.joined_at or now
    registration.last_seen_at = now
    db.session.flush()


def mark_seen(registration_id: int, *, now: datetime) -> None:
    """Note that a person is in the room; writes nothing more often than once in a minute.

    The first time after it went live is always noted: by that a person has attended. One statement
    and no lock on the webinar: everybody in the room has this noted every few minutes.
    """
    live_at = sa.select(Webinar.went_live_at).where(Webinar.id == Registration.webinar_id)
    db.session.execute(
        sa.update(Registration)
        .where(
            Registration.id == registration_id,
            Registration.joined_at.is_not(None),
            sa.or_(
                Registration.last_seen_at < now - SEEN_AT_MOST_EVERY,
                Registration.last_seen_at < live_at.scalar_subquery(),
            ),
        )
        .values(last_seen_at=now),
        execution_options={"synchronize_session": False},
    )


def _lock(registration: Registration) -> tuple[Webinar, Policy]:
    webinar = lock_registration(registration)
    return webinar, get_policy(webinar.id)
