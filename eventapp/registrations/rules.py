"""Decisions about registrations: who may register, who gets a seat, whose address is whose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email

from eventapp.core.addresses import key_of_address
from eventapp.core.errors import Refusal
from eventapp.core.zones import known_zones
from eventapp.registrations.models import (
    CancelledBy,
    Promotion,
    Registration,
    RegistrationMode,
    RegistrationStatus,
)
from eventapp.registrations.refusals import (
    AddressIsNoAddress,
    CannotDecide,
    ClosesBeforeOpening,
    OrganiserHasCancelled,
    RegistrationIsClosed,
    RegistrationIsNotOpen,
    TooLateToCancel,
    WebinarIsOver,
    WebinarWasCancelled,
)
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.rules import can_register, is_expected, list_calendar_changes

# Who is registered in any way; of them, who hears of what changes; of them, who has a seat, an
# offer or a place in the queue.
ACTIVE = (
    RegistrationStatus.UNVERIFIED,
    RegistrationStatus.REQUESTED,
    RegistrationStatus.WAITING,
    RegistrationStatus.OFFERED,
    RegistrationStatus.CONFIRMED,
)
HEARING = ACTIVE[1:]
PLACED = ACTIVE[2:]
# Nobody is asked to answer an offer faster than this, nor when it is nearly too late to come.
SHORTEST_OFFER = timedelta(hours=1)
OFFER_ENDS_BEFORE_START = timedelta(hours=1)
# How long somebody may take to confirm an address; no seat is held for longer.
UNCONFIRMED_FOR = timedelta(days=7)
SHORTEST_MOMENT = timedelta(microseconds=1)  # as databases keep it


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The terms of registration, as stored or by default; see models.RegistrationPolicy."""

    mode: RegistrationMode = RegistrationMode.OPEN
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_address_verified: bool = False
    hold_minutes: int = 60
    promotion: Promotion = Promotion.AT_ONCE
    offer_hours: int = 24
    largest_group: int = 1
    join_opens_minutes: int = 30

    @property
    def needs_code(self) -> bool:
        return self.mode == RegistrationMode.INVITATION

    @property
    def holds_seats(self) -> bool:
        """Whether a seat is held while an address is confirmed: not where a person decides."""
        return self.mode != RegistrationMode.APPROVAL

    @property
    def join_time(self) -> timedelta:
        """How long before the start the way in opens."""
        return timedelta(minutes=self.join_opens_minutes)

    @property
    def hold_time(self) -> timedelta:
        return timedelta(minutes=self.hold_minutes)


def check_policy(policy: Policy) -> None:
    opens_at, closes_at = policy.opens_at, policy.closes_at
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise ClosesBeforeOpening


@dataclass(frozen=True, kw_only=True)
class EmailAddress:
    """An address as it is written to, and the key under which it counts as the same person's."""

    address: str
    key: str


def read_address(text: str) -> EmailAddress:
    """Read an e-mail address. Refuses AddressIsNoAddress.

    Two spellings are one address when they differ in case, in Unicode form or in how the domain is
    written (IDNA). What stands after a plus, and dots, are the mailbox's own (RFC 5321, 2.3.11):
    "ada+work@" and "ada@" may be two people, and are two registrations.
    """
    try:
        read = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise AddressIsNoAddress from error
    if "=?" in read.local_part:
        # An encoded word (RFC 2047), which some mail programs would decode.
        raise AddressIsNoAddress
    return EmailAddress(address=read.normalized, key=key_of_address(read.normalized))


def known_zone(name: str) -> str:
    """Return the IANA zone a browser named, or "" for one that we don't know."""
    return name if name in known_zones() else ""


def own_zone(webinar: Webinar, zone: str) -> str:
    """Return a person's zone where its clock shows another time at the start; else ""."""
    if not zone:
        return ""
    there = webinar.starts_at.astimezone(ZoneInfo(webinar.time_zone))
    here = webinar.starts_at.astimezone(ZoneInfo(zone))
    return "" if there.utcoffset() == here.utcoffset() else zone


def check_can_register(webinar: Webinar, policy: Policy, *, now: datetime) -> None:
    """Refuse who comes too early or too late to register; seats apart."""
    check_is_not_over(webinar, now=now)
    if is_too_early(policy, now=now):
        raise RegistrationIsNotOpen
    if policy.closes_at is not None and now >= policy.closes_at:
        raise RegistrationIsClosed


