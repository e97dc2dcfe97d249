"""Decisions about access codes: what they look like, and whom they let in."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime

from eventapp.registrations.models import AccessCode
from eventapp.registrations.refusals import (
    CodeIsMissing,
    CodeIsTooShort,
    CodeIsUsedUp,
    CodeIsWrong,
    CodesAreOfNoUse,
    CodeWasUsedMeanwhile,
)
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.rules import can_register

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what is taken for something else
CODE_LENGTH = 10
SHORTEST_CODE = 6
LONGEST_CODE = 40


def make_code() -> str:
    """Return a code that nobody guesses (50 bits) and that can be read out."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def normalise_code(text: str) -> str:
    """Return a code as it is kept: capitals and digits, however it was typed."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(char for char in plain if char.isalnum())[:LONGEST_CODE]


def can_invite(webinar: Webinar, *, now: datetime) -> bool:
    """Whether a new code is of use to somebody: now, or once the webinar is published."""
    return webinar.status == WebinarStatus.DRAFT or can_register(webinar, now=now)


def check_can_invite(webinar: Webinar, *, now: datetime) -> None:
    if not can_invite(webinar, now=now):
        raise CodesAreOfNoUse


def check_new_code(code: str) -> None:
    if len(code) < SHORTEST_CODE:
        raise CodeIsTooShort


def check_code(code: AccessCode | None, *, typed: str, email_key: str) -> None:
    """Refuse a code that is missing, unknown, revoked, or somebody else's; how often is apart."""
    if not normalise_code(typed):
        raise CodeIsMissing
    if code is None or code.revoked_at is not None:
        raise CodeIsWrong
    if code.email_key and code.email_key != email_key:
        raise CodeIsWrong


def check_lets_back(code: AccessCode | None, *, uses: int) -> None:
    """Refuse who comes back by a code that was revoked, or whose use somebody else has by now."""
    if code is None:
        raise CodeIsMissing
    if code.revoked_at is not None:
        raise CodeIsWrong
    if code.most_uses is not None and uses >= code.most_uses:
        raise CodeIsUsedUp


def check_lets_in_late(code: AccessCode, *, uses: int) -> None:
    """Refuse who confirms the address when their place is no longer kept, nor their use."""
    try:
        check_lets_back(code, uses=uses)
    except CodeIsWrong as refusal:
        raise CodeWasUsedMeanwhile from refusal
