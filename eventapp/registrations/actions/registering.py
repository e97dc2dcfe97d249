"""Registering: one person, several together, or by an organiser's hand."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from eventapp.core.db import id_of, record
from eventapp.core.tokens import derive_token, hash_token
from eventapp.registrations import events
from eventapp.registrations.actions.seats import settle, take_place
from eventapp.registrations.answers import Answer, add_answers
from eventapp.registrations.code_rules import check_code
from eventapp.registrations.models import AccessCode, AddedBy, Registration
from eventapp.registrations.name_rules import (
    LONGEST_AFFILIATION,
    LONGEST_NAME,
    check_name,
    tidy_name,
)
from eventapp.registrations.queries import (
    Entrance,
    SeatCount,
    count_code_uses,
    find_by_key,
    find_code,
    get_entrance,
    get_policy,
)
from eventapp.registrations.refusals import AddressIsTwiceInGroup, CodeIsUsedUp, GroupIsTooLarge
from eventapp.registrations.rules import (
    ACTIVE,
    PLACED,
    EmailAddress,
    Policy,
    check_can_register,
    is_let_back,
    known_zone,
    read_address,
)
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar

DOOR = "registration"


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """What somebody types about a person who wants to come; `time_zone` is the browser's.

    `answers` are those to the form's own fields.
    """

    name: str
    email: str
    affiliation: str = ""
    time_zone: str = ""
    language: str = "en"
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Newcomer:
    """An attendee whose name and address have been read."""

    name: str
    affiliation: str
    address: EmailAddress
    time_zone: str
    language: str
    answers: tuple[Answer, ...]


def register_attendee(
    webinar: Webinar, attendee: Attendee, *, code: str = "", now: datetime
) -> Registration:
    """Give a person a seat, or a place in the waiting list when all are taken.

    Where the webinar's policy asks for it, the address is confirmed or an organiser approves first.
    Records AttendeeRegistered. An address that is registered keeps what it has, and
    AttendeeAskedAgain is recorded; also one that an organiser cancelled, or whose owner has to
    confirm first by coming back through their link. Any other that was cancelled comes back as it
    was, under its uid, name, spelling and answers: whoever knows an address can type it here, and
    only who holds the link may change what is said of its owner or where mail goes.
    Refuses: RegistrationIsNotOpen, RegistrationIsClosed, WebinarIsOver, WebinarWasCancelled,
    NameIsMissing, NameHoldsAddress, AddressIsNoAddress, CodeIsMissing, CodeIsWrong, CodeIsUsedUp.
    """
    return register_group(webinar, [attendee], code=code, now=now)[0]


def register_group(
    webinar: Webinar, attendees: Sequence[Attendee], *, code: str = "", now: datetime
) -> list[Registration]:
    """Register several people, who arrive in the order given; each has a door of their own.

    All of them are registered, or nobody is. Refuses as register_attendee, and GroupIsTooLarge,
    AddressIsTwiceInGroup.
    """
    newcomers = [_read(attendee) for attendee in attendees]
    webinar = lock_webinar(id_of(webinar))
    keys = [newcomer.address.key for newcomer in newcomers]
    entrance = get_entrance(webinar, keys, now=now)
    policy = entrance.policy
    check_can_register(webinar, policy, now=now)
    _check_group(newcomers, policy)
    used = _find_usable_code(webinar, policy, code, newcomers, now=now)
    first, *others = newcomers
    contact = _admit(webinar, entrance, first, code=used, seats=entrance.seats, now=now)
    together = [
        _admit(webinar, entrance, other, code=used, registered_by=contact, now=now)
        for other in others
    ]
    return [contact, *together]


def register_by_hand(
    webinar: Webinar, attendee: Attendee, *, by: AddedBy = AddedBy.ORGANISER, now: datetime
) -> tuple[Registration, bool]:
    """Register somebody whom an organiser vouches for: no code, no approval, no confirming.

    `by` says whether it is by hand or out of a table. Seats are counted all the same, and
    registration may be closed. Who has asked to come, or hasn't confirmed the address, is let in by
    it. Returns also whether anything was changed: it isn't for who has a seat, an offer or a place
    in the queue. Records AttendeeRegistered where it was.
    Refuses: WebinarIsOver, WebinarWasCancelled, RegistrationIsNotOpen, NameIsMissing,
    NameHoldsAddress, AddressIsNoAddress.
    """
    newcomer = _read(attendee)
    webinar = lock_webinar(id_of(webinar))
    policy = replace(get_policy(webinar.id), opens_at=None, closes_at=None)
    check_can_register(webinar, policy, now=now)
    registration = find_by_key(webinar.id, newcomer.address.key)
    is_new = registration is None
    if registration is None:
        registration = _new_registration(webinar, newcomer, now=now)
    elif registration.status in PLACED:
        return registration, False
    is_arriving = is_new or registration.status not in ACTIVE
    registration.added_at = registration.approved_at = now
    registration.added_by = by
    take_place(registration, webinar, policy, is_arriving=is_arriving, now=now)
    if is_new:
        add_answers(registration, newcomer.answers, now=now)
    record_registered(registration)
    return registration, True


def _read(attendee: Attendee) -> _Newcomer:
    name = tidy_name(attendee.name, longest=LONGEST_NAME)
    check_name(name)
    return _Newcomer(
        name=name,
        affiliation=tidy_name(attendee.affiliation, longest=LONGEST_AFFILIATION),
        address=read_address(attendee.email),
        time_zone=known_zone(attendee.time_zone),
        language=attendee.language,
        answers=attendee.answers,
    )


def _check_group(newcomers: Sequence[_Newcomer], policy: Policy) -> None:
    if len(newcomers) > policy.largest_group:
        raise GroupIsTooLarge(policy.largest_group)
    keys = [newcomer.address.key for newcomer in newcomers]
    for newcomer in newcomers:
        if keys.count(newcomer.address.key) > 1:
            raise AddressIsTwiceInGroup(newcomer.address.address)


def _find_usable_code(
    webinar: Webinar, policy: Policy, code: str, newcomers: Sequence[_Newcomer], *, now: datetime
) -> AccessCode | None:
    """Return the code that lets these people in; it is asked for only where the policy says so.

    Whether an address is registered already makes no difference: the answer would tell of it.
    """
    if not policy.needs_code:
        return None
    found = find_code(webinar.id, code)
    for newcomer in newcomers:
        check_code(found, typed=code, email_key=newcomer.address.key)
    if found is not None and found.most_uses is not None:
        left = found.most_uses - count_code_uses(found.id, now=now)
        if left < len(newcomers):
            raise CodeIsUsedUp
    return found


def _admit(
    webinar: Webinar,
    entrance: Entrance,
    newcomer: _Newcomer,
    *,
    code: AccessCode | None,
    seats: SeatCount | None = None,
    registered_by: Registration | None = None,
    now: datetime,
) -> Registration:
    """Register one person; `seats` are those of the entrance until the first of them has one."""
    policy = entrance.policy
    registration = None
    if entrance.is_anyone_known:
        registration = find_by_key(webinar.id, newcomer.address.key)
    is_new = registration is None
    if registration is None:
        registration = _new_registration(webinar, newcomer, now=now)
        registration.registered_by_id = registered_by.id if registered_by else None
    elif not is_let_back(registration, policy, is_verified=_is_own(code)):
        # As for a newcomer, so that the time to answer doesn't tell them apart.
        settle(webinar, policy, now=now)
        record_asked_again(webinar.id, registration, now=now)
        return registration
    registration.access_code_id = code.id if code else None
    if _is_own(code):
        registration.verified_at = now
    take_place(registration, webinar, policy, seats=seats, is_arriving=True, now=now)
    if is_new:
        add_answers(registration, newcomer.answers, now=now)
    record_registered(registration)
    return registration


def _is_own(code: AccessCode | None) -> bool:
    """Whether a code came by mail to one person: who holds it reads that mailbox."""
    return code is not None and bool(code.email_key)


def _new_registration(webinar: Webinar, newcomer: _Newcomer, *, now: datetime) -> Registration:
    uid = str(uuid.uuid4())
    return Registration(
        webinar=webinar,
        uid=uid,
        token_hash=hash_token(derive_token(DOOR, uid)),
        name=newcomer.name,
        email=newcomer.address.address,
        email_key=newcomer.address.key,
        affiliation=newcomer.affiliation,
        time_zone=newcomer.time_zone,
        language=newcomer.language,
        sequence=0,
        registered_at=now,
    )


def record_registered(registration: Registration) -> None:
    record(
        events.AttendeeRegistered(
            registration_id=registration.id,
            webinar_id=registration.webinar_id,
            sequence=registration.sequence,
        )
    )


def record_asked_again(
    webinar_id: int,
    registration: Registration | None,
    *,
    is_by_organiser: bool = False,
    now: datetime,
) -> None:
    record(
        events.AttendeeAskedAgain(
            registration_id=registration.id if registration else None,
            webinar_id=webinar_id,
            asked_at=now.isoformat(),
            is_by_organiser=is_by_organiser,
        )
    )