def is_open(webinar: Webinar, policy: Policy, *, now: datetime) -> bool:
    """Whether people may register now; seats apart."""
    try:
        check_can_register(webinar, policy, now=now)
    except Refusal:
        return False
    return True


def find_deadline(policy: Policy, *, ends_at: datetime) -> datetime | None:
    """Return until when people can register, where that is before the webinar's planned end.

    A later closing time changes nothing: registration closes with the webinar.
    """
    closes_at = policy.closes_at
    return closes_at if closes_at is not None and closes_at < ends_at else None


def is_too_early(policy: Policy, *, now: datetime) -> bool:
    return policy.opens_at is not None and now < policy.opens_at


def can_come_back(
    registration: Registration, webinar: Webinar, policy: Policy, *, now: datetime
) -> bool:
    """Whether who cancelled, or let an offer run out, may register again by themselves."""
    if is_shut_out(registration):
        return False
    if registration.status != RegistrationStatus.CANCELLED and not has_run_out(
        registration, now=now
    ):
        return False
    return is_open(webinar, policy, now=now)


def is_shut_out(registration: Registration) -> bool:
    """Whether an organiser cancelled it, so that only an organiser can register them again."""
    return registration.cancelled_by == CancelledBy.ORGANISER


def is_let_back(registration: Registration, policy: Policy, *, is_verified: bool) -> bool:
    """Whether the address typed into the form brings a cancelled registration back.

    Where addresses are confirmed it doesn't unless it is verified: the row stays as it is until its
    owner comes back through their link, so that no stranger has it erased as left unconfirmed.
    """
    if registration.status != RegistrationStatus.CANCELLED or is_shut_out(registration):
        return False
    return is_verified or not policy.is_address_verified


def check_is_not_shut_out(registration: Registration) -> None:
    if is_shut_out(registration):
        raise OrganiserHasCancelled


def has_run_out(registration: Registration, *, now: datetime) -> bool:
    """Whether an offer wasn't answered in time, also in the minute before that is noted."""
    if registration.status == RegistrationStatus.OFFERED:
        return registration.held_until is not None and registration.held_until <= now
    return registration.cancelled_by == CancelledBy.LAPSE


def check_is_not_over(webinar: Webinar, *, now: datetime) -> None:
    if can_register(webinar, now=now):
        return
    if webinar.status == WebinarStatus.CANCELLED:
        raise WebinarWasCancelled
    if webinar.status == WebinarStatus.DRAFT:
        raise RegistrationIsNotOpen
    raise WebinarIsOver


def can_cancel(registration: Registration, webinar: Webinar, *, now: datetime) -> bool:
    """Whether there is something to cancel: a seat or a place in the queue, and time to come."""
    return registration.status in ACTIVE and can_register(webinar, now=now)


def check_can_cancel(webinar: Webinar, *, now: datetime) -> None:
    if not can_register(webinar, now=now):
        raise TooLateToCancel


def check_can_decide(registration: Registration) -> None:
    """Refuse an organiser's decision where nobody asked; who was declined may be let in after."""
    if registration.status not in {RegistrationStatus.REQUESTED, RegistrationStatus.DECLINED}:
        raise CannotDecide


# -- seats -------------------------------------------------------------------------------------


def count_free_seats(capacity: int | None, *, taken: int) -> int | None:
    """Return how many seats are free; None for as many as there are people.

    A webinar whose capacity was lowered may have more people than seats: nobody loses a seat by
    that.
    """
    return None if capacity is None else max(0, capacity - taken)


def choose_status(
    policy: Policy, *, is_verified: bool, is_approved: bool, has_seat: bool
) -> RegistrationStatus:
    """Return what comes next for a person: confirm the address, be approved, a seat, or wait."""
    if policy.is_address_verified and not is_verified:
        return RegistrationStatus.UNVERIFIED
    if policy.mode == RegistrationMode.APPROVAL and not is_approved:
        return RegistrationStatus.REQUESTED
    return RegistrationStatus.CONFIRMED if has_seat else RegistrationStatus.WAITING


def is_decided_on(registration: Registration, policy: Policy) -> bool:
    """Whether an organiser still has to let this person in, once the address is confirmed."""
    return policy.mode == RegistrationMode.APPROVAL and registration.approved_at is None


def is_known_to_own(registration: Registration) -> bool:
    """Whether the address is this person's: they confirmed it, or an organiser vouches for it."""
    return registration.verified_at is not None or registration.added_at is not None


