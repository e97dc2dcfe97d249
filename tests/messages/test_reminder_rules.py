from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.messages.models import Anchor, Reminder
from eventapp.messages.reminders.refusals import (
    LastReminderStays,
    MomentHasPassed,
    MomentMakesNoSense,
    ReminderExists,
    ReminderHasGoneOut,
)
from eventapp.messages.reminders.rules import (
    DAY,
    HOUR,
    Mails,
    ReminderState,
    WhyNot,
    can_switch_on,
    check_can_remove,
    check_moment,
    confirmed_until,
    due_at,
    is_due,
    lapses_at,
    message_of,
    state_of,
    why_not_sent,
)
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START

END = START + timedelta(minutes=90)
WEEK_BEFORE, DAY_BEFORE, HOUR_BEFORE = -7 * DAY, -DAY, -HOUR


def webinar(status=WebinarStatus.PUBLISHED, **changes):
    return Webinar(**{"status": status, "starts_at": START, "ends_at": END, **changes})


def reminder(minutes, anchor=Anchor.START, **changes):
    return Reminder(**{"anchor": anchor, "minutes": minutes, "is_on": True, **changes})


def minutes(number):
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("moment", "anchor", "message"),
    [
        (DAY_BEFORE, Anchor.START, "webinar_reminder"),
        (0, Anchor.START, "webinar_live"),
        (10, Anchor.START, "webinar_live"),
        (0, Anchor.END, "webinar_follow_up"),
        (DAY, Anchor.END, "webinar_follow_up"),
    ],
)
def test_message_follows_from_the_moment(moment, anchor, message):
    assert message_of(reminder(moment, anchor)) == message


def test_moment_moves_with_the_webinar():
    moved = webinar(starts_at=START + timedelta(days=3), ends_at=END + timedelta(days=3))

    assert due_at(reminder(DAY_BEFORE), moved) == START + timedelta(days=2)
    assert due_at(reminder(DAY, Anchor.END), moved) == END + timedelta(days=4)


@pytest.mark.parametrize(
    ("moment", "after_due", "expected"),
    [
        (DAY_BEFORE, -1, False),
        (DAY_BEFORE, 0, True),
        (DAY_BEFORE, 11 * HOUR, True),
        (DAY_BEFORE, 12 * HOUR, False),
        (WEEK_BEFORE, 12 * HOUR, False),
        (HOUR_BEFORE, 29, True),
        (HOUR_BEFORE, 30, False),
        (HOUR_BEFORE, 90, False),
    ],
)
def test_missed_reminder_goes_out_while_it_helps(moment, after_due, expected):
    due = due_at(reminder(moment), webinar())

    assert is_due(reminder(moment), webinar(), now=due + minutes(after_due)) is expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (WebinarStatus.DRAFT, False),
        (WebinarStatus.PUBLISHED, True),
        (WebinarStatus.LIVE, False),
        (WebinarStatus.ENDED, False),
        (WebinarStatus.CANCELLED, False),
    ],
)
def test_reminder_is_for_what_is_still_to_come(status, expected):
    now = START - minutes(HOUR)

    assert is_due(reminder(HOUR_BEFORE), webinar(status), now=now) is expected


def test_live_is_said_once_it_is_live():
    live = reminder(0)

    assert not is_due(live, webinar(), now=START)
    assert not is_due(live, webinar(WebinarStatus.LIVE), now=START - minutes(1))
    assert is_due(live, webinar(WebinarStatus.LIVE), now=START)


def test_late_start_is_said_when_it_comes_and_for_half_an_hour():
    late = webinar(WebinarStatus.LIVE, went_live_at=START + minutes(50))

    assert is_due(reminder(0), late, now=START + minutes(51))
    assert not is_due(reminder(0), late, now=START + minutes(80))


def test_follow_up_waits_until_it_has_ended():
    follow_up = reminder(0, Anchor.END)
    now = END + minutes(5)

    assert not is_due(follow_up, webinar(WebinarStatus.LIVE), now=now)
    assert is_due(follow_up, webinar(WebinarStatus.ENDED, ended_at=now), now=now)


def test_what_was_started_or_is_off_is_not_due():
    now = START - minutes(DAY)

    assert not is_due(reminder(DAY_BEFORE, started_for=now), webinar(), now=now)
    assert not is_due(reminder(DAY_BEFORE, is_on=False), webinar(), now=now)


def test_what_was_started_for_another_moment_is_due_again():
    now = START - minutes(DAY)

    assert is_due(reminder(DAY_BEFORE, started_for=now - minutes(60)), webinar(), now=now)


@pytest.mark.parametrize(
    ("moment", "margin"),
    [
        (WEEK_BEFORE, timedelta(days=1)),
        (DAY_BEFORE, timedelta(hours=6)),
        (HOUR_BEFORE, minutes(15)),
        (0, minutes(5)),
    ],
)
def test_who_has_just_registered_needs_no_reminder(moment, margin):
    due = due_at(reminder(moment), webinar())

    assert due - confirmed_until(reminder(moment), webinar()) == margin


