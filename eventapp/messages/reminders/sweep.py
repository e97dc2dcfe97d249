"""Looking every minute for reminders that are due."""

from __future__ import annotations

from flask import Flask

from eventapp.core import clock, queue
from eventapp.core.db import db, transaction
from eventapp.messages.reminders.actions import start_reminder, write_default_reminders
from eventapp.messages.reminders.queries import list_that_may_be_due, list_webinars_without
from eventapp.messages.reminders.rules import is_due
from eventapp.webinars.queries import get_webinar


def init_app(app: Flask) -> None:
    queue.add_sweep(app, "sweep_reminders", start_due_reminders)


def start_due_reminders() -> int:
    """Start every mailing that is due; return how many this worker started."""
    now = clock.now()
    for webinar_id in list_webinars_without(now=now):
        with transaction():
            write_default_reminders(get_webinar(webinar_id), now=now)
    due = [each.id for each in list_that_may_be_due(now=now) if is_due(each, each.webinar, now=now)]
    started = 0
    for reminder_id in due:
        with transaction():
            started += start_reminder(reminder_id, now=now)
    db.session.rollback()
    return started
