"""Who unsubscribes while news is being written or sent to them gets none of it."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import clock, mailer, outbox
from eventapp.core.db import db, record, transaction
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.messages import reactions as messages
from eventapp.messages.broadcasts.actions import start_broadcast, write_broadcast
from eventapp.messages.broadcasts.rules import Segment, SegmentKind
from eventapp.messages.reminders.sweep import start_due_reminders
from eventapp.registrations import reactions as registrations
from eventapp.registrations.mails import mail_attendee
from eventapp.registrations.subscriptions import NOT_WANTED, unsubscribe
from eventapp.webinars.events import ReplayPublished
from eventapp.webinars.models import WebinarStatus
from tests.factories import START, RegistrationFactory, UserFactory

pytestmark = pytest.mark.usefixtures("stopped_clock")


def outcomes():
    db.session.rollback()
    rows = db.session.execute(sa.select(OutgoingMail.status, OutgoingMail.last_error))
    return [tuple(row) for row in rows]


def start_reminder(_webinar, stopped_clock):
    stopped_clock.at(START - timedelta(days=1))
    start_due_reminders()


def start_message(webinar, _clock):
    with transaction():
        broadcast = write_broadcast(
            webinar,
            segment=Segment(kind=SegmentKind.CONFIRMED),
            subject="News",
            body="Dear {name}",
            user_id=UserFactory().id,
            now=clock.now(),
        )
    with transaction():
        start_broadcast(broadcast, shown=1, seen_at=broadcast.updated_at, now=clock.now())


def publish_replay(webinar, _clock):
    with transaction():
        webinar.status = WebinarStatus.REPLAY_PUBLISHED
        record(ReplayPublished(webinar_id=webinar.id))


@pytest.mark.on_postgresql
@pytest.mark.parametrize("start", [start_reminder, start_message, publish_replay])
def test_what_is_written_at_that_moment_does_not_leave(
    app, in_app, mail_server, stopped_clock, monkeypatch, start
):
    ada = RegistrationFactory()
    is_writing, has_begun = threading.Event(), threading.Event()

    def write_slowly(*args, **kwargs):
        is_writing.set()
        has_begun.wait(timeout=20)
        # So that who waits for nothing would be done by now.
        threading.Event().wait(0.5)
        return mail_attendee(*args, **kwargs)

    for module in (messages, registrations):
        monkeypatch.setattr(module, "mail_attendee", write_slowly)

    def work():
        with app.app_context():
            while outbox.run_due_jobs():
                db.session.rollback()

    start(ada.webinar, stopped_clock)
    writer = threading.Thread(target=work)
    writer.start()
    is_writing.wait(timeout=20)
    has_begun.set()
    with transaction():
        unsubscribe(ada, now=clock.now())
    writer.join()
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert outcomes() == [(MailStatus.WITHHELD, NOT_WANTED)]


@pytest.mark.every_engine
def test_what_a_worker_gives_back_does_not_leave(in_app, mail_server):
    ada = RegistrationFactory()
    with transaction():
        mail = mail_attendee("webinar_live", ada, once_key="1", now=clock.now(), is_bulk=True)
        mail.status, mail.claimed_at = MailStatus.SENDING, clock.now()
    with transaction():
        unsubscribe(ada, now=clock.now())

    with transaction():
        mail.status = MailStatus.RETRYING
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert outcomes() == [(MailStatus.WITHHELD, mailer.TOO_LATE)]
