"""A ledger row as the e-mail that travels."""

from __future__ import annotations

import unicodedata
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

import idna
from icalendar import Calendar

from eventapp.core.mailer.folding import MailPolicy
from eventapp.core.mailer.ledger import OutgoingMail
from eventapp.core.reply_addresses import Marking, mark_address
from eventapp.core.tokens import derive_token

# Not every server takes 8-bit text (RFC 6152), so it is encoded.
POLICY = MailPolicy(linesep="\r\n", cte_type="7bit")


def build_email(row: OutgoingMail, *, sender: str) -> EmailMessage:
    """Return `row` as an e-mail with its personal links filled in.

    Raises ValueError for what no e-mail can carry, such as an address that isn't one.
    """
    built = EmailMessage(policy=POLICY)
    _add_headers(built, row, sender=sender)
    token = derive_token(*row.door.split(":", 1)) if row.door else row.placeholder
    built.set_content(row.body_text.replace(row.placeholder, token))
    built.add_alternative(row.body_html.replace(row.placeholder, token), subtype="html")
    if row.calendar is not None:
        calendar = fill_calendar(row.calendar, placeholder=row.placeholder, token=token)
        _add_calendar(built, calendar, method=row.calendar_method)
    return built


def _add_headers(built: EmailMessage, row: OutgoingMail, *, sender: str) -> None:
    built["Subject"] = one_line(row.subject)
    built["From"] = parse_address(sender)
    built["To"] = address_of(row.to_name, row.to_address)
    built["Date"] = row.created_at
    built["Message-ID"] = row.message_id
    # RFC 3834, 5: so that nobody's holiday notice answers.
    built["Auto-Submitted"] = "auto-generated"
    bounces_go_to = mark_address(Marking.MESSAGE, row.id, uid=row.message_id)
    if bounces_go_to:
        built["Return-Path"] = bounces_go_to
    if row.reply_to:
        built["Reply-To"] = parse_address(row.reply_to)


def parse_address(text: str) -> Address:
    """Read "Name <address>" or a bare address."""
    name, address = parseaddr(one_line(text))
    return address_of(name, address)


def address_of(name: str, address: str) -> Address:
    """Return an address as a header holds it; an international domain in its ASCII form."""
    local, at, domain = one_line(address).rpartition("@")
    if not (local and at and domain):
        message = f"no e-mail address: {address!r}"
        raise ValueError(message)
    if not domain.isascii():
        domain = idna.encode(domain, uts46=True).decode()
    return Address(display_name=one_line(name), username=local, domain=domain)


def one_line(text: str) -> str:
    """Return `text` without line breaks and control characters, which could begin a new header."""
    kept = (" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    return " ".join("".join(kept).split())


def fill_calendar(content: bytes, *, placeholder: str, token: str) -> bytes:
    """Put `token` into an iTIP message and fold its lines anew (RFC 5545, 3.1)."""
    unfolded = content.decode().replace("\r\n ", "").replace(placeholder, token)
    return bytes(Calendar.from_ical(unfolded).to_ical())


def _add_calendar(built: EmailMessage, calendar: bytes, *, method: str | None) -> None:
    """Add the iTIP message twice.

    As an alternative (RFC 6047, 2.4), which calendars act on, and as a file, which everybody else
    can open.
    """
    built.add_alternative(
        calendar,
        "text",
        "calendar",
        params={"method": method or "PUBLISH", "charset": "utf-8"},
        cte="base64",
    )
    del built.get_payload()[-1]["Content-Disposition"]  # type: ignore[union-attr, index]
    built.add_attachment(calendar, "application", "ics", filename="invite.ics")
