"""Decisions about registrations: who may register, who gets a seat, whose address is whose."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import idna
from email_validator import EmailNotValidError, validate_email

from eventapp.core.zones import known_zones
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.registrations.refusals import (
    AddressIsNoAddress,
    NameHoldsAddress,
    NameIsMissing,
    RegistrationIsNotOpen,
    TooLateToCancel,
    WebinarIsOver,
    WebinarWasCancelled,
)
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.rules import can_register, is_early, is_expected, list_calendar_changes

LONGEST_NAME = 120
LONGEST_AFFILIATION = 160
# What mail programs turn into links. "St.John" and "J.Müller" are names, "evil.com" isn't.
WEB_ADDRESS = re.compile(r"://|@|\b[Ww]{3}\.|\w\.\w{2,}/|[\w-]{2,}\.[a-z]{2,}\b")
ATTENDING = (RegistrationStatus.CONFIRMED, RegistrationStatus.WAITING)


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
    return EmailAddress(address=read.normalized, key=key_of_address(read.normalized))


def key_of_address(address: str) -> str:
    """Return the key of an address that has been read: what is unique within a webinar."""
    local, _, domain = unicodedata.normalize("NFC", address.strip()).rpartition("@")
    domain = domain.casefold()
    if not domain.isascii():
        domain = idna.encode(domain, uts46=True).decode()
    return f"{unicodedata.normalize('NFC', local.casefold())}@{domain}"


def tidy_name(text: str, *, longest: int) -> str:
    """Return a name on one line without control characters, cut at `longest` characters."""
    kept = (" " if unicodedata.category(char)[0] == "C" else char for char in text)
    return " ".join("".join(kept).split())[:longest].strip()


def check_name(name: str) -> None:
    """Refuse a tidied name that is empty, or that mail programs would turn into a link."""
    if not name:
        raise NameIsMissing
    if WEB_ADDRESS.search(name):
        raise NameHoldsAddress


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


def check_can_register(webinar: Webinar, *, now: datetime) -> None:
    if can_register(webinar, now=now):
        return
    if webinar.status == WebinarStatus.CANCELLED:
        raise WebinarWasCancelled
    if webinar.status == WebinarStatus.DRAFT:
        raise RegistrationIsNotOpen
    raise WebinarIsOver


def can_cancel(registration: Registration, webinar: Webinar, *, now: datetime) -> bool:
    """Whether there is something to cancel: a seat or a place in the queue, and time to come."""
    return registration.status in ATTENDING and can_register(webinar, now=now)


def check_can_cancel(webinar: Webinar, *, now: datetime) -> None:
    if not can_register(webinar, now=now):
        raise TooLateToCancel


def count_free_seats(capacity: int | None, *, confirmed: int) -> int | None:
    """Return how many seats are free; None for as many as there are people.

    A webinar whose capacity was lowered may have more people than seats: nobody loses a seat by
    that.
    """
    return None if capacity is None else max(0, capacity - confirmed)


def choose_status(free_seats: int | None) -> RegistrationStatus:
    """Return whether the next to come is confirmed or waits."""
    has_seat = free_seats is None or free_seats > 0
    return RegistrationStatus.CONFIRMED if has_seat else RegistrationStatus.WAITING


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
    """Whether a person registered after the webinar's last change, so that it is no news."""
    return registration.queued_at > webinar.updated_at


def can_join(webinar: Webinar, *, now: datetime) -> bool:
    """Whether the way in leads into the room: while it is live, and shortly before."""
    if webinar.status == WebinarStatus.LIVE:
        return True
    return can_register(webinar, now=now) and not is_early(webinar, now=now)
