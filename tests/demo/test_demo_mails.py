from __future__ import annotations

import sqlalchemy as sa

from eventapp.core import outbox
from eventapp.core.db import db
from eventapp.core.mailer import OutgoingMail
from eventapp.demo.load import load_demo
from eventapp.messages.reminders.sweep import start_due_reminders
from eventapp.registrations.sweeps import erase_left_unconfirmed, settle_lapsed_seats


def test_demo_writes_to_nobody(in_app, stopped_clock):
    load_demo()
    stopped_clock.forward(days=20)

    start_due_reminders()
    settle_lapsed_seats()
    erase_left_unconfirmed()
    outbox.run_due_jobs()

    assert db.session.scalar(sa.select(sa.func.count(OutgoingMail.id))) == 0
