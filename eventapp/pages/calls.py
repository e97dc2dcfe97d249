"""What a webinar asks its readers to do first, and the badge that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from eventapp.webinars.models import WebinarStatus

WHILE_OPEN = frozenset({"register", "wait", "enter"})


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A badge as `components/badges.html` shows it."""

    label: str
    tone: str


def call_to_action(
    status: WebinarStatus, *, ends_at: datetime, seats_left: int | None, now: datetime
) -> str:
    """Return what comes first for a reader; the templates know each by its name."""
    if status == WebinarStatus.PUBLISHED and ends_at <= now:
        return "over"
    if status == WebinarStatus.PUBLISHED and seats_left == 0:
        return "wait"
    return {
        WebinarStatus.DRAFT: "preview",
        WebinarStatus.PUBLISHED: "register",
        WebinarStatus.LIVE: "enter",
        WebinarStatus.ENDED: "over",
        WebinarStatus.REPLAY_PUBLISHED: "watch",
        WebinarStatus.ARCHIVED: "watch",
        WebinarStatus.CANCELLED: "cancelled",
    }[status]


def badge_of(call: str) -> Badge:
    """Return the badge that goes with what is asked for."""
    label, tone = {
        "preview": (_("Draft"), "neutral"),
        "register": (_("Registration open"), "accent"),
        "wait": (_("Full: waiting list"), "warn"),
        "enter": (_("Live now"), "live"),
        "over": (_("Ended"), "neutral"),
        "watch": (_("Replay"), "good"),
        "cancelled": (_("Cancelled"), "bad"),
    }[call]
    return Badge(label=label, tone=tone)
