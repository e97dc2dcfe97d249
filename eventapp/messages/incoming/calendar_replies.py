"""What a calendar answers: the iTIP message REPLY (RFC 5546, 3.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from typing import Any

from icalendar import Calendar

from eventapp.messages.incoming.parts import one_line, read_content, walk_parts

LARGEST = 100_000
MOST_ATTENDEES = 20
KINDS = frozenset({"text/calendar", "application/ics"})


@dataclass(frozen=True, kw_only=True)
class CalendarReply:
    """An answer to one invitation.

    `answers` holds each attendee's address with the PARTSTAT given, in capitals; there should be
    one. `stamped_at` is when it was given (DTSTAMP), None where that isn't said. `organizer` is
    whom it is addressed to.
    """

    uid: str
    sequence: int
    answers: tuple[tuple[str, str], ...]
    organizer: str = ""
    comment: str = ""
    stamped_at: datetime | None = None


def find_reply(message: Message) -> CalendarReply | None:
    """Return the REPLY in a message; None for a message without one that can be read."""
    for part in walk_parts(message):
        if part.get_content_type() in KINDS:
            reply = parse_reply(read_content(part))
            if reply is not None:
                return reply
    return None


def parse_reply(content: str) -> CalendarReply | None:
    if len(content) > LARGEST:
        return None
    try:
        calendar = Calendar.from_ical(content)
        if str(calendar.get("METHOD", "")).upper() != "REPLY":
            return None
        return _read_event(calendar.walk("VEVENT")[0])
    except Exception:  # noqa: BLE001 - the parser raises many things over what isn't iCalendar
        return None


def _read_event(event: Any) -> CalendarReply:
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    return CalendarReply(
        uid=one_line(str(event.get("UID", ""))),
        sequence=int(event.get("SEQUENCE", 0)),
        answers=tuple(_read_answer(attendee) for attendee in attendees[:MOST_ATTENDEES]),
        organizer=_read_address(event.get("ORGANIZER", "")),
        comment=one_line(str(event.get("COMMENT", ""))),
        stamped_at=_read_stamp(event),
    )


def _read_answer(attendee: Any) -> tuple[str, str]:
    said = str(attendee.params.get("PARTSTAT", "NEEDS-ACTION"))
    return _read_address(attendee), one_line(said).upper()


def _read_address(party: Any) -> str:
    address = one_line(str(party))
    return address[len("mailto:") :] if address.lower().startswith("mailto:") else address


def _read_stamp(event: Any) -> datetime | None:
    """Return DTSTAMP; it has to be in UTC (RFC 5545, 3.8.7.2), and is none otherwise."""
    stamp = getattr(event.get("DTSTAMP"), "dt", None)
    if not isinstance(stamp, datetime) or stamp.tzinfo is None:
        return None
    return stamp.astimezone(UTC)
