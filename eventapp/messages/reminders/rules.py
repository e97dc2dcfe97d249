"""When a reminder goes out, to whom it is news, and when it has lost its sense."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from eventapp.core.mailer import NOT_DELIVERED_YET, MailStatus
from eventapp.messages.models import Anchor, Reminder
from eventapp.messages.reminders.refusals import (
    LastReminderStays,
    MomentHasPassed,
    MomentMakesNoSense,
    ReminderExists,
    ReminderHasGoneOut,
    TooManyReminders,
)
from eventapp.webinars.models import Webinar, WebinarStatus

HOUR = 60
DAY = 24 * HOUR
DEFAULTS = (
    (Anchor.START, -7 * DAY),
    (Anchor.START, -DAY),
    (Anchor.START, -HOUR),
    (Anchor.START, 0),
)
MOST = 12
EARLIEST, LATEST_AFTER_START, LATEST_AFTER_END = -60 * DAY, 12 * HOUR, 30 * DAY

# A mailing that was missed is made up for while that still helps.
LONGEST_DELAY = timedelta(hours=12)
LIVE_IS_NEWS_FOR = timedelta(minutes=30)
FOLLOW_UP_IS_NEWS_FOR = timedelta(days=1)
# Who has just registered holds a confirmation that says the same.
LONGEST_MARGIN = timedelta(days=1)
SHORTEST_MARGIN = timedelta(minutes=5)

STATES = {
    "webinar_reminder": frozenset({WebinarStatus.PUBLISHED}),
    "webinar_live": frozenset({WebinarStatus.LIVE}),
    "webinar_follow_up": frozenset(
        {WebinarStatus.PUBLISHED, WebinarStatus.ENDED, WebinarStatus.REPLAY_PUBLISHED}
    ),
}
# In these the message would never be true any more, whenever it is due.
OVER = frozenset(
    {
        WebinarStatus.ENDED,
        WebinarStatus.REPLAY_PUBLISHED,
        WebinarStatus.ARCHIVED,
        WebinarStatus.CANCELLED,
    }
)
TOO_LATE_IN = {
    "webinar_reminder": OVER | {WebinarStatus.LIVE},
    "webinar_live": OVER,
    "webinar_follow_up": frozenset({WebinarStatus.ARCHIVED, WebinarStatus.CANCELLED}),
}
CLOSED = frozenset({WebinarStatus.ARCHIVED, WebinarStatus.CANCELLED})


class ReminderState(StrEnum):
    OFF = "off"
    COMING = "coming"
    SENDING = "sending"
    SENT = "sent"
    NOT_SENT = "not_sent"


class WhyNot(StrEnum):
    """Why a reminder has reached nobody and won't."""

    CANCELLED = "cancelled"
    ARCHIVED = "archived"
    SWITCHED_OFF = "switched_off"
    BEGUN = "begun"
    ENDED = "ended"
    PAST = "past"
    NOBODY = "nobody"
    NOT_DELIVERED = "not_delivered"


@dataclass(frozen=True, kw_only=True)
class Mails:
    """What became of a reminder's messages, in numbers."""

    left: int = 0
    waiting: int = 0
    held_back: int = 0
    failed: int = 0

    @classmethod
    def of(cls, counts: Mapping[MailStatus, int]) -> Mails:
        return cls(
            left=counts.get(MailStatus.SENT, 0) + counts.get(MailStatus.BOUNCED, 0),
            waiting=sum(counts.get(status, 0) for status in NOT_DELIVERED_YET),
            held_back=counts.get(MailStatus.WITHHELD, 0),
            failed=counts.get(MailStatus.FAILED, 0),
        )


def message_of(reminder: Reminder) -> str:
    """Return which message it is: before the start, at it or soon after, or after the end."""
    if reminder.anchor == Anchor.END:
        return "webinar_follow_up"
    return "webinar_reminder" if reminder.minutes < 0 else "webinar_live"


def due_at(reminder: Reminder, webinar: Webinar) -> datetime:
    anchor = webinar.starts_at if reminder.anchor == Anchor.START else webinar.ends_at
    return anchor + timedelta(minutes=reminder.minutes)


def lapses_at(reminder: Reminder, webinar: Webinar) -> datetime:
    """Return from when on it isn't sent any more: "in an hour" is no help after the start."""
    due = due_at(reminder, webinar)
    match message_of(reminder):
        case "webinar_reminder":
            return due + min((webinar.starts_at - due) / 2, LONGEST_DELAY)
        case "webinar_live":
            return max(due, webinar.went_live_at or due) + LIVE_IS_NEWS_FOR
        case _:
            return max(due, webinar.ended_at or due) + FOLLOW_UP_IS_NEWS_FOR


def confirmed_until(reminder: Reminder, webinar: Webinar) -> datetime:
    """Return by when a person must have had a seat for this to be worth a message.

    A quarter of the time it is ahead: six hours before the reminder of the day before.
    """
    due = due_at(reminder, webinar)
    if reminder.anchor == Anchor.END:
        return due
    ahead = webinar.starts_at - due
    return due - max(min(ahead / 4, LONGEST_MARGIN), SHORTEST_MARGIN)


