"""Time zones as calendars read them: a VTIMEZONE component (RFC 5545, 3.6.5) for an IANA name.

`icalendar` can derive one from a `tzinfo`, but it dates the start of summer time by the clock after
the change and not before it, and its 64-day steps pass over Morocco's pause of five weeks.
"""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import (
    Component,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vRecur,
    vUTCOffset,
)

# A yearly rule is written only when the zone keeps to it this long after the event; a reader
# that caches the zone for a later event would otherwise be told a change that never comes.
YEARS_A_RULE_MUST_HOLD = 10
FIRST_YEAR, LAST_YEAR = 1, 9998


@dataclass(frozen=True, kw_only=True)
class _Change:
    """The moment a zone's clock is set: `local` is what it showed just before (RFC 5545, 3.6.5)."""

    local: datetime
    offset_from: timedelta
    offset_to: timedelta
    name: str
    is_daylight: bool

    @property
    def observance(self) -> tuple[timedelta, timedelta, str, bool]:
        return self.offset_from, self.offset_to, self.name, self.is_daylight


@lru_cache(maxsize=1024)
def write_timezone(name: str, *, first_year: int, last_year: int) -> bytes:
    """Return the serialised VTIMEZONE for events in these years, right to a year on either side.

    Kept once written: finding the changes of one zone takes 10 to 20 ms.
    """
    zone = ZoneInfo(name)
    first = max(first_year - 1, FIRST_YEAR + 1)
    last = min(last_year + 1, LAST_YEAR - YEARS_A_RULE_MUST_HOLD)
    component = Timezone()
    component.add("tzid", name)
    for observance in _list_observances(zone, first, last):
        component.add_component(observance)
    return bytes(component.to_ical())


def _list_observances(zone: ZoneInfo, first: int, last: int) -> list[Component]:
    """Return one component per kind of change: a yearly rule if the zone keeps one, else dates."""
    changes = [
        change
        for year in range(first, last + YEARS_A_RULE_MUST_HOLD + 1)
        for change in _list_changes(zone, year)
    ]
    kinds: dict[tuple[timedelta, timedelta, str, bool], list[_Change]] = {}
    for change in changes:
        kinds.setdefault(change.observance, []).append(change)
    rules = {kind: _find_rule(kinds[kind], first_year=first, years=last - first) for kind in kinds}
    if kinds and all(rules.values()):
        return [_build_observance(kinds[kind][:1], rules[kind]) for kind in kinds]
    near = [[each for each in kind if each.local.year <= last] for kind in kinds.values()]
    return [
        _build_observance([_state_at(zone, datetime(first, 1, 1, tzinfo=UTC))], None),
        *(_build_observance(kind, None) for kind in near if kind),
    ]


def _build_observance(changes: Sequence[_Change], rule: vRecur | None) -> Component:
    onset, *others = changes
    component = TimezoneDaylight() if onset.is_daylight else TimezoneStandard()
    component.add("dtstart", onset.local)
    component.add("tzoffsetfrom", vUTCOffset(onset.offset_from))
    component.add("tzoffsetto", vUTCOffset(onset.offset_to))
    component.add("tzname", onset.name)
    if rule is not None:
        component.add("rrule", rule)
    # One line a date: some readers see only the first of several in a line.
    for change in others:
        component.add("rdate", change.local)
    return component


def _find_rule(changes: Sequence[_Change], *, first_year: int, years: int) -> vRecur | None:
    """Return e.g. "the last Sunday of March" when every year has the change then, else None."""
    days = [change.local for change in changes]
    every_year = list(range(first_year, first_year + years + YEARS_A_RULE_MUST_HOLD + 1))
    same = {(day.month, day.weekday(), day.time()) for day in days}
    if [day.year for day in days] != every_year or len(same) != 1:
        return None
    ordinals = {(day.day - 1) // 7 + 1 for day in days}
    if all(day.day + 7 > gregorian.monthrange(day.year, day.month)[1] for day in days):
        ordinals = {-1}
    if len(ordinals) != 1:
        return None
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[days[0].weekday()]
    return vRecur(freq="yearly", bymonth=days[0].month, byday=f"{ordinals.pop()}{weekday}")


@lru_cache(maxsize=8192)
def _list_changes(zone: ZoneInfo, year: int) -> tuple[_Change, ...]:
    """Return every change of offset in the year.

    Day by day, and not by larger steps: Morocco has changed its clock for less than five weeks.
    """
    start = datetime(year, 1, 1, tzinfo=UTC)
    end = datetime(year + 1, 1, 1, tzinfo=UTC)
    days = [start + timedelta(days=day) for day in range((end - start).days + 1)]
    groups = groupby(days, key=lambda day: day.astimezone(zone).utcoffset())
    starts = [next(group) for _, group in groups]
    return tuple(_change_before(zone, day) for day in starts[1:])


def _change_before(zone: ZoneInfo, day: datetime) -> _Change:
    """Return the change in the 24 hours before `day`, to the second."""
    early, late = day - timedelta(days=1), day
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=int((late - early).total_seconds()) // 2)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return _state_at(zone, late, offset_from=before)


def _state_at(zone: ZoneInfo, moment: datetime, *, offset_from: timedelta | None = None) -> _Change:
    local = moment.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    offset_from = offset if offset_from is None else offset_from
    return _Change(
        local=(moment + offset_from).replace(tzinfo=None),
        offset_from=offset_from,
        offset_to=offset,
        name=local.tzname() or "",
        is_daylight=(local.dst() or timedelta()) > timedelta(),
    )
