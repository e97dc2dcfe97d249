"""What a webinar asks its readers to do first, and the badge that says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from eventapp.registrations.models import RegistrationMode
from eventapp.registrations.rules import Policy
from eventapp.webinars.models import WebinarStatus

FEW_ARE_ONE_IN = 10
WHILE_OPEN = frozenset({"register", "ask", "invited", "wait", "enter"})


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A badge as `components/badges.html` shows it."""

    label: str
    tone: str


def call_to_action(
    status: WebinarStatus,
    *,
    ends_at: datetime,
    seats_left: int | None,
    policy: Policy,
    now: datetime,
) -> str:
    """Return what comes first for a reader; the templates know each by its name."""
    if status == WebinarStatus.PUBLISHED:
        return _call_before(policy, ends_at=ends_at, seats_left=seats_left, now=now)
    return {
        WebinarStatus.DRAFT: "preview",
        WebinarStatus.LIVE: "enter",
        WebinarStatus.ENDED: "over",
        WebinarStatus.REPLAY_PUBLISHED: "watch",
        WebinarStatus.ARCHIVED: "watch",
        WebinarStatus.CANCELLED: "cancelled",
    }[status]


def _call_before(
    policy: Policy, *, ends_at: datetime, seats_left: int | None, now: datetime
) -> str:
    if ends_at <= now:
        return "over"
    if policy.opens_at is not None and now < policy.opens_at:
        return "soon"
    if policy.closes_at is not None and now >= policy.closes_at:
        return "closed"
    if policy.mode == RegistrationMode.APPROVAL:
        return "ask"
    if seats_left == 0:
        return "wait"
    return "invited" if policy.needs_code else "register"


def describe_seats(capacity: int | None, *, left: int | None) -> str:
    """Say how many seats there are and whether few are left; "" where there is no limit.

    Not how many are left: by that number anyone could try out whether an address is new here.
    """
    if capacity is None or left is None:
        return ""
    if left == 0:
        return str(_("%(all)s, all taken", all=capacity))
    if left <= max(1, capacity // FEW_ARE_ONE_IN):
        return str(_("%(all)s, few left", all=capacity))
    return str(capacity)


def badge_of(call: str) -> Badge:
    """Return the badge that goes with what is asked for."""
    label, tone = {
        "preview": (_("Draft"), "neutral"),
        "soon": (_("Registration opens soon"), "neutral"),
        "register": (_("Registration open"), "accent"),
        "ask": (_("On request"), "accent"),
        "invited": (_("By invitation"), "accent"),
        "wait": (_("Full: waiting list"), "warn"),
        "closed": (_("Registration closed"), "neutral"),
        "enter": (_("Live now"), "live"),
        "over": (_("Ended"), "neutral"),
        "watch": (_("Replay"), "good"),
        "cancelled": (_("Cancelled"), "bad"),
    }[call]
    return Badge(label=label, tone=tone)