def has_passed_confirming(registration: Registration) -> bool:
    """Whether nobody asks for the address to be confirmed any more.

    Who came while nobody was asked, and has got further than that, isn't asked afterwards either.
    """
    is_past = registration.status in {*HEARING, RegistrationStatus.DECLINED}
    return is_past or is_known_to_own(registration)


def next_arrival(last: datetime | None, *, now: datetime) -> datetime:
    """Return when somebody arrives: now, but after everyone who came before.

    `now` was read before the webinar's lock was had, perhaps on a machine whose clock goes ahead;
    the order of the waiting list is that in which people had the lock.
    """
    return now if last is None else max(now, last + SHORTEST_MOMENT)


def is_in_time(registration: Registration, *, now: datetime) -> bool:
    """Whether who confirms the address now keeps the place at which they arrived.

    That goes by the terms of their arrival, whatever the terms are since.
    """
    return registration.place_kept_until is not None and now < registration.place_kept_until


def is_left_unconfirmed(registration: Registration, webinar: Webinar, *, now: datetime) -> bool:
    """Whether nobody is expected to confirm this address any more."""
    if registration.status != RegistrationStatus.UNVERIFIED:
        return False
    is_over = webinar.ends_at <= now and webinar.status != WebinarStatus.LIVE
    return is_over or registration.queued_at <= now - UNCONFIRMED_FOR


def offer_until(webinar: Webinar, policy: Policy, *, now: datetime) -> datetime | None:
    """Return until when a seat is offered to who waits; None where it is given at once.

    That is so by the organiser's choice, and when too little time is left to ask.
    """
    if policy.promotion == Promotion.AT_ONCE:
        return None
    latest = webinar.starts_at - OFFER_ENDS_BEFORE_START
    until = min(now + timedelta(hours=policy.offer_hours), latest)
    return until if until >= now + SHORTEST_OFFER else None


def moved_deadline(
    until: datetime | None, webinar: Webinar, policy: Policy, *, now: datetime
) -> datetime:
    """Return until when an offer stands once the webinar has been moved; never after its start.

    One that has a deadline keeps it where the new start allows.
    """
    soonest = min(now + SHORTEST_OFFER, webinar.starts_at)
    latest = max(webinar.starts_at - OFFER_ENDS_BEFORE_START, soonest)
    return min(until or now + timedelta(hours=policy.offer_hours), latest)


# -- what stands in calendars ------------------------------------------------------------------


def is_invited(registration: Registration, webinar: Webinar) -> bool:
    """Whether the webinar stands in this person's calendar."""
    return registration.status == RegistrationStatus.CONFIRMED and is_expected(webinar)


@dataclass(frozen=True, kw_only=True)
class EarlierState:
    """What stood in people's calendars before a webinar was changed."""

    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    join_url: str


def list_changes(webinar: Webinar, *, earlier: EarlierState) -> tuple[str, ...]:
    """Return what is another now: "time", "title", "place"; nothing where it was taken back."""
    return list_calendar_changes(
        webinar,
        title=earlier.title,
        starts_at=earlier.starts_at,
        ends_at=earlier.ends_at,
        zone=earlier.time_zone,
        join_url=earlier.join_url,
    )


def knows_already(registration: Registration, webinar: Webinar) -> bool:
    """Whether a person arrived after the last change for calendars, so that it is no news.

    That goes by the count of changes, since two requests may have read their clocks in any order.
    """
    known = registration.known_sequence
    return known is not None and known >= webinar.calendar_sequence


def join_opens_at(webinar: Webinar, policy: Policy) -> datetime:
    """Return from when the way in leads into the room, unless it goes live before."""
    return webinar.starts_at - policy.join_time


def can_join(webinar: Webinar, policy: Policy, *, now: datetime) -> bool:
    """Whether the way in leads into the room: while it is live, and before that as set."""
    if webinar.status == WebinarStatus.LIVE:
        return True
    return can_register(webinar, now=now) and now >= join_opens_at(webinar, policy)


def has_attended(registration: Registration, webinar: Webinar) -> bool:
    """Whether a person was in the room once the webinar was live; `queries.attended` asks the same.

    Who came early and left before it began hasn't attended.
    """
    live_at = webinar.went_live_at
    moments = (registration.joined_at, registration.last_seen_at)
    return live_at is not None and any(at is not None and at >= live_at for at in moments)
