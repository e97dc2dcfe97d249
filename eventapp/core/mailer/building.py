"""A ledger row as the e-mail that travels (RFC 5322, RFC 2045).

The bytes are put together here and not by the standard library: a mailing builds thousands of
messages, of which only a few lines differ.
"""

from __future__ import annotations

import binascii
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any

import idna
import sqlalchemy as sa

from eventapp.core.mailer.folding import (
    LONGEST_LINE,
    PLAIN_NAME,
    check_header,
    fold_content_line,
    write_address,
    write_text,
)
from eventapp.core.mailer.ledger import OutgoingMail
from eventapp.core.tokens import derive_token

# As the database gives it: whole, or one of many.
LedgerRow = OutgoingMail | sa.Row[Any]

BASE64_LINE = 76
CONTENT_LINE_END = re.compile(rb"\r\n(?! )")
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9.-]+")


@dataclass(frozen=True, kw_only=True)
class BuiltEmail:
    """A message as it travels: what stands on the envelope, and the bytes in it."""

    sender: str
    recipient: str
    content: bytes


def build_email(row: LedgerRow, *, sender: str, returns_to: str | None = None) -> BuiltEmail:
    """Return `row` as an e-mail with its personal links filled in.

    `returns_to` is where a server sends it back to that can't deliver it; None for the sender.
    People's answers go there too where a webinar names nobody for them. Answers to what is about
    an account don't: they may quote the way to a new password.
    Raises ValueError for what no e-mail can carry, such as an address that isn't one.
    """
    token = derive_token(*row.door.split(":", 1)) if row.door else row.placeholder
    headers = _write_headers(row, sender=sender, token=token, returns_to=returns_to)
    return BuiltEmail(
        sender=returns_to or _address_in(sender),
        recipient=_bare_address(row.to_address),
        content="".join(map(check_header, headers)).encode("ascii") + _write_body(row, token=token),
    )


# -- headers -----------------------------------------------------------------------------------


def _write_headers(
    row: LedgerRow, *, sender: str, token: str, returns_to: str | None
) -> Iterator[str]:
    yield _write_text("Subject", one_line(row.subject))
    yield _write_party("From", sender)
    yield _write_recipient(one_line(row.to_name), row.to_address)
    yield _write_date(row.created_at)
    yield f"Message-ID: {one_line(row.message_id)}\r\n"
    # RFC 3834, 5: so that nobody's holiday notice answers. "Precedence" is no standard's.
    yield "Auto-Submitted: auto-generated\r\n"
    if row.reply_to:
        yield _write_party("Reply-To", row.reply_to)
    elif returns_to and row.webinar_id is not None:
        yield _write_returning(returns_to)
    if row.unsubscribe_url:
        address = one_line(row.unsubscribe_url.replace(row.placeholder, token))
        # RFC 8058, 3.1: one click, without a page in between.
        yield f"List-Unsubscribe: <{address}>\r\n"
        yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    yield "MIME-Version: 1.0\r\n"


_write_text = lru_cache(maxsize=256)(write_text)


@lru_cache(maxsize=256)
def _write_date(moment: datetime) -> str:
    return f"Date: {format_datetime(moment)}\r\n"


@lru_cache(maxsize=256)
def _write_party(name: str, text: str) -> str:
    return write_address(name, parse_address(text))


def _write_returning(address: str) -> str:
    """Write an address of one message only, which isn't worth remembering."""
    line = f"Reply-To: {address}\r\n"
    is_plain = PLAIN_ADDRESS.fullmatch(address) and len(line) <= LONGEST_LINE
    return line if is_plain else write_address("Reply-To", address_of("", address))


def _write_recipient(name: str, address: str) -> str:
    """Write to whom; most names and addresses need no care."""
    line = f"To: {name} <{address}>\r\n"
    is_plain = PLAIN_NAME.fullmatch(name) and PLAIN_ADDRESS.fullmatch(address)
    if is_plain and len(line) <= LONGEST_LINE:
        return line
    return write_address("To", address_of(name, address))


