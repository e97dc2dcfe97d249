"""Calendar entries that stay true: invitations, public events and feeds.

Written after RFC 5545 (iCalendar), RFC 5546 (iTIP) and RFC 7986 (new properties). The module knows
no feature: whoever has something that takes place describes it as a `CalendarEvent`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, urlencode, urlsplit
from zoneinfo import ZoneInfo

from icalendar import (
    Alarm,
    Calendar,
    Event,
    vCalAddress,
    vDatetime,
    vDuration,
    vText,
    vUri,
)

from eventapp.core.vtimezone import write_timezone

Status = Literal["CONFIRMED", "CANCELLED", "TENTATIVE"]

PRODUCT = "-//eventapp//calendar//EN"
REMIND_BEFORE = timedelta(minutes=15)
REFRESH_FEED_EVERY = timedelta(hours=1)
UTC_NAMES = frozenset(
    {"UTC", "UCT", "Zulu", "Universal", "Etc/UTC", "Etc/UCT", "Etc/Zulu", "Etc/Universal"}
)

# Addresses of a calendar's "new event" page travel in one request line.
LONGEST_TEXT_IN_A_LINK = 1000


@dataclass(frozen=True, kw_only=True)
class CalendarEvent:
    """Something that takes place; times are aware, `zone` is the IANA name it is announced in.

    `uid` stays the same for life and `sequence` rises with each change that matters (RFC 5546,
    2.1.4). `url` is the page anybody may open; `join_url` belongs to one person and is written only
    into invitations.
    """

    uid: str
    sequence: int
    title: str
    description: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    location: str
    url: str
    status: Status
    created_at: datetime
    updated_at: datetime
    join_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Party:
    """A person or an organisation that can be written to."""

    name: str
    email: str


def build_invitation(
    event: CalendarEvent,
    *,
    method: Literal["REQUEST", "CANCEL"],
    organizer: Party,
    attendee: Party,
    now: datetime,
    is_answer_read: bool = False,
) -> bytes:
    """Return the iTIP message that adds, moves or removes the event in one attendee's calendar.

    Who registered has accepted by that, and is asked for an answer (RSVP) only where one that
    comes is read. A reminder goes off shortly before the start.
    """
    is_asked = is_answer_read and method == "REQUEST"
    component = _build_component(event, now=now, conference=event.join_url or event.url)
    component.add("organizer", _address(organizer))
    component.add(
        "attendee",
        _address(
            attendee,
            CUTYPE="INDIVIDUAL",
            ROLE="REQ-PARTICIPANT",
            PARTSTAT="ACCEPTED",
            RSVP="TRUE" if is_asked else "FALSE",
        ),
    )
    component.add("transp", "OPAQUE")
    if method == "CANCEL":
        component["status"] = "CANCELLED"
    else:
        component.add_component(_build_alarm(event))
    return _serialise([(event, component)], method=method)


def build_public_event(
    event: CalendarEvent, *, now: datetime, organizer: Party | None = None
) -> bytes:
    """Return the event for anybody; `organizer` only where it is an office, never a person."""
    component = _build_component(event, now=now, conference=event.url)
    component.add("transp", "OPAQUE")
    if organizer is not None:
        component.add("organizer", _address(organizer))
    return _serialise([(event, component)], method="PUBLISH")


def build_feed(
    events: Iterable[CalendarEvent], *, name: str, now: datetime, is_private: bool = False
) -> bytes:
    """Return a calendar to subscribe to.

    What it lists marks its reader as busy only where it is private: that person's own plan, with
    their own way in (`join_url`).
    """
    components = []
    for event in events:
        conference = event.join_url if is_private else ""
        component = _build_component(event, now=now, conference=conference or event.url)
        component.add("transp", "OPAQUE" if is_private else "TRANSPARENT")
        components.append((event, component))
    return _serialise(components, method="PUBLISH", name=name)


def google_calendar_url(event: CalendarEvent) -> str:
    """Return the address that opens Google Calendar with the event filled in.

    Its link stands once: as the place, which Google shows as a link, or below the description.
    """
    is_place = event.location == _link_of(event)
    period = f"{_compact_utc(event.starts_at)}/{_compact_utc(event.ends_at)}"
    query = {
        "action": "TEMPLATE",
        "text": _short(_one_line(event.title)),
        "dates": period,
        "ctz": event.zone,
        "details": _describe_in_link(event, link="" if is_place else _link_of(event)),
        "location": _short(_one_line(event.location)),
    }
    return f"https://calendar.google.com/calendar/render?{urlencode(query)}"


def outlook_calendar_url(event: CalendarEvent) -> str:
    """Return the address that opens Outlook on the web with the event filled in.

    Its link stands once: below the description, since not every Outlook makes one of a place.
    """
    is_place = event.location == _link_of(event)
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": _short(_one_line(event.title)),
        "startdt": f"{event.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{event.ends_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "body": _describe_in_link(event, link=_link_of(event)),
        **({} if is_place else {"location": _short(_one_line(event.location))}),
    }
    return f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(query)}"


# -- the event ---------------------------------------------------------------------------------


def _build_component(event: CalendarEvent, *, now: datetime, conference: str) -> Event:
    component = Event()
    component.add("uid", _one_line(event.uid))
    component.add("sequence", event.sequence)
    component.add("dtstamp", vDatetime(now.astimezone(UTC)))
    component.add("created", vDatetime(event.created_at.astimezone(UTC)))
    component.add("last-modified", vDatetime(event.updated_at.astimezone(UTC)))
    component.add("summary", _one_line(event.title))
    component.add("status", event.status)
    starts_at, ends_at = _local_times(event)
    component.add("dtstart", starts_at)
    component.add("dtend", ends_at)
    _add_texts(component, event)
    _add_links(component, url=_web_address(event.url), conference=_web_address(conference))
    return component


def _add_texts(component: Event, event: CalendarEvent) -> None:
    if event.description:
        component.add("description", _lines(event.description))
    if event.location:
        component.add("location", _one_line(event.location))


def _add_links(component: Event, *, url: str, conference: str) -> None:
    if url:
        component.add("url", vUri(url))
    if conference:
        parameters = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]}
        component.add("conference", vUri(conference, params=parameters))


def _build_alarm(event: CalendarEvent) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _one_line(event.title) or "-")
    alarm.add("trigger", -REMIND_BEFORE)
    return alarm


def _address(party: Party, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{_one_line(party.email).replace(' ', '')}")
    # RFC 6868 has an escape for the quotation mark, but many calendars show the escape itself.
    name = _one_line(party.name).replace('"', "'")
    if name:
        address.params["CN"] = name
    address.params.update(parameters)
    return address


def _local_times(event: CalendarEvent) -> tuple[datetime, datetime]:
    """Return start and end as they are written: in the event's zone wherever that can be said.

    A local time that the clock shows twice means its first occurrence (RFC 5545, 3.3.5), so the
    second can only be written in UTC.
    """
    if event.zone in UTC_NAMES:
        return event.starts_at.astimezone(UTC), event.ends_at.astimezone(UTC)
    zone = ZoneInfo(event.zone)
    local = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    if local[0].fold or local[1].fold:
        return event.starts_at.astimezone(UTC), event.ends_at.astimezone(UTC)
    return local


# -- the calendar around it --------------------------------------------------------------------


def _serialise(
    components: Sequence[tuple[CalendarEvent, Event]], *, method: str, name: str = ""
) -> bytes:
    """Return the whole calendar, with each zone once."""
    frame = _write_frame(method, name)
    end = b"END:VCALENDAR\r\n"
    zones = _write_zones([event for event, _ in components])
    return b"".join(
        (frame.removesuffix(end), *zones, *(part.to_ical() for _, part in components), end)
    )


@lru_cache(maxsize=64)
def _write_frame(method: str, name: str) -> bytes:
    frame = Calendar()
    frame.add("prodid", PRODUCT)
    frame.add("version", "2.0")
    frame.add("calscale", "GREGORIAN")
    frame.add("method", method)
    if name:
        frame.add("name", vText(_one_line(name)))
        frame.add("x-wr-calname", vText(_one_line(name)))
        frame.add("refresh-interval", REFRESH_FEED_EVERY, parameters={"VALUE": "DURATION"})
        frame.add("x-published-ttl", vDuration(REFRESH_FEED_EVERY))
    return bytes(frame.to_ical())


def _write_zones(events: Iterable[CalendarEvent]) -> list[bytes]:
    years: dict[str, set[int]] = {}
    for event in events:
        if event.zone not in UTC_NAMES:
            years.setdefault(event.zone, set()).update((event.starts_at.year, event.ends_at.year))
    return [
        write_timezone(zone, first_year=min(span), last_year=max(span))
        for zone, span in sorted(years.items())
    ]


# -- texts -------------------------------------------------------------------------------------


def _lines(text: str) -> str:
    """Return the text with plain line ends and without characters a content line can't carry."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = plain.replace("\u2028", "\n").replace("\u2029", "\n").replace("\u0085", "\n")
    return "".join(
        char for char in plain if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")
    )


def _one_line(text: str) -> str:
    return " ".join(_lines(text).split())


def _web_address(url: str) -> str:
    """Return the address with what a URI can't hold percent-encoded; "" unless it is http(s)."""
    address = quote(_one_line(url), safe="%/:=&?~#+!$,;'@()*[]")
    return address if urlsplit(address).scheme in ("http", "https") else ""


def _compact_utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _link_of(event: CalendarEvent) -> str:
    return _web_address(event.join_url or event.url)


def _describe_in_link(event: CalendarEvent, *, link: str) -> str:
    """Return the description with `link` at its end, and the event's own link nowhere else."""
    parts = _lines(event.description).split("\n\n")
    text = "\n\n".join(part for part in parts if part.strip() != _link_of(event))
    return "\n\n".join(part for part in (_short(text), link) if part)


def _short(text: str) -> str:
    if len(text) <= LONGEST_TEXT_IN_A_LINK:
        return text
    return text[: LONGEST_TEXT_IN_A_LINK - 1].rstrip() + "…"
