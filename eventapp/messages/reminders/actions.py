"""Every write of reminders."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import db, record
from eventapp.core.mailer import MailStatus, OutgoingMail, let_go, withhold
from eventapp.messages.events import ReminderAdvanced
from eventapp.messages.models import Anchor, Reminder
from eventapp.messages.reminders.queries import (
    get_reminder_at,
    is_mail_of,
    list_reminders,
    list_written_reminders,
    lock_reminder,
)
from eventapp.messages.reminders.rules import (
    check_can_add,
    check_can_change,
    check_can_remove,
    check_can_switch_on,
    check_moment,
    due_at,
    has_started,
    is_due,
    lapses_at,
    makes_sense,
)
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.queries import lock_webinar

SWITCHED_OFF = "The reminder was switched off before this left."
OVERTAKEN = "The webinar was moved or called off before this left."


def write_default_reminders(webinar: Webinar, *, now: datetime) -> list[Reminder]:
    """Write down the reminders that every webinar begins with, once; return those it has."""
    webinar = lock_webinar(webinar.id)
    if not list_written_reminders(webinar.id):
        db.session.add_all(list_reminders(webinar, now=now))
        db.session.flush()
    return list_written_reminders(webinar.id)


def add_reminder(webinar: Webinar, *, anchor: Anchor, minutes: int, now: datetime) -> Reminder:
    """Add a reminder. Refuses: TooManyReminders, and as `rules.check_moment`."""
    present = write_default_reminders(webinar, now=now)
    check_can_add(present)
    added = Reminder(
        webinar_id=webinar.id, anchor=anchor, minutes=minutes, is_on=True, created_at=now
    )
    check_moment(added, webinar, others=present, now=now)
    db.session.add(added)
    db.session.flush()
    return added


def move_reminder(
    webinar: Webinar,
    *,
    anchor: Anchor,
    minutes: int,
    new_anchor: Anchor,
    new_minutes: int,
    now: datetime,
) -> None:
    """Give the reminder at `anchor` and `minutes` another moment.

    Refuses: ReminderHasGoneOut, and as `rules.check_moment`.
    """
    present = write_default_reminders(webinar, now=now)
    reminder = get_reminder_at(webinar.id, anchor=anchor, minutes=minutes)
    check_can_change(reminder)
    moved = Reminder(anchor=new_anchor, minutes=new_minutes)
    others = [each for each in present if each is not reminder]
    check_moment(moved, webinar, others=others, now=now)
    reminder.anchor, reminder.minutes = new_anchor, new_minutes
    db.session.flush()


def switch_reminder(
    webinar: Webinar, *, anchor: Anchor, minutes: int, is_on: bool, now: datetime
) -> None:
    """Switch a reminder on or off.

    Off, it also stops a mailing that is under way: nobody more is written to, and what is written
    and hasn't left is withheld. On again while it is still news, that leaves, and the mailing goes
    on; records ReminderAdvanced. Refuses: MomentHasPassed.
    """
    write_default_reminders(webinar, now=now)
    reminder = get_reminder_at(webinar.id, anchor=anchor, minutes=minutes)
    was_on = reminder.is_on
    if is_on:
        check_can_switch_on(reminder, webinar, now=now)
    reminder.is_on = is_on
    # Who is writing messages of it now holds its row; they are there once this has been written.
    db.session.flush()
    if not is_on:
        withhold(is_mail_of(reminder), reason=SWITCHED_OFF, now=now)
    elif not was_on and has_started(reminder, webinar):
        _go_on(reminder, webinar)


def remove_reminder(webinar: Webinar, *, anchor: Anchor, minutes: int, now: datetime) -> None:
    """Remove a reminder. Refuses: ReminderHasGoneOut, LastReminderStays."""
    present = write_default_reminders(webinar, now=now)
    reminder = get_reminder_at(webinar.id, anchor=anchor, minutes=minutes)
    check_can_remove(reminder, present)
    db.session.delete(reminder)
    db.session.flush()


def start_reminder(reminder_id: int, *, now: datetime) -> bool:
    """Start the mailing of a reminder that is due; False when it isn't, or somebody was quicker.

    What was withheld at an earlier time of the webinar may be written again.
    Records ReminderAdvanced.
    """
    reminder = lock_reminder(reminder_id)
    if reminder is None or has_started(reminder, reminder.webinar):
        return False
    if not is_due(reminder, reminder.webinar, now=now):
        return False
    if reminder.started_for is not None:
        _free_withheld(reminder)
    reminder.started_for = due_at(reminder, reminder.webinar)
    db.session.flush()
    _set_off(reminder)
    return True


def withhold_overtaken(webinar: Webinar, *, now: datetime) -> None:
    """Let none of a webinar's reminders leave that were written for another moment than its own.

    At the new one `start_reminder` writes them again. Those of a webinar that is moved back while
    they are news go on; records ReminderAdvanced. Of one that is called off none leaves.
    """
    is_off = webinar.status == WebinarStatus.CANCELLED
    for reminder in list_written_reminders(webinar.id):
        if reminder.started_for is None:
            continue
        if is_off or not has_started(reminder, webinar):
            withhold(is_mail_of(reminder), reason=OVERTAKEN, now=now)
        elif makes_sense(reminder, webinar, now=now):
            _go_on(reminder, webinar)


def _go_on(reminder: Reminder, webinar: Webinar) -> None:
    """Let what was withheld leave, and write to those who are left."""
    useless_from = lapses_at(reminder, webinar)
    for reason in (SWITCHED_OFF, OVERTAKEN):
        let_go(is_mail_of(reminder), reason=reason, useless_from=useless_from)
    _set_off(reminder)


def _set_off(reminder: Reminder) -> None:
    if reminder.started_for is not None:
        started_for = reminder.started_for.isoformat()
        record(ReminderAdvanced(reminder_id=reminder.id, started_for=started_for))


def _free_withheld(reminder: Reminder) -> None:
    """Forget under which key a reminder was written to those it never left for."""
    db.session.execute(
        sa.update(OutgoingMail)
        .where(is_mail_of(reminder), OutgoingMail.status == MailStatus.WITHHELD)
        .values(once_key=None),
        execution_options={"synchronize_session": False},
    )