def _bare_address(address: str) -> str:
    """Return an address as the envelope holds it."""
    is_plain = PLAIN_ADDRESS.fullmatch(address)
    return address if is_plain else address_of("", address).addr_spec


@lru_cache(maxsize=256)
def _address_in(text: str) -> str:
    return parse_address(text).addr_spec


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
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = (" " if unicodedata.category(char)[0] in "CZ" else char for char in text)
    return " ".join("".join(kept).split())


# -- parts -------------------------------------------------------------------------------------


def _write_body(row: LedgerRow, *, token: str) -> bytes:
    """Write the rest: the text in both forms, and the calendar twice where there is one.

    The calendar is an alternative (RFC 6047, 2.4), which calendars act on, and a file, which
    everybody else can open.
    """
    # It is this message's own, so that nothing in its parts can be taken for it.
    boundary = one_line(row.message_id).strip("<>").partition("@")[0]
    readings = [
        _write_words("plain", row.body_text.replace(row.placeholder, token)),
        _write_words("html", row.body_html.replace(row.placeholder, token)),
    ]
    if row.calendar is None:
        return _join("alternative", readings, boundary=f"=_{boundary}")
    calendar = _in_base64(fill_calendar(row.calendar, placeholder=row.placeholder, token=token))
    method = row.calendar_method or "PUBLISH"
    kind = f'text/calendar; charset="utf-8"; method="{method}"'
    readings.append(_write_part(kind, "base64", calendar))
    attached = _write_part(
        "application/ics", "base64", calendar, disposition='attachment; filename="invite.ics"'
    )
    return _join(
        "mixed",
        [_join("alternative", readings, boundary=f"=_a{boundary}"), attached],
        boundary=f"=_{boundary}",
    )


def _join(kind: str, parts: Iterable[bytes], *, boundary: str) -> bytes:
    mark = f"--{boundary}".encode("ascii")
    head = f'Content-Type: multipart/{kind};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    return b"".join([head, *(b"%b\r\n%b\r\n" % (mark, part) for part in parts), mark, b"--\r\n"])


def _write_words(subtype: str, text: str) -> bytes:
    """Write a text: as it is where any server takes it (RFC 6152), else in quoted-printable."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    kind = f'text/{subtype}; charset="utf-8"'
    if text.isascii() and max(map(len, lines)) <= LONGEST_LINE:
        return _write_part(kind, "7bit", "\r\n".join([*lines, ""]).encode())
    return _write_part(kind, "quoted-printable", b"\r\n".join([*map(_quote_line, lines), b""]))


@lru_cache(maxsize=1024)
def _quote_line(line: str) -> bytes:
    """Write a line in quoted-printable; most lines of a mailing are the same in each message."""
    return binascii.b2a_qp(line.encode(), istext=True).replace(b"=\n", b"=\r\n")


def _write_part(kind: str, encoding: str, content: bytes, *, disposition: str = "") -> bytes:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n"
    if disposition:
        head += f"Content-Disposition: {disposition}\r\n"
    return b"%b\r\n%b" % (head.encode("ascii"), content)


def _in_base64(content: bytes) -> bytes:
    text = b64encode(content)
    lines = (text[at : at + BASE64_LINE] for at in range(0, len(text), BASE64_LINE))
    return b"".join(b"%b\r\n" % line for line in lines)


def fill_calendar(content: bytes, *, placeholder: str, token: str) -> bytes:
    """Put `token` into an iTIP message, and fold anew the lines that hold it (RFC 5545, 3.1)."""
    wanted, filling = placeholder.encode(), token.encode()
    lines = CONTENT_LINE_END.split(content)
    for number, line in enumerate(lines):
        # A fold may stand anywhere, also within a placeholder.
        whole = line.replace(b"\r\n ", b"") if b"\r" in line else line
        if wanted in whole:
            lines[number] = fold_content_line(whole.replace(wanted, filling))
    return b"\r\n".join(lines)
