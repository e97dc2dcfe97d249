"""Decisions about reactions: when they are taken, and in which ten seconds they count."""

from __future__ import annotations

from datetime import UTC, datetime

from eventapp.audience_reactions.refusals import ReactionsAreClosed
from eventapp.webinars.models import Webinar, WebinarStatus

BUCKET_SECONDS = 10
MOST_AT_ONCE = 5


def can_react(webinar: Webinar) -> bool:
    return webinar.status is WebinarStatus.LIVE


def check_can_react(webinar: Webinar) -> None:
    if not can_react(webinar):
        raise ReactionsAreClosed


def bucket_of(moment: datetime) -> datetime:
    """Return when the ten seconds began that `moment` lies in."""
    seconds = int(moment.timestamp())
    return datetime.fromtimestamp(seconds - seconds % BUCKET_SECONDS, tz=UTC)


def clamp_count(count: int | None) -> int:
    """Return how many reactions a sending brings: one where it doesn't say, five at most."""
    return min(max(count or 1, 1), MOST_AT_ONCE)
