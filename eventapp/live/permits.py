"""Who may listen to a stream, and who may open a stage: signed, so that no database is asked.

A permit names one webinar, one channel and, by a text that says nothing about them, its holder; it
ends by itself, with the stream it opened. It stands in an address, hence in the logs of proxies,
and without a database nobody can call it back. So the desk's, which shows what waits for a
moderator, is short: it outlives a sign-out by minutes, and open desks renew it. So is the stage's,
which ends soon after the stage's address. The room's tells only what the audience may see. Ends are
rounded up, so a page's state stays the same, byte for byte, for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from itsdangerous import BadData, URLSafeSerializer


class Channel(StrEnum):
    """Who listens: the audience, the moderators (who also see what waits), the big screen."""

    ROOM = "room"
    DESK = "desk"
    STAGE = "stage"


# How long a permit lasts at least, and to what its end is rounded up.
LASTS = {
    Channel.ROOM: (timedelta(hours=12), timedelta(hours=1)),
    Channel.STAGE: (timedelta(minutes=10), timedelta(minutes=1)),
    Channel.DESK: (timedelta(minutes=10), timedelta(minutes=1)),
}


@dataclass(frozen=True, kw_only=True)
class Permit:
    webinar_id: int
    channel: Channel
    ends_at: datetime
    who: str


def sign_permit(
    webinar_id: int, *, channel: Channel, secret_key: str, now: datetime, who: str = ""
) -> str:
    """Return a text that lets its holder listen: in the room 12 hours, elsewhere 10 minutes.

    `who` is the holder's, as `listeners` names them; without it the stream is nobody's, and counts
    for one person of its own.
    """
    at_least, step = LASTS[channel]
    ends = (int((now + at_least).timestamp()) // step.seconds + 1) * step.seconds
    return _permits(secret_key).dumps([webinar_id, channel.value, ends, who])


def read_permit(text: str, *, secret_key: str, now: datetime) -> Permit | None:
    """Return what `text` permits; None when it is forged, damaged or over."""
    try:
        webinar_id, channel, ends, who = _permits(secret_key).loads(text)
    except (BadData, TypeError, ValueError):
        return None
    if now.timestamp() >= ends:
        return None
    ends_at = datetime.fromtimestamp(ends, tz=UTC)
    return Permit(webinar_id=webinar_id, channel=Channel(channel), ends_at=ends_at, who=who)


def sign_stage_key(webinar_id: int, *, secret: str, secret_key: str) -> str:
    """Return the key that opens a stage on a screen where nobody is signed in.

    It has no end, since the screen may be set up days before; another `secret` of the room ends it.
    Before the room has one, the key is as it always was.
    """
    return _stage_keys(secret_key).dumps([webinar_id, secret] if secret else webinar_id)


def is_stage_key(text: str, webinar_id: int, *, secret: str, secret_key: str) -> bool:
    named = [webinar_id, secret] if secret else webinar_id
    try:
        return bool(_stage_keys(secret_key).loads(text) == named)
    except BadData:
        return False


def _permits(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="live-stream")


def _stage_keys(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt="live-stage")
