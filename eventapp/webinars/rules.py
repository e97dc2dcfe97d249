"""What may be done with a webinar, and when; no clock, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from eventapp.webinars.models import AgendaItem, Webinar, WebinarStatus
from eventapp.webinars.refusals import (
    AlreadyCancelled,
    AlreadyPublished,
    CannotArchive,
    CannotBringBack,
    CannotCancel,
    CannotDelete,
    CannotEdit,
    CannotEnd,
    CannotGoLive,
    CannotMoveIntoThePast,
    CannotPublish,
    CannotPublishReplay,
    CannotWithdrawReplay,
    EndsBeforeStart,
    IsTooLong,
    TimeDoesNotExist,
)

EARLY = timedelta(minutes=30)
LONGEST = timedelta(hours=24)

OPEN = frozenset({WebinarStatus.PUBLISHED, WebinarStatus.LIVE})
CANCELLABLE = frozenset({WebinarStatus.DRAFT, *OPEN, WebinarStatus.ENDED})
WITH_REPLAY = frozenset({WebinarStatus.REPLAY_PUBLISHED, WebinarStatus.ARCHIVED})


# -- what it is now ----------------------------------------------------------------------------


def is_public(webinar: Webinar) -> bool:
    """Whether anyone may see the page; a draft stays hidden, also once it is cancelled."""
    if webinar.status == WebinarStatus.CANCELLED:
        return webinar.published_at is not None
    return webinar.status != WebinarStatus.DRAFT


def is_expected(webinar: Webinar) -> bool:
    """Whether it stands in people's calendars as something to come to."""
    return webinar.status in OPEN


def has_been_held(webinar: Webinar) -> bool:
    """Whether it took place, whatever became of it since."""
    return webinar.ended_at is not None


def is_early(webinar: Webinar, *, now: datetime) -> bool:
    """Whether its planned start is more than half an hour away."""
    return now < webinar.starts_at - EARLY


def can_register(webinar: Webinar, *, now: datetime) -> bool:
    """Whether people may register (seats apart): until the planned end, or while it is live."""
    if webinar.status == WebinarStatus.LIVE:
        return True
    return webinar.status == WebinarStatus.PUBLISHED and now < webinar.ends_at


def can_edit(webinar: Webinar) -> bool:
    return webinar.status != WebinarStatus.CANCELLED


def can_go_live(webinar: Webinar) -> bool:
    return webinar.status == WebinarStatus.PUBLISHED


def can_end(webinar: Webinar, *, now: datetime) -> bool:
    """A live webinar at any time; one that never went live was held elsewhere once it is over."""
    if webinar.status in {WebinarStatus.DRAFT, WebinarStatus.PUBLISHED}:
        return now >= webinar.ends_at
    return webinar.status == WebinarStatus.LIVE


def can_archive(webinar: Webinar) -> bool:
    return webinar.status == WebinarStatus.REPLAY_PUBLISHED


def can_cancel(webinar: Webinar) -> bool:
    return webinar.status in CANCELLABLE


def can_delete(webinar: Webinar) -> bool:
    return webinar.status == WebinarStatus.DRAFT


# -- the life cycle ----------------------------------------------------------------------------


def list_missing(webinar: Webinar, *, now: datetime) -> list[str]:
    """Return what a draft needs before it can be published, in words; empty when nothing."""
    missing: list[str] = []
    if not webinar.title.strip():
        missing.append(_l("A title"))
    if not webinar.summary.strip() and not webinar.description.strip():
        missing.append(_l("A summary or a description: what is it about?"))
    if webinar.starts_at <= now:
        missing.append(_l("A start in the future"))
    return missing


def check_can_publish(webinar: Webinar, *, now: datetime) -> None:
    if webinar.status != WebinarStatus.DRAFT:
        raise AlreadyPublished
    missing = list_missing(webinar, now=now)
    if missing:
        raise CannotPublish(missing)


def check_can_go_live(webinar: Webinar) -> None:
    if not can_go_live(webinar):
        raise CannotGoLive


