"""What follows when a mailing to many has come a step further.

A slice at a time: each job writes some messages and the event that leads to the next job in one
transaction, so that a crash loses none and repeats none.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask_babel import force_locale

from eventapp.core import clock
from eventapp.core.db import record
from eventapp.messages.broadcasts.queries import list_people_after, lock_broadcast
from eventapp.messages.broadcasts.rules import Segment
from eventapp.messages.events import BroadcastAdvanced, ReminderAdvanced
from eventapp.messages.models import Broadcast, BroadcastStatus, Reminder
from eventapp.messages.reminders.actions import withhold_overtaken
from eventapp.messages.reminders.queries import list_receivers_after, lock_reminder
from eventapp.messages.reminders.rules import (
    has_started,
    lapses_at,
    makes_sense,
    message_of,
)
from eventapp.messages.wordings.filling import ReadWords, fill_words, read_words
from eventapp.messages.wordings.placeholders import say_how_soon, value_placeholders
from eventapp.messages.wordings.standard import BROADCAST
from eventapp.registrations.mails import MAILING_AT_ONCE, mail_attendee
from eventapp.registrations.models import Registration
from eventapp.webinars.events import WebinarCancelled, WebinarRescheduled
from eventapp.webinars.queries import get_webinar


def continue_reminder(event: ReminderAdvanced) -> None:
    """Write the next slice of a reminder, unless it has lost its sense or moved meanwhile.

    It and its webinar are locked, so that who switches it off, moves the webinar or calls it off
    finds everything that is written.
    """
    reminder = lock_reminder(event.reminder_id)
    now = clock.now()
    if reminder is None or not makes_sense(reminder, reminder.webinar, now=now):
        return
    is_moved = reminder.started_for != datetime.fromisoformat(event.started_for)
    if is_moved or not has_started(reminder, reminder.webinar):
        return
    people = list_receivers_after(reminder, event.after_id, at_most=MAILING_AT_ONCE)
    for registration in people:
        _write_reminder(reminder, registration, now=now)
    if len(people) == MAILING_AT_ONCE:
        record(replace(event, after_id=people[-1].id))


def withhold_reminders(event: WebinarRescheduled | WebinarCancelled) -> None:
    """Let no reminder leave that speaks of a time that isn't the webinar's any more.

    Those of a webinar that is back at its time go on.
    """
    withhold_overtaken(get_webinar(event.webinar_id), now=clock.now())


def continue_broadcast(event: BroadcastAdvanced) -> None:
    """Write an organiser's message to the next slice of its people, while it isn't paused.

    The row is locked and says how far it has come, so that two jobs, after a pause that was short,
    share the work instead of doubling it.
    """
    broadcast = lock_broadcast(event.broadcast_id)
    if broadcast.status != BroadcastStatus.SENDING:
        return
    people = list_people_after(
        broadcast.webinar_id,
        Segment.from_json(broadcast.segment),
        broadcast.after_id,
        at_most=MAILING_AT_ONCE,
    )
    words = read_words(BROADCAST, subject=broadcast.subject, body=broadcast.body)
    for registration in people:
        _write_broadcast(broadcast, registration, words)
    broadcast.written += len(people)
    if len(people) == MAILING_AT_ONCE:
        broadcast.after_id = people[-1].id
        record(event)
    else:
        broadcast.status = BroadcastStatus.SENT
        broadcast.finished_at = clock.now()


def _write_broadcast(broadcast: Broadcast, registration: Registration, words: ReadWords) -> None:
    mail_attendee(
        BROADCAST,
        registration,
        once_key=f"broadcast:{broadcast.id}:{registration.id}",
        now=clock.now(),
        is_bulk=True,
        broadcast_id=broadcast.id,
        write_own=lambda context: fill_words(words, value_placeholders(context)),
    )


def _write_reminder(reminder: Reminder, registration: Registration, *, now: datetime) -> None:
    until_start = (registration.webinar.starts_at - now).total_seconds()
    with force_locale(registration.language):
        starts_in = say_how_soon(until_start)
    mail_attendee(
        message_of(reminder),
        registration,
        once_key=f"reminder:{reminder.id}:{registration.id}",
        now=now,
        context={"starts_in": starts_in},
        is_bulk=True,
        useless_from=lapses_at(reminder, registration.webinar),
    )
