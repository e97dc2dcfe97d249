"""Reminders whose webinar changes while they are written, or that is changed back."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import clock, mailer, outbox
from eventapp.core.db import transaction
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.messages import reactions
from eventapp.messages.reminders import actions
from eventapp.messages.reminders.sweep import start_due_reminders
from eventapp.webinars.actions import cancel_webinar
from tests.factories import RegistrationFactory
from tests.messages.reminding import DAY_BEFORE, move, outcomes, sweep_at

pytestmark = pytest.mark.usefixtures("stopped_clock")


def move_by_two_days(webinar):
    move(webinar, starts_in=timedelta(days=2))


def call_off(webinar):
    with transaction():
        cancel_webinar(webinar, reason="", now=clock.now())


def bring_all(*, from_status, to_status):
    with transaction() as session:
        session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.status == from_status)
            .values(status=to_status, claimed_at=clock.now())
        )


@pytest.mark.on_postgresql
@pytest.mark.parametrize("change", [call_off, move_by_two_days])
def test_what_is_written_while_its_webinar_changes_does_not_leave(
    app, in_app, mail_server, stopped_clock, monkeypatch, change
):
    webinar = RegistrationFactory().webinar
    stopped_clock.at(DAY_BEFORE)
    start_due_reminders()
    is_writing, has_begun = threading.Event(), threading.Event()
    write_one = reactions.mail_attendee

    def write_slowly(*args, **kwargs):
        is_writing.set()
        has_begun.wait(timeout=20)
        # So that who waits for nothing would be done by now.
        threading.Event().wait(0.5)
        return write_one(*args, **kwargs)

    monkeypatch.setattr(reactions, "mail_attendee", write_slowly)

    def work():
        with app.app_context():
            outbox.run_due_jobs()

    writer = threading.Thread(target=work)
    writer.start()
    is_writing.wait(timeout=20)
    has_begun.set()
    change(webinar)
    writer.join()
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert outcomes() == [(MailStatus.WITHHELD, actions.OVERTAKEN)]


@pytest.mark.every_engine
@pytest.mark.parametrize("status", [MailStatus.QUEUED, MailStatus.SENDING])
def test_moved_and_moved_back_the_reminder_reaches_everybody_once(
    mail_server, in_app, stopped_clock, monkeypatch, status
):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 1)
    webinar = RegistrationFactory().webinar
    RegistrationFactory(webinar=webinar)
    stopped_clock.at(DAY_BEFORE)
    start_due_reminders()
    outbox.run_due_jobs()
    bring_all(from_status=MailStatus.QUEUED, to_status=status)

    move(webinar, starts_in=timedelta(days=2))
    outbox.run_due_jobs()
    move(webinar, starts_in=timedelta(days=-2))
    bring_all(from_status=MailStatus.SENDING, to_status=MailStatus.RETRYING)
    sweep_at(DAY_BEFORE + timedelta(minutes=1), stopped_clock)
    mailer.deliver_due_mail()

    assert outcomes() == [(MailStatus.SENT, None)] * 2
