"""Looking every minute for reminders that are due."""

from __future__ import annotations

from flask import Flask

from eventapp.core import clock, queue
from eventapp.core.sweeping import do_each
from eventapp.messages.reminders.actions import start_reminder, write_default_reminders
from eventapp.messages.reminders.queries import list_that_may_be_due, list_webinars_without
from eventapp.messages.reminders.rules import is_due
from eventapp.webinars.queries import get_webinar


def init_app(app: Flask) -> None:
    queue.add_sweep(app, "sweep_reminders", start_due_reminders)


def start_due_reminders() -> int:
    """Start every mailing that is due; return how many this worker started."""
    now = clock.now()
    do_each(
        list_webinars_without(now=now),
        lambda webinar_id: write_default_reminders(get_webinar(webinar_id), now=now),
        failure="reminders_not_written",
    )
    due = [each.id for each in list_that_may_be_due(now=now) if is_due(each, each.webinar, now=now)]
    return do_each(
        due,
        lambda reminder_id: start_reminder(reminder_id, now=now),
        failure="reminder_not_started",
    )
