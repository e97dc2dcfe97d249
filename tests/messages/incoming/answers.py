"""What calendars and mail servers send back, as they write it."""

from __future__ import annotations

import uuid
from email.message import EmailMessage

from tests.registrations.calendar_client import read_itip

REPLY = """\
BEGIN:VCALENDAR
PRODID:-//Somebody//Calendar//EN
VERSION:2.0
METHOD:REPLY
BEGIN:VEVENT
DTSTART:20260324T093000Z
DTEND:20260324T110000Z
DTSTAMP:{stamp}
ORGANIZER;CN=Webinar team:{organizer}
UID:{uid}
ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN=Ada:mailto:{attendee}
SEQUENCE:{sequence}
SUMMARY:Creative hubs
STATUS:CONFIRMED
END:VEVENT
END:VCALENDAR
"""

BOUNCE = """\
Return-Path: <>
Date: Tue, 10 Mar 2026 12:10:00 +0000 (UTC)
From: MAILER-DAEMON@mail.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="1A2B.1/mail.example"
Message-Id: <{message_id}@mail.example>

This is a MIME-encapsulated message.

--1A2B.1/mail.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--1A2B.1/mail.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
X-Postfix-Queue-ID: 1A2B
Arrival-Date: Tue, 10 Mar 2026 12:09:59 +0000 (UTC)

Final-Recipient: rfc822; ada@example.org
Original-Recipient: rfc822;ada@example.org
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: {said}

--1A2B.1/mail.example
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: Webinars <webinars@example.org>
Subject: You are registered
Content-Type: text/plain

The message itself.

--1A2B.1/mail.example--
"""


def answer(invitation: EmailMessage, partstat: str, **changes) -> bytes:
    """Return the REPLY to an invitation, as its attendee's calendar mails it."""
    event = read_itip(invitation).vevent
    facts = {
        "organizer": event.organizer.value,
        "uid": event.uid.value,
        "attendee": event.attendee.value.removeprefix("mailto:"),
        "sequence": event.sequence.value,
        "stamp": "20260310T121000Z",
        "to": event.organizer.value.removeprefix("mailto:"),
        "partstat": partstat,
    }
    return write_reply(**(facts | changes))


def write_reply(*, to: str, attendee: str, message_id: str | None = None, **facts) -> bytes:
    message = EmailMessage()
    message["From"] = f"Ada Attendee <{attendee}>"
    message["To"] = to
    message["Subject"] = "Declined: Creative hubs"
    message["Message-ID"] = message_id or f"<{uuid.uuid4().hex}@mail.example>"
    message.set_content("Ada has answered your invitation.\n")
    calendar = REPLY.format(attendee=attendee, **facts).replace("\n", "\r\n")
    message.add_alternative(
        calendar.encode(), "text", "calendar", params={"method": "REPLY", "charset": "utf-8"}
    )
    return message.as_bytes()


def write_bounce(
    to: str,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "smtp; 550 5.1.1 <ada@example.org>: No such user",
) -> bytes:
    """Return a delivery status notification (RFC 3464), as Postfix writes it."""
    report = BOUNCE.format(
        to=to, action=action, status=status, said=said, message_id=uuid.uuid4().hex
    )
    return report.replace("\n", "\r\n").encode()


def write_note(to: str, text: str = "I can't come.", **headers: str) -> bytes:
    """Return what somebody wrote by hand."""
    message = EmailMessage()
    message["From"] = "Ada Attendee <ada@example.org>"
    message["To"] = to
    message["Subject"] = "Sorry"
    message["Message-ID"] = f"<{uuid.uuid4().hex}@mail.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()
