"""A calendar as an attendee has one: it does what iTIP messages say (RFC 5546, 2.1.5, 3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage

import vobject


@dataclass(frozen=True)
class Entry:
    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    address: str


def read_itip(message: EmailMessage):
    """Return the calendar in a mail, parsed; None for a mail without one."""
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            calendar = vobject.readOne(part.get_payload(decode=True).decode())
            assert part.get_param("method") == calendar.method.value
            return calendar
    return None


class CalendarClient:
    """Holds one person's entries by UID; an older message never undoes a newer one."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.newest: dict[str, int] = {}

    def receive(self, message: EmailMessage) -> None:
        calendar = read_itip(message)
        if calendar is None:
            return
        entry = _read_entry(calendar.vevent)
        if entry.sequence < self.newest.get(entry.uid, 0):
            return
        self.newest[entry.uid] = entry.sequence
        if calendar.method.value == "CANCEL":
            assert calendar.vevent.status.value == "CANCELLED"
            self.entries.pop(entry.uid, None)
        else:
            self.entries[entry.uid] = entry


def _read_entry(event) -> Entry:
    return Entry(
        uid=event.uid.value,
        sequence=int(event.sequence.value),
        title=event.summary.value,
        starts_at=event.dtstart.value.astimezone(UTC),
        ends_at=event.dtend.value.astimezone(UTC),
        address=event.url.value,
    )
