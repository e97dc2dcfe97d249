"""The shape of what the desk sends: small, and hostile until it is read."""

from __future__ import annotations

import re
import secrets

from werkzeug.datastructures import MultiDict

from eventapp.core.errors import NotFound
from eventapp.core.tokens import LARGEST_NUMBER
from eventapp.questions.actions import RoomChanges
from eventapp.questions.desk_refusals import SlowModeIsOutOfRange

LONGEST_KEY = 64
NUMBER = re.compile(r"[0-9]{1,10}")
SWITCHES = ("is_moderated", "is_closed", "is_open_early", "shows_names_to_desk")


def read_id(text: str) -> int:
    """Return the id of a row. Raises NotFound for what no row can have."""
    number = _read_number(text)
    if number is None:
        raise NotFound
    return number


def read_key(text: str) -> str:
    """Return the key that makes what is sent twice one thing; a new one where none was sent."""
    return text[:LONGEST_KEY] or secrets.token_urlsafe(16)


def read_optional_id(text: str) -> int | None:
    return read_id(text) if text.strip() else None


def read_room_changes(form: MultiDict[str, str]) -> RoomChanges:
    """Return the settings that were sent; all others stay. Refuses: SlowModeIsOutOfRange.

    A box that is checked sends its 1 after the 0 that stands for its being empty.
    """
    switches = {name: form.getlist(name)[-1] == "1" for name in SWITCHES if name in form}
    return RoomChanges(
        **switches,
        slow_seconds=_read_seconds(form["slow_seconds"]) if "slow_seconds" in form else None,
        blocked_words=form.get("blocked_words"),
    )


def _read_seconds(text: str) -> int:
    seconds = _read_number(text)
    if seconds is None:
        raise SlowModeIsOutOfRange
    return seconds


def _read_number(text: str) -> int | None:
    stripped = text.strip()
    number = int(stripped) if NUMBER.fullmatch(stripped) else None
    return number if number is not None and number <= LARGEST_NUMBER else None