def check_can_end(webinar: Webinar, *, now: datetime) -> None:
    if not can_end(webinar, now=now):
        raise CannotEnd


def check_can_publish_replay(webinar: Webinar) -> None:
    if webinar.status != WebinarStatus.ENDED:
        raise CannotPublishReplay


def check_can_withdraw_replay(webinar: Webinar) -> None:
    if webinar.status != WebinarStatus.REPLAY_PUBLISHED:
        raise CannotWithdrawReplay


def check_can_archive(webinar: Webinar) -> None:
    if not can_archive(webinar):
        raise CannotArchive


def check_can_bring_back(webinar: Webinar) -> None:
    if webinar.status != WebinarStatus.ARCHIVED:
        raise CannotBringBack


def check_can_cancel(webinar: Webinar) -> None:
    if webinar.status == WebinarStatus.CANCELLED:
        raise AlreadyCancelled
    if not can_cancel(webinar):
        raise CannotCancel


def check_can_delete(webinar: Webinar) -> None:
    if not can_delete(webinar):
        raise CannotDelete


def check_can_edit(webinar: Webinar) -> None:
    if not can_edit(webinar):
        raise CannotEdit


# -- time --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PlacedTime:
    """A local time as a moment; where the clock shows it twice, the first (`is_ambiguous`)."""

    moment: datetime
    is_ambiguous: bool


def place_time(local: datetime, *, zone: str) -> PlacedTime:
    """Return when the clock of `zone` shows `local` (naive). Refuses TimeDoesNotExist.

    Of a time that comes twice the first is taken, as calendars do (RFC 5545, 3.3.5).
    """
    tz = ZoneInfo(zone)
    first = local.replace(tzinfo=tz, fold=0).astimezone(UTC)
    second = local.replace(tzinfo=tz, fold=1).astimezone(UTC)
    if first.astimezone(tz).replace(tzinfo=None) != local:
        raise TimeDoesNotExist
    return PlacedTime(moment=first, is_ambiguous=first != second)


def check_times(*, starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise EndsBeforeStart
    if ends_at - starts_at > LONGEST:
        raise IsTooLong


def check_can_reschedule(webinar: Webinar, *, starts_at: datetime, now: datetime) -> None:
    """Refuse to move what people expect into the past; an unchanged start may stay there."""
    is_moved = starts_at != webinar.starts_at
    if webinar.status == WebinarStatus.PUBLISHED and is_moved and starts_at <= now:
        raise CannotMoveIntoThePast


def list_calendar_changes(
    webinar: Webinar,
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    zone: str,
    join_url: str,
) -> tuple[str, ...]:
    """Return which changes calendars must hear of: "time", "title", "place"."""
    is_new = {
        "time": (webinar.starts_at, webinar.ends_at, webinar.time_zone)
        != (starts_at, ends_at, zone),
        "title": webinar.title != title,
        "place": webinar.join_url != join_url,
    }
    return tuple(name for name, differs in is_new.items() if differs)


# -- the agenda --------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class PlannedItem:
    """An agenda item with the moments it is planned for; `section` only where a new one begins."""

    item: AgendaItem
    starts_at: datetime
    ends_at: datetime
    section: str
    is_after_section: bool


def plan_agenda(webinar: Webinar) -> list[PlannedItem]:
    """Lay the items one after another from the webinar's start."""
    planned = []
    starts_at, section = webinar.starts_at, ""
    for item in webinar.agenda_items:
        ends_at = starts_at + timedelta(minutes=item.minutes)
        new_section = item.section if item.section != section else ""
        planned.append(
            PlannedItem(
                item=item,
                starts_at=starts_at,
                ends_at=ends_at,
                section=new_section,
                is_after_section=bool(section) and not item.section,
            )
        )
        starts_at, section = ends_at, item.section
    return planned


def length_in_minutes(webinar: Webinar) -> int:
    return int((webinar.ends_at - webinar.starts_at).total_seconds() // 60)


def planned_minutes(webinar: Webinar) -> int:
    return sum(item.minutes for item in webinar.agenda_items)
