"""The planned agenda against what really happens; pure, and given `now`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from eventapp.webinars.models import AgendaItem, Webinar
from eventapp.webinars.rules import PlannedItem, plan_agenda

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class ItemPace:
    """A part of the agenda: when it was planned, when it began, and how late (negative: early)."""

    item: AgendaItem
    planned_at: datetime
    began_at: datetime | None
    late: timedelta | None

    @property
    def minutes_late(self) -> int | None:
        return None if self.late is None else to_minutes(self.late)


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Where the webinar stands against its plan.

    `running` ends at `ends_at` if it takes as long as planned, and was planned to end at
    `planned_end`. `late` is how far the rest is behind by now: from the end of its time on, a
    running part makes all that follows later every minute. `next_item` comes after it.
    """

    items: list[ItemPace]
    running: AgendaItem | None
    ends_at: datetime | None
    planned_end: datetime | None
    late: timedelta | None
    next_item: PlannedItem | None


def measure_pace(
    webinar: Webinar, *, started: Mapping[int, datetime], running_id: int | None, now: datetime
) -> Pace:
    """Compare the plan with when each part began; `running_id` is the part that runs now."""
    planned = plan_agenda(webinar)
    running = next((plan for plan in planned if plan.item.id == running_id), None)
    ends_at = _ends_at(running, started)
    return Pace(
        items=[_pace_of(plan, started.get(plan.item.id)) for plan in planned],
        running=running.item if running else None,
        ends_at=ends_at,
        planned_end=running.ends_at if running else None,
        late=max(ends_at, now) - running.ends_at if running and ends_at else None,
        next_item=_find_next(planned, running, started),
    )


def to_minutes(late: timedelta) -> int:
    return round(late / MINUTE)


def _pace_of(plan: PlannedItem, began_at: datetime | None) -> ItemPace:
    return ItemPace(
        item=plan.item,
        planned_at=plan.starts_at,
        began_at=began_at,
        late=began_at - plan.starts_at if began_at else None,
    )


def _ends_at(running: PlannedItem | None, started: Mapping[int, datetime]) -> datetime | None:
    began_at = started.get(running.item.id) if running else None
    return began_at + timedelta(minutes=running.item.minutes) if running and began_at else None


def _find_next(
    planned: list[PlannedItem], running: PlannedItem | None, started: Mapping[int, datetime]
) -> PlannedItem | None:
    """What follows the running part; while none is running, the first that hasn't begun."""
    following = planned[planned.index(running) + 1 :] if running else planned
    return next((plan for plan in following if running or plan.item.id not in started), None)
