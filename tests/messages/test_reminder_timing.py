"""Reminders of what is moved or called off, and those that come late."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import clock, mailer, outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.messages import reactions
from eventapp.messages.reminders import actions
from eventapp.messages.reminders.sweep import start_due_reminders
from eventapp.webinars.actions import cancel_webinar
from eventapp.webinars.models import WebinarStatus
from tests.factories import START, RegistrationFactory, WebinarFactory
from tests.messages.reminding import DAY_BEFORE, ledger, move, outcomes, sweep_at

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.mark.every_engine
def test_moved_webinar_takes_its_reminders_along(in_app, stopped_clock):
    webinar = RegistrationFactory(name="Ada").webinar
    webinar.starts_at += timedelta(days=2)
    webinar.ends_at += timedelta(days=2)
    db.session.commit()

    sweep_at(DAY_BEFORE, stopped_clock)
    at_first_date = ledger()
    sweep_at(DAY_BEFORE + timedelta(days=2), stopped_clock)

    assert at_first_date == []
    assert ledger() == [("webinar_reminder", "Ada")]


@pytest.mark.every_engine
def test_webinar_moved_after_a_reminder_reminds_those_who_have_not_had_it(in_app, stopped_clock):
    webinar = RegistrationFactory(name="Ada").webinar
    sweep_at(DAY_BEFORE, stopped_clock)
    webinar.starts_at += timedelta(days=2)
    webinar.ends_at += timedelta(days=2)
    RegistrationFactory(name="Ben", webinar=webinar, confirmed_at=DAY_BEFORE)

    sweep_at(DAY_BEFORE + timedelta(days=2), stopped_clock)

    assert [name for _message, name in ledger()] == ["Ada", "Ben"]


def test_mailing_under_way_stops_when_the_webinar_moves(in_app, stopped_clock, monkeypatch):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 1)
    webinar = RegistrationFactory().webinar
    RegistrationFactory(webinar=webinar)
    stopped_clock.at(DAY_BEFORE)
    start_due_reminders()
    outbox.run_due_jobs()
    webinar.starts_at += timedelta(days=2)
    webinar.ends_at += timedelta(days=2)
    db.session.commit()

    outbox.run_due_jobs()

    assert len(ledger()) == 1


@pytest.mark.every_engine
def test_reminder_that_could_not_leave_in_time_does_not_leave(mail_server, in_app, stopped_clock):
    RegistrationFactory()
    sweep_at(START - timedelta(hours=1), stopped_clock)

    stopped_clock.at(START - timedelta(minutes=30))
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert outcomes() == [(MailStatus.WITHHELD, mailer.TOO_LATE)]


def test_no_bell_lets_it_leave_too_late(mail_server, in_app, stopped_clock):
    RegistrationFactory()
    sweep_at(START - timedelta(hours=1), stopped_clock)
    mail_id = db.session.scalars(sa.select(OutgoingMail.id)).one()

    stopped_clock.at(START - timedelta(minutes=30))
    mailer.deliver_mail(mail_id)

    assert mail_server.messages == []


def test_reminder_leaves_while_it_is_true(mail_server, in_app, stopped_clock):
    RegistrationFactory()
    sweep_at(START - timedelta(hours=1), stopped_clock)

    stopped_clock.at(START - timedelta(minutes=31))
    mailer.deliver_due_mail()

    assert len(mail_server.messages) == 1


@pytest.mark.every_engine
def test_called_off_no_written_reminder_leaves(mail_server, in_app, stopped_clock):
    webinar = RegistrationFactory().webinar
    sweep_at(DAY_BEFORE, stopped_clock)

    with transaction():
        cancel_webinar(webinar, reason="", now=clock.now())
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert outcomes() == [(MailStatus.WITHHELD, actions.OVERTAKEN)]


@pytest.mark.every_engine
def test_moved_the_reminder_that_waits_is_written_again_for_the_new_time(
    mail_server, in_app, stopped_clock
):
    webinar = RegistrationFactory().webinar
    sweep_at(DAY_BEFORE, stopped_clock)

    move(webinar, starts_in=timedelta(days=2))
    mailer.deliver_due_mail()
    after_move = [outcomes(), len(mail_server.messages)]
    sweep_at(DAY_BEFORE + timedelta(days=2), stopped_clock)

    assert after_move == [[(MailStatus.WITHHELD, actions.OVERTAKEN)], 0]
    assert [status for status, _reason in outcomes()] == [MailStatus.WITHHELD, MailStatus.QUEUED]


@pytest.mark.every_engine
def test_longer_webinar_keeps_the_reminder_of_its_start(mail_server, in_app, stopped_clock):
    webinar = RegistrationFactory().webinar
    sweep_at(DAY_BEFORE, stopped_clock)

    move(webinar, starts_in=timedelta())
    mailer.deliver_due_mail()

    assert len(mail_server.messages) == 1


@pytest.mark.parametrize("status", [WebinarStatus.CANCELLED, WebinarStatus.ENDED])
def test_what_is_over_or_called_off_reminds_nobody(in_app, stopped_clock, status):
    RegistrationFactory(webinar=WebinarFactory(status=status))

    for before in (timedelta(days=1), timedelta(hours=1), timedelta(0)):
        sweep_at(START - before, stopped_clock)

    assert ledger() == []


def test_worker_that_was_down_for_long_does_not_make_up_for_it(in_app, stopped_clock):
    RegistrationFactory()

    sweep_at(START + timedelta(minutes=10), stopped_clock)

    assert ledger() == []


def test_worker_that_was_down_for_a_while_does(in_app, stopped_clock):
    RegistrationFactory()

    sweep_at(DAY_BEFORE + timedelta(hours=3), stopped_clock)

    assert len(ledger()) == 1