@pytest.mark.parametrize(
    ("changes", "now", "state"),
    [
        ({}, START - minutes(2 * DAY), ReminderState.COMING),
        ({"is_on": False}, START - minutes(2 * DAY), ReminderState.OFF),
        ({}, START, ReminderState.NOT_SENT),
    ],
)
def test_state_is_what_the_page_says(changes, now, state):
    found = state_of(reminder(DAY_BEFORE, **changes), webinar(), mails=Mails(), people=1, now=now)

    assert found == state


@pytest.mark.parametrize(
    ("mails", "people", "state"),
    [
        ({"left": 1}, 0, ReminderState.SENT),
        ({"left": 1, "waiting": 1}, 0, ReminderState.SENDING),
        ({"left": 1}, 1, ReminderState.SENDING),
        ({"held_back": 1}, 0, ReminderState.NOT_SENT),
        ({}, 0, ReminderState.NOT_SENT),
    ],
)
def test_state_of_a_mailing_is_how_far_it_has_come(mails, people, state):
    due = START - minutes(DAY)
    started = reminder(DAY_BEFORE, started_for=due)

    assert state_of(started, webinar(), mails=Mails(**mails), people=people, now=due) == state


@pytest.mark.parametrize(
    ("moment", "anchor", "changes"),
    [
        (DAY_BEFORE, Anchor.START, {"status": WebinarStatus.CANCELLED}),
        (DAY_BEFORE, Anchor.START, {"status": WebinarStatus.LIVE}),
        (0, Anchor.START, {"status": WebinarStatus.ENDED}),
        (DAY, Anchor.END, {"status": WebinarStatus.ARCHIVED}),
    ],
)
def test_nothing_is_to_come_of_what_the_webinar_has_left_behind(moment, anchor, changes):
    now = START - minutes(2 * DAY)

    found = state_of(reminder(moment, anchor), webinar(**changes), mails=Mails(), people=1, now=now)

    assert found == ReminderState.NOT_SENT
    assert not can_switch_on(reminder(moment, anchor, is_on=False), webinar(**changes), now=now)


@pytest.mark.parametrize(
    ("moment", "changes", "why"),
    [
        (DAY_BEFORE, {"cancelled_at": START - minutes(2 * DAY)}, WhyNot.CANCELLED),
        (DAY_BEFORE, {"cancelled_at": START}, WhyNot.PAST),
        (DAY_BEFORE, {"went_live_at": START}, WhyNot.PAST),
        (HOUR_BEFORE, {"went_live_at": START - minutes(90)}, WhyNot.BEGUN),
        (10, {"ended_at": START + minutes(5)}, WhyNot.ENDED),
    ],
)
def test_page_says_what_kept_a_reminder_from_going_out(moment, changes, why):
    assert why_not_sent(reminder(moment), webinar(**changes), mails=Mails()) == why


@pytest.mark.parametrize(
    ("changes", "mails", "why"),
    [
        ({}, {}, WhyNot.NOBODY),
        ({}, {"failed": 1}, WhyNot.NOT_DELIVERED),
        ({"is_on": False}, {"held_back": 1}, WhyNot.SWITCHED_OFF),
    ],
)
def test_page_says_why_a_mailing_reached_nobody(changes, mails, why):
    started = reminder(DAY_BEFORE, started_for=START - minutes(DAY), **changes)

    assert why_not_sent(started, webinar(), mails=Mails(**mails)) == why


@pytest.mark.parametrize(
    ("added", "refusal"),
    [
        (reminder(DAY_BEFORE), ReminderExists),
        (reminder(-61 * DAY), MomentMakesNoSense),
        (reminder(-5, Anchor.END), MomentMakesNoSense),
        (reminder(13 * HOUR), MomentMakesNoSense),
        (reminder(-3 * DAY), MomentHasPassed),
    ],
)
def test_moment_is_refused(added, refusal):
    with pytest.raises(refusal):
        check_moment(added, webinar(), others=[reminder(DAY_BEFORE)], now=START - minutes(2 * DAY))


def test_what_has_gone_out_stays():
    gone = reminder(DAY_BEFORE, started_for=START)

    with pytest.raises(ReminderHasGoneOut):
        check_can_remove(gone, [gone, reminder(0)])


def test_last_one_stays():
    with pytest.raises(LastReminderStays):
        check_can_remove(reminder(0), [reminder(0)])


@pytest.mark.parametrize("moment", [WEEK_BEFORE, DAY_BEFORE, HOUR_BEFORE, -1])
def test_no_reminder_of_the_start_outlives_it(moment):
    assert lapses_at(reminder(moment), webinar()) <= START
