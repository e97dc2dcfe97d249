"""Bytes from anywhere as a message that can be judged; nothing that they hold is an error."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import Message

from structlog import get_logger

from eventapp.messages.incoming.bounces import Bounce, find_bounce
from eventapp.messages.incoming.calendar_replies import CalendarReply, find_reply
from eventapp.messages.incoming.parts import (
    IsUnreadable,
    list_headers,
    one_line,
    parse_headers,
    parse_message,
    read_header,
    read_party,
    read_text,
)
from eventapp.messages.reading import hide_doors

MESSAGE_ID = re.compile(r"<[^<>\s]{1,400}>")
# Who a message was for: as it was written, and as the servers on its way noted it.
RECIPIENT_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc", "Resent-To")
AUTOMATIC_HEADERS = ("X-Autoreply", "X-Autorespond")
AUTOMATIC_PRECEDENCE = frozenset({"auto_reply", "bulk", "junk"})

log = get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class ReceivedMail:
    """What a message says, all of it plain text; `addressed_to` holds headers as they came.

    Personal links that it quotes are hidden, as everywhere at the desk.
    """

    message_id: str
    from_name: str = ""
    from_address: str = ""
    subject: str = ""
    text: str = ""
    addressed_to: tuple[str, ...] = ()
    is_automatic: bool = False
    is_readable: bool = True
    reply: CalendarReply | None = None
    bounce: Bounce | None = None


def read_mail(raw: bytes, *, recipients: Sequence[str] = ()) -> ReceivedMail:
    """Read a message; `recipients` are those on its envelope, where they are known."""
    try:
        return _read(raw, recipients)
    except Exception:
        # The library has its bugs, too; the message is kept for a person all the same.
        log.exception("mail_not_understood", message_hash=_hash(raw))
        return ReceivedMail(
            message_id=_hash(raw), addressed_to=tuple(recipients), is_readable=False
        )


def _read(raw: bytes, recipients: Sequence[str]) -> ReceivedMail:
    is_readable = True
    try:
        message = parse_message(raw)
    except IsUnreadable:
        message, is_readable = parse_headers(raw), False
    reply = find_reply(message)
    from_name, from_address = read_party(message)
    return ReceivedMail(
        message_id=_read_message_id(message, raw),
        from_name=hide_doors(from_name),
        from_address=from_address,
        subject=hide_doors(read_header(message, "Subject")),
        text=hide_doors(_add_comment(read_text(message), reply)),
        addressed_to=(*recipients, *_list_addresses(message, reply)),
        is_automatic=_is_automatic(message),
        reply=reply,
        is_readable=is_readable,
        bounce=_read_bounce(message),
    )


def _read_bounce(message: Message) -> Bounce | None:
    bounce = find_bounce(message)
    return replace(bounce, reason=hide_doors(bounce.reason)) if bounce else None


def _list_addresses(message: Message, reply: CalendarReply | None) -> list[str]:
    headers = [value for name in RECIPIENT_HEADERS for value in list_headers(message, name)]
    return [*headers, f"<{reply.organizer}>"] if reply else headers


def _read_message_id(message: Message, raw: bytes) -> str:
    found = MESSAGE_ID.search(one_line(next(list_headers(message, "Message-ID"), "")))
    return found.group() if found else _hash(raw)


def _hash(raw: bytes) -> str:
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"


def _is_automatic(message: Message) -> bool:
    """Whether a program wrote it (RFC 3834, 5, and what was customary before)."""
    said = read_header(message, "Auto-Submitted").lower()
    return (
        said not in {"", "no"}
        or read_header(message, "Precedence").lower() in AUTOMATIC_PRECEDENCE
        or any(name in message for name in AUTOMATIC_HEADERS)
    )


def _add_comment(text: str, reply: CalendarReply | None) -> str:
    """Return the text with what somebody wrote beside their answer, unless it is there already."""
    if reply is None or reply.comment in text:
        return text
    return f"{text}\n\n{reply.comment}".strip()
