"""Who may listen to a stream, and who may open a stage: signed, so that no database is asked.

A permit names one webinar and one channel and ends by itself. Its end is rounded to the hour, so a
page's state stays the same, byte for byte, for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer

LASTS = timedelta(hours=12)
HOUR = 3600


class Channel(StrEnum):
    """Who listens: the audience, the moderators (who also see what waits), the big screen."""

    ROOM = "room"
    DESK = "desk"
    STAGE = "stage"


@dataclass(frozen=True, kw_only=True)
class Permit:
    webinar_id: int
    channel: Channel


def sign_permit(permit: Permit, *, secret_key: str, now: datetime) -> str:
    """Return a text that lets its holder listen for 12 to 13 hours."""
    ends = (int((now + LASTS).timestamp()) // HOUR + 1) * HOUR
    return _permits(secret_key).dumps([permit.webinar_id, permit.channel.value, ends])


def read_permit(text: str, *, secret_key: str, now: datetime) -> Permit | None:
    """Return what `text` permits; None when it is forged, damaged or over."""
    try:
        webinar_id, channel, ends = _permits(secret_key).loads(text)
    except (BadData, TypeError, ValueError):
        return None
    if now.timestamp() >= ends:
        return None
    return Permit(webinar_id=webinar_id, channel=Channel(channel))


def sign_stage_key(webinar_id: int, *, secret_key: str) -> str:
    """Return the key that opens a closed room's stage on a screen where nobody is signed in."""
    return _stage_keys(secret_key).dumps(webinar_id)


def is_stage_key(text: str, webinar_id: int, *, secret_key: str) -> bool:
    try:
        return bool(_stage_keys(secret_key).loads(text) == webinar_id)
    except BadData:
        return False


def _permits(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="live-stream")


def _stage_keys(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="live-stage")
