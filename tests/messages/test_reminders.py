"""Reminders from the sweep to the mailbox."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core import clock, outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import BouncedAddress, OutgoingMail
from eventapp.core.outbox import OutboxJob
from eventapp.messages import reactions
from eventapp.messages.models import Anchor, Reminder
from eventapp.messages.reminders import actions, queries, sweep
from eventapp.messages.reminders.refusals import MomentHasPassed, TooManyReminders
from eventapp.messages.reminders.rules import DAY, DEFAULTS, HOUR
from eventapp.messages.reminders.sweep import start_due_reminders
from eventapp.messages.wordings.actions import save_wording
from eventapp.registrations.mails import MAILING_AT_ONCE
from eventapp.registrations.models import RegistrationStatus
from eventapp.webinars.models import WebinarStatus
from tests.factories import EARLIER, START, RegistrationFactory, WebinarFactory
from tests.messages.reminding import DAY_BEFORE, add, ledger, sweep_at

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.mark.every_engine
def test_every_coming_webinar_has_the_standard_reminders(in_app):
    coming = WebinarFactory()
    WebinarFactory(status=WebinarStatus.DRAFT)
    WebinarFactory(status=WebinarStatus.CANCELLED)

    start_due_reminders()
    start_due_reminders()

    found = db.session.execute(sa.select(Reminder.webinar_id, Reminder.anchor, Reminder.minutes))
    assert set(found) == {(coming.id, *default) for default in DEFAULTS}


@pytest.mark.every_engine
def test_reminder_goes_out_once_to_each_at_its_moment(in_app, stopped_clock):
    ada = RegistrationFactory(name="Ada")
    RegistrationFactory(name="Ben", webinar=ada.webinar)

    sweep_at(DAY_BEFORE - timedelta(minutes=1), stopped_clock)
    before = ledger()
    sweep_at(DAY_BEFORE, stopped_clock)
    sweep_at(DAY_BEFORE + timedelta(minutes=1), stopped_clock)

    assert before == []
    assert ledger() == [("webinar_reminder", "Ada"), ("webinar_reminder", "Ben")]


@pytest.mark.every_engine
def test_whole_series_reaches_who_registered_early(in_app, stopped_clock):
    webinar = RegistrationFactory().webinar
    for before in (timedelta(days=7), timedelta(days=1), timedelta(hours=1)):
        sweep_at(START - before, stopped_clock)
    webinar.status, webinar.went_live_at = WebinarStatus.LIVE, START
    db.session.commit()

    sweep_at(START + timedelta(minutes=1), stopped_clock)

    messages = Counter(message for message, _name in ledger())
    assert messages == {"webinar_reminder": 3, "webinar_live": 1}


@pytest.mark.every_engine
def test_only_those_it_is_for_are_reminded(in_app, stopped_clock):
    webinar = RegistrationFactory(name="Ada").webinar
    late = DAY_BEFORE - timedelta(hours=1)
    RegistrationFactory(name="Late", webinar=webinar, confirmed_at=late)
    RegistrationFactory(name="Quiet", webinar=webinar, unsubscribed_at=EARLIER)
    RegistrationFactory(name="Gone", webinar=webinar, email_key="gone@example.org")
    for status in (RegistrationStatus.WAITING, RegistrationStatus.CANCELLED):
        RegistrationFactory(name=status, webinar=webinar, status=status, confirmed_at=None)
    RegistrationFactory(name="Other", webinar=WebinarFactory(starts_at=START + timedelta(hours=1)))
    db.session.add(BouncedAddress(address_key="gone@example.org", reason="550", bounced_at=EARLIER))
    db.session.commit()

    sweep_at(DAY_BEFORE, stopped_clock)

    assert [name for _message, name in ledger()] == ["Ada"]


def test_message_says_how_soon_and_can_be_unsubscribed_from(in_app, stopped_clock):
    RegistrationFactory()

    sweep_at(START - timedelta(hours=1), stopped_clock)

    mail = db.session.scalars(sa.select(OutgoingMail)).one()
    assert "begins in 1 hour" in mail.body_text
    assert "It begins in 1 hour" in mail.body_html
    assert mail.unsubscribe_url == f"http://localhost/r/{mail.placeholder}/unsubscribe"
    assert mail.unsubscribe_url in mail.body_text
    assert f"/r/{mail.placeholder}/join" in mail.body_html


def test_organisers_words_are_used(in_app, stopped_clock):
    webinar = RegistrationFactory(name="Ada").webinar
    with transaction():
        save_wording(
            webinar,
            "webinar_reminder",
            language="en",
            subject="{name}, {starts_in}!",
            body="See you.",
            now=EARLIER,
        )

    sweep_at(DAY_BEFORE, stopped_clock)

    assert db.session.scalars(sa.select(OutgoingMail.subject)).all() == ["Ada, in 1 day!"]


def test_live_goes_to_those_who_are_not_there_yet(in_app, stopped_clock):
    webinar = RegistrationFactory(name="Ada").webinar
    RegistrationFactory(name="Ben", webinar=webinar, joined_at=START)
    webinar.status, webinar.went_live_at = WebinarStatus.LIVE, START
    db.session.commit()

    sweep_at(START + timedelta(minutes=2), stopped_clock)

    assert ledger() == [("webinar_live", "Ada")]


def test_follow_up_goes_out_after_the_end(in_app, stopped_clock):
    webinar = RegistrationFactory(name="Ada").webinar
    add(webinar, 2 * HOUR, Anchor.END)
    webinar.status, webinar.ended_at = WebinarStatus.ENDED, webinar.ends_at
    db.session.commit()

    sweep_at(webinar.ends_at + timedelta(hours=2), stopped_clock)

    assert ledger() == [("webinar_follow_up", "Ada")]


@pytest.mark.every_engine
def test_large_mailing_goes_in_slices(in_app, stopped_clock):
    webinar = WebinarFactory()
    for _ in range(MAILING_AT_ONCE + 3):
        RegistrationFactory(webinar=webinar)
    stopped_clock.at(DAY_BEFORE)
    start_due_reminders()

    outbox.run_due_jobs()
    first = len(ledger())
    outbox.run_due_jobs()

    assert (first, len(ledger())) == (MAILING_AT_ONCE, MAILING_AT_ONCE + 3)


@pytest.mark.every_engine
def test_crash_half_way_loses_and_repeats_nobody(in_app, stopped_clock, monkeypatch):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    for _ in range(5):
        RegistrationFactory(webinar=webinar)
    stopped_clock.at(DAY_BEFORE)
    start_due_reminders()
    outbox.run_due_jobs()
    write, written = reactions.mail_attendee, []

    def crash(*args, **kwargs):
        written.append(write(*args, **kwargs))
        raise RuntimeError

    monkeypatch.setattr(reactions, "mail_attendee", crash)
    outbox.run_due_jobs()
    monkeypatch.setattr(reactions, "mail_attendee", write)

    stopped_clock.forward(minutes=10)
    while outbox.run_due_jobs():
        db.session.rollback()

    assert len(written) == 1
    assert sorted(Counter(name for _message, name in ledger()).values()) == [1] * 5


@pytest.mark.every_engine
def test_two_workers_that_sweep_at_once_start_one_mailing(app, stopped_clock, monkeypatch):
    with app.app_context():
        RegistrationFactory()
        sweep_at(DAY_BEFORE - timedelta(hours=5), stopped_clock)
    stopped_clock.at(DAY_BEFORE)
    both_have_looked = threading.Barrier(2)
    look = sweep.list_that_may_be_due

    def look_and_wait(**moment):
        found = look(**moment)
        assert found
        both_have_looked.wait(timeout=20)
        return found

    monkeypatch.setattr(sweep, "list_that_may_be_due", look_and_wait)
    started = []

    def work():
        with app.app_context():
            started.append(start_due_reminders())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(started) == [0, 1]
    with app.app_context():
        jobs = db.session.scalars(sa.select(OutboxJob).where(OutboxJob.event == "ReminderAdvanced"))
        assert len(jobs.all()) == 1


@pytest.mark.every_engine
def test_switched_off_reminder_stays_silent(in_app, stopped_clock):
    webinar = RegistrationFactory().webinar
    with transaction():
        actions.switch_reminder(
            webinar, anchor=Anchor.START, minutes=-DAY, is_on=False, now=clock.now()
        )

    sweep_at(DAY_BEFORE, stopped_clock)

    assert ledger() == []


def test_reminder_switched_on_too_late_is_refused(in_app, stopped_clock):
    webinar = WebinarFactory()
    day_before = {"anchor": Anchor.START, "minutes": -DAY}
    with transaction():
        actions.switch_reminder(webinar, **day_before, is_on=False, now=clock.now())

    with pytest.raises(MomentHasPassed), transaction():
        actions.switch_reminder(
            webinar, **day_before, is_on=True, now=DAY_BEFORE + timedelta(hours=1)
        )


@pytest.mark.every_engine
def test_reminder_is_moved_and_removed(in_app, stopped_clock):
    webinar = RegistrationFactory().webinar
    with transaction():
        actions.move_reminder(
            webinar,
            anchor=Anchor.START,
            minutes=-DAY,
            new_anchor=Anchor.START,
            new_minutes=-2 * DAY,
            now=clock.now(),
        )
        actions.remove_reminder(webinar, anchor=Anchor.START, minutes=-HOUR, now=clock.now())

    for before in (timedelta(days=2), timedelta(days=1), timedelta(hours=1)):
        sweep_at(START - before, stopped_clock)

    assert len(ledger()) == 1


def test_there_is_an_end_to_reminders(in_app):
    webinar = WebinarFactory()

    with pytest.raises(TooManyReminders):
        for days in range(20, 40):
            add(webinar, days, Anchor.END)


@pytest.mark.every_engine
def test_people_are_counted_for_every_reminder_by_one_query(in_app, count_queries):
    webinar = RegistrationFactory().webinar
    RegistrationFactory(webinar=webinar, confirmed_at=DAY_BEFORE - timedelta(hours=1))
    reminders = queries.list_reminders(webinar, now=clock.now())

    counts = []
    taken = count_queries(lambda: counts.extend(queries.count_receivers(reminders, webinar)))

    assert ([each.minutes for each in reminders], counts) == (
        [-7 * DAY, -DAY, -HOUR, 0],
        [1, 1, 2, 2],
    )
    assert taken == 1
