"""Addresses that mail comes back to, each with a token after a plus (RFC 5233).

`replies+r<token>@…` is where one registration's calendar answers; to `replies+b<token>@…` a mail
server returns one message. They are found wherever a header holds them, in capitals or not: what
stands between may have written them anew, and the token alone is what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from flask import current_app

from eventapp.core.tokens import is_sealed, read_number, seal_number

MOST_MARKS = 10
EXTENSION = re.compile(r"\+([rb])([a-z2-7]{24})@", re.IGNORECASE)


class Marking(StrEnum):
    """What a reply address stands for."""

    REGISTRATION = "r"
    MESSAGE = "b"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """The token of a reply address, and the row that it claims to be for."""

    marking: Marking
    number: int
    token: str

    def fits(self, uid: str) -> bool:
        """Whether we wrote this token for the row of that number and this uid."""
        return is_sealed(self.token, self.marking, self.number, uid=uid)


def reply_address() -> str | None:
    """Return the address that replies are received at; None where none is configured."""
    address: str | None = current_app.config["EVENTAPP"].reply_address
    return address


def mark_address(marking: Marking, number: int, *, uid: str) -> str | None:
    """Return the reply address of one row; None where none is configured."""
    address = reply_address()
    if address is None:
        return None
    local, _, domain = address.partition("@")
    return f"{local}+{marking}{seal_number(marking, number, uid=uid)}@{domain}"


def read_marks(headers: Iterable[str]) -> list[Mark]:
    """Return the first marks in headers with addresses, in their order; unchecked: ask `fits`.

    Each is looked up, so nobody gets to write any number of them.
    """
    marks = (
        Mark(marking=Marking(found[1].lower()), number=number, token=found[2])
        for header in headers
        for found in EXTENSION.finditer(header)
        if (number := read_number(found[1].lower(), found[2])) is not None
    )
    return list(islice(marks, MOST_MARKS))
