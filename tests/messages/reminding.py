"""Reminders, from the sweep to the ledger."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from eventapp.core import clock, outbox
from eventapp.core.db import db, record, transaction
from eventapp.core.mailer import OutgoingMail
from eventapp.messages.models import Anchor
from eventapp.messages.reminders import actions
from eventapp.messages.reminders.sweep import start_due_reminders
from eventapp.webinars.events import WebinarRescheduled
from eventapp.webinars.queries import lock_webinar
from tests.factories import START

DAY_BEFORE = START - timedelta(days=1)


def sweep_at(moment, stopped_clock):
    stopped_clock.at(moment)
    start_due_reminders()
    while outbox.run_due_jobs():
        db.session.rollback()
    db.session.rollback()


def ledger():
    rows = db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id))
    return [(row.message, row.to_name) for row in rows]


def outcomes():
    db.session.rollback()
    rows = db.session.execute(
        sa.select(OutgoingMail.status, OutgoingMail.last_error)
        .where(OutgoingMail.message == "webinar_reminder")
        .order_by(OutgoingMail.id)
    )
    return [tuple(row) for row in rows]


def move(webinar, *, starts_in):
    """Give the webinar another time, as its form does; its end is moved in any case."""
    with transaction():
        lock_webinar(webinar.id)
        webinar.starts_at += starts_in
        webinar.ends_at += starts_in + timedelta(minutes=5)
        record(
            WebinarRescheduled(
                webinar_id=webinar.id,
                previous_title=webinar.title,
                previous_starts_at=START.isoformat(),
                previous_ends_at=START.isoformat(),
                previous_time_zone=webinar.time_zone,
                previous_join_url="",
            )
        )


def add(webinar, minutes, anchor=Anchor.START):
    with transaction():
        return actions.add_reminder(webinar, anchor=anchor, minutes=minutes, now=clock.now())
