"""Switching a reminder off and on again while its messages are on their way."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from eventapp.core import clock, mailer, outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.messages import reactions
from eventapp.messages.models import Anchor
from eventapp.messages.reminders import actions
from eventapp.messages.reminders.refusals import MomentHasPassed
from eventapp.messages.reminders.rules import DAY
from eventapp.messages.reminders.sweep import start_due_reminders
from eventapp.webinars.models import WebinarStatus
from tests.factories import START, RegistrationFactory, WebinarFactory

DAY_BEFORE = START - timedelta(days=1)

pytestmark = pytest.mark.usefixtures("stopped_clock")


def run_all():
    while outbox.run_due_jobs():
        db.session.rollback()
    db.session.rollback()


def write_at(moment, stopped_clock):
    """Write what is due at a moment to everyone; nothing leaves."""
    stopped_clock.at(moment)
    start_due_reminders()
    run_all()


def switch(webinar, minutes, *, is_on):
    with transaction():
        actions.switch_reminder(
            webinar, anchor=Anchor.START, minutes=minutes, is_on=is_on, now=clock.now()
        )


def set_states(status, *, due_in=timedelta(0)):
    with transaction() as session:
        session.execute(
            sa.update(OutgoingMail).values(
                status=status, claimed_at=clock.now(), due_at=clock.now() + due_in
            )
        )


def outcomes():
    db.session.rollback()
    rows = db.session.execute(
        sa.select(OutgoingMail.status, OutgoingMail.last_error).order_by(OutgoingMail.id)
    )
    return [tuple(row) for row in rows]


def is_live(webinar):
    webinar.status, webinar.went_live_at = WebinarStatus.LIVE, START
    db.session.commit()


@pytest.mark.every_engine
@pytest.mark.parametrize(
    ("status", "due_in"),
    [
        (MailStatus.QUEUED, timedelta(0)),
        (MailStatus.QUEUED, timedelta(hours=1)),
        (MailStatus.RETRYING, timedelta(minutes=5)),
    ],
)
def test_what_waits_of_a_reminder_is_withheld_when_it_is_switched_off(
    mail_server, in_app, stopped_clock, status, due_in
):
    webinar = RegistrationFactory().webinar
    write_at(DAY_BEFORE, stopped_clock)
    set_states(status, due_in=due_in)

    switch(webinar, -DAY, is_on=False)
    stopped_clock.forward(hours=2)
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert outcomes() == [(MailStatus.WITHHELD, actions.SWITCHED_OFF)]


@pytest.mark.every_engine
def test_what_a_worker_gives_back_after_it_is_switched_off_does_not_leave(
    mail_server, in_app, stopped_clock
):
    webinar = RegistrationFactory().webinar
    write_at(DAY_BEFORE, stopped_clock)
    set_states(MailStatus.SENDING)

    switch(webinar, -DAY, is_on=False)
    set_states(MailStatus.RETRYING)
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert outcomes() == [(MailStatus.WITHHELD, mailer.TOO_LATE)]


@pytest.mark.every_engine
def test_no_other_message_is_withheld(in_app, stopped_clock):
    webinar = RegistrationFactory().webinar
    RegistrationFactory()
    write_at(DAY_BEFORE, stopped_clock)

    switch(webinar, 0, is_on=False)

    assert outcomes() == [(MailStatus.QUEUED, None)] * 2


@pytest.mark.every_engine
def test_slice_that_is_being_written_is_withheld_too(app, in_app, stopped_clock, monkeypatch):
    webinar = RegistrationFactory().webinar
    stopped_clock.at(DAY_BEFORE)
    start_due_reminders()
    is_writing, is_switching = threading.Event(), threading.Event()
    write_one = reactions.mail_attendee

    def write_slowly(*args, **kwargs):
        is_writing.set()
        is_switching.wait(timeout=20)
        # So that who waits for nothing would be done by now.
        threading.Event().wait(0.5)
        return write_one(*args, **kwargs)

    monkeypatch.setattr(reactions, "mail_attendee", write_slowly)

    def work():
        with app.app_context():
            run_all()

    writer = threading.Thread(target=work)
    writer.start()
    is_writing.wait(timeout=20)
    is_switching.set()
    switch(webinar, -DAY, is_on=False)
    writer.join()

    assert outcomes() == [(MailStatus.WITHHELD, actions.SWITCHED_OFF)]


@pytest.mark.every_engine
def test_switched_on_again_the_mailing_goes_on(mail_server, in_app, stopped_clock, monkeypatch):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    for _ in range(3):
        RegistrationFactory(webinar=webinar)
    is_live(webinar)
    stopped_clock.at(START)
    start_due_reminders()
    outbox.run_due_jobs()

    switch(webinar, 0, is_on=False)
    run_all()
    while_off = outcomes()
    switch(webinar, 0, is_on=True)
    run_all()
    mailer.deliver_due_mail()

    assert while_off == [(MailStatus.WITHHELD, actions.SWITCHED_OFF)] * 2
    assert outcomes() == [(MailStatus.SENT, None)] * 3
    assert len(mail_server.messages) == 3


@pytest.mark.every_engine
def test_switched_on_again_it_still_leaves_only_while_it_is_news(
    mail_server, in_app, stopped_clock
):
    webinar = RegistrationFactory().webinar
    is_live(webinar)
    write_at(START, stopped_clock)

    switch(webinar, 0, is_on=False)
    switch(webinar, 0, is_on=True)
    stopped_clock.forward(minutes=30)
    mailer.deliver_due_mail()

    assert mail_server.messages == []


def test_what_was_due_before_is_not_switched_on_again(in_app, stopped_clock):
    webinar = RegistrationFactory().webinar
    write_at(DAY_BEFORE, stopped_clock)
    switch(webinar, -DAY, is_on=False)

    with pytest.raises(MomentHasPassed):
        switch(webinar, -DAY, is_on=True)


def test_page_offers_to_stop_a_mailing_until_its_last_message_has_left(
    app, organiser, mail_server, stopped_clock
):
    with app.app_context():
        webinar = RegistrationFactory().webinar
        write_at(DAY_BEFORE, stopped_clock)
        address = f"/manage/webinars/{webinar.id}/messages/reminders"

    under_way = _row_of_the_day_before(organiser.get(address))
    organiser.post(f"{address}/switch", data={"anchor": "start", "minutes": "-1440", "on": "no"})
    stopped = _row_of_the_day_before(organiser.get(address))

    assert "Sending 1 on the way Switch off" in under_way
    assert "Not sent It was switched off. 1 held back" in stopped
    assert "Switch" not in stopped.replace("switched", "")


def _row_of_the_day_before(page):
    [row] = [row for row in page.text.split("<tr>") if "1 day before the start" in row]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split())
