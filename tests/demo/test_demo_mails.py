from __future__ import annotations

import sqlalchemy as sa

from eventapp.core import outbox
from eventapp.core.db import db
from eventapp.core.mailer import OutgoingMail
from eventapp.demo.load import load_demo
from eventapp.messages.reminders.sweep import start_due_reminders


def test_demo_writes_to_nobody(in_app):
    load_demo()

    start_due_reminders()
    outbox.run_due_jobs()

    assert db.session.scalar(sa.select(sa.func.count(OutgoingMail.id))) == 0