def has_started(reminder: Reminder, webinar: Webinar) -> bool:
    """Whether its mailing was started for the moment that it is due at now."""
    return reminder.started_for == due_at(reminder, webinar)


def makes_sense(reminder: Reminder, webinar: Webinar, *, now: datetime) -> bool:
    """Whether its message is true at this moment, and wanted."""
    is_in_state = webinar.status in STATES[message_of(reminder)]
    is_time = due_at(reminder, webinar) <= now < lapses_at(reminder, webinar)
    return reminder.is_on and is_in_state and is_time


def is_due(reminder: Reminder, webinar: Webinar, *, now: datetime) -> bool:
    return makes_sense(reminder, webinar, now=now) and not has_started(reminder, webinar)


def has_passed(reminder: Reminder, webinar: Webinar, *, now: datetime) -> bool:
    """Whether it isn't sent any more, whatever is switched; that it is live may be said late."""
    message = message_of(reminder)
    waits = message == "webinar_live" and webinar.status == WebinarStatus.PUBLISHED
    has_lapsed = now >= lapses_at(reminder, webinar) and not waits
    return webinar.status in TOO_LATE_IN[message] or has_lapsed


def state_of(
    reminder: Reminder,
    webinar: Webinar,
    *,
    mails: Mails,
    people: int,
    now: datetime,
) -> ReminderState:
    """Return where it is: `mails` of it are written, and `people` are left to write to."""
    if has_started(reminder, webinar):
        if mails.waiting or (people and makes_sense(reminder, webinar, now=now)):
            return ReminderState.SENDING
        return ReminderState.SENT if mails.left else ReminderState.NOT_SENT
    if has_passed(reminder, webinar, now=now):
        return ReminderState.NOT_SENT
    return ReminderState.COMING if reminder.is_on else ReminderState.OFF


def why_not_sent(reminder: Reminder, webinar: Webinar, *, mails: Mails) -> WhyNot:
    """Return what kept one from going out that is in the state NOT_SENT."""
    if has_started(reminder, webinar) and not (mails.held_back or mails.failed):
        return WhyNot.NOBODY
    if webinar.cancelled_at and webinar.cancelled_at < lapses_at(reminder, webinar):
        return WhyNot.CANCELLED
    if not reminder.is_on:
        return WhyNot.SWITCHED_OFF
    if has_started(reminder, webinar):
        return WhyNot.NOT_DELIVERED
    return _why_too_late(reminder, webinar)


def _why_too_late(reminder: Reminder, webinar: Webinar) -> WhyNot:
    due, message = due_at(reminder, webinar), message_of(reminder)
    if message == "webinar_reminder" and webinar.went_live_at and webinar.went_live_at <= due:
        return WhyNot.BEGUN
    if message == "webinar_live" and webinar.ended_at and webinar.ended_at <= due:
        return WhyNot.ENDED
    is_archived = webinar.status == WebinarStatus.ARCHIVED
    return WhyNot.ARCHIVED if is_archived and message == "webinar_follow_up" else WhyNot.PAST


def check_moment(
    reminder: Reminder, webinar: Webinar, *, others: list[Reminder], now: datetime
) -> None:
    """Refuse a moment that is taken, past, or out of all proportion."""
    earliest, latest = (
        (EARLIEST, LATEST_AFTER_START) if reminder.anchor == Anchor.START else (0, LATEST_AFTER_END)
    )
    if not earliest <= reminder.minutes <= latest:
        raise MomentMakesNoSense
    for each in others:
        if (each.anchor, each.minutes) == (reminder.anchor, reminder.minutes):
            raise ReminderExists(is_on=each.is_on)
    if due_at(reminder, webinar) <= now:
        raise MomentHasPassed


def check_can_add(present: list[Reminder]) -> None:
    if len(present) >= MOST:
        raise TooManyReminders


def check_can_change(reminder: Reminder) -> None:
    """Refuse what has gone out: those who had it would get nothing under its number again."""
    if reminder.started_for is not None:
        raise ReminderHasGoneOut


def can_switch_on(reminder: Reminder, webinar: Webinar, *, now: datetime) -> bool:
    """Whether it would not go out at once, late; that it is live is said whenever it is."""
    is_in_time = message_of(reminder) == "webinar_live" or due_at(reminder, webinar) > now
    return is_in_time and not has_passed(reminder, webinar, now=now)


def check_can_switch_on(reminder: Reminder, webinar: Webinar, *, now: datetime) -> None:
    if not can_switch_on(reminder, webinar, now=now):
        raise MomentHasPassed


def check_can_remove(reminder: Reminder, present: list[Reminder]) -> None:
    check_can_change(reminder)
    if len(present) <= 1:
        raise LastReminderStays
