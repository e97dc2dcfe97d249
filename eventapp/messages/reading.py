"""A message as the desk shows it.

Personal links open doors, so they are masked. Only where no mail server is set up the real link is
shown: then somebody has to hand it over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import gettext as _
from icalendar import Calendar

from eventapp.core.mailer import OutgoingMail, can_send, fill_calendar
from eventapp.core.reply_addresses import reply_address
from eventapp.core.tokens import derive_token

MASK = "hidden"
# Also inside the link of a program that checks links first, and where a quotation was cut.
DOOR_TOKEN = re.compile(r"((?:/|%2F)[rs](?:/|%2F))[A-Za-z0-9_-]{20,}", re.IGNORECASE)
RESET_TOKEN = re.compile(r"(/manage/forgotten-password/)[^\s\"'<>?]+")


@dataclass(frozen=True, kw_only=True)
class CalendarEntry:
    """What an iTIP message says, for people; `text` is the message itself."""

    method: str
    summary: str
    starts_at: datetime
    zone: str
    organizer: str
    attendee: str
    sequence: int
    uid: str
    text: str


def are_links_shown() -> bool:
    return not can_send()


def read_text(mail: OutgoingMail) -> str:
    return _mask_reset(mail.body_text).replace(mail.placeholder, _token_for(mail))


def read_html(mail: OutgoingMail) -> str:
    return _mask_reset(mail.body_html).replace(mail.placeholder, _token_for(mail))


def hide_doors(text: str) -> str:
    """Return what somebody sent without the personal links that it quotes."""
    return DOOR_TOKEN.sub(rf"\1{MASK}", text)


def read_reply_to(mail: OutgoingMail) -> str:
    """Return in words where an answer to a message goes."""
    if mail.reply_to:
        return mail.reply_to.replace('"', "")
    comes_here = reply_address() is not None and mail.webinar_id is not None
    return str(_("this site, under “What came back”") if comes_here else _("the sender"))


def _mask_reset(body: str) -> str:
    """Hide the way to a new password: it would open one organiser's account to another."""
    return body if are_links_shown() else RESET_TOKEN.sub(rf"\1{MASK}", body)


def read_calendar(mail: OutgoingMail) -> CalendarEntry | None:
    """Return the calendar part; None for a message without one."""
    if mail.calendar is None:
        return None
    content = fill_calendar(mail.calendar, placeholder=mail.placeholder, token=_token_for(mail))
    calendar = Calendar.from_ical(content)
    event = calendar.walk("VEVENT")[0]
    starts_at: datetime = event.decoded("DTSTART")
    return CalendarEntry(
        method=str(calendar.get("METHOD", "")),
        summary=str(event.get("SUMMARY", "")),
        starts_at=starts_at.astimezone(UTC),
        zone=str(event["DTSTART"].params.get("TZID", "UTC")),
        organizer=_party(event.get("ORGANIZER")),
        attendee=_party(event.get("ATTENDEE")),
        sequence=int(event.get("SEQUENCE", 0)),
        uid=str(event.get("UID", "")),
        text=content.decode().replace("\r\n", "\n"),
    )


def _token_for(mail: OutgoingMail) -> str:
    if mail.door and are_links_shown():
        return derive_token(*mail.door.split(":", 1))
    return MASK


def _party(address: object) -> str:
    return str(address or "").removeprefix("mailto:")
