"""A calendar as an attendee has one: it does what iTIP messages say (RFC 5546, 2.1.5, 3.2).

Each message is read by two parsers that share nothing with what wrote it, and they have to agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import vobject
from ical.calendar_stream import IcsCalendarStream


@dataclass(frozen=True)
class Entry:
    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    address: str
    stamped_at: datetime
    organizer: str
    attendee: str


def read_itip(message: EmailMessage):
    """Return the calendar in a mail, parsed; None for a mail without one."""
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            content = part.get_payload(decode=True).decode()
            calendar = vobject.readOne(content)
            assert part.get_param("method") == calendar.method.value
            assert _read_entry(calendar.vevent) == read_with_another(content)
            return calendar
    return None


class CalendarClient:
    """Holds one person's entries by UID; an older message never undoes a newer one."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.newest: dict[str, tuple[int, datetime]] = {}
        self.organizers: dict[str, str] = {}

    def receive(self, message: EmailMessage) -> None:
        calendar = read_itip(message)
        if calendar is None:
            return
        entry = _read_entry(calendar.vevent)
        # Programs refuse news of an entry from anybody but its organizer.
        assert self.organizers.setdefault(entry.uid, entry.organizer) == entry.organizer
        version = (entry.sequence, entry.stamped_at)
        if version < self.newest.get(entry.uid, (-1, entry.stamped_at)):
            return
        self.newest[entry.uid] = version
        if calendar.method.value == "CANCEL":
            assert calendar.vevent.status.value == "CANCELLED"
            self.entries.pop(entry.uid, None)
            # What was cancelled comes back by a higher SEQUENCE alone.
            self.newest[entry.uid] = (entry.sequence, datetime.max.replace(tzinfo=UTC))
        else:
            self.entries[entry.uid] = entry


def _read_entry(event: Any) -> Entry:
    return Entry(
        uid=event.uid.value,
        sequence=int(event.sequence.value),
        title=event.summary.value,
        starts_at=event.dtstart.value.astimezone(UTC),
        ends_at=event.dtend.value.astimezone(UTC),
        address=event.url.value,
        stamped_at=event.dtstamp.value,
        organizer=event.organizer.value,
        attendee=event.attendee.value,
    )


def read_with_another(content: str) -> Entry:
    """Return the entry of an iTIP message as the library `ical` reads it."""
    [event] = IcsCalendarStream.calendar_from_ics(content).events
    return Entry(
        uid=event.uid,
        sequence=event.sequence or 0,
        title=event.summary or "",
        starts_at=event.dtstart.astimezone(UTC),
        ends_at=event.dtend.astimezone(UTC),
        address=str(event.url),
        stamped_at=event.dtstamp,
        organizer=str(event.organizer.uri),
        attendee=str(event.attendees[0].uri),
    )
