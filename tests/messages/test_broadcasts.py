"""How messages to many get there."""

from __future__ import annotations

import threading
from collections import Counter

import pytest
import sqlalchemy as sa

from eventapp.core import clock, mailer, outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.messages import reactions
from eventapp.messages.broadcasts import actions
from eventapp.messages.broadcasts.refusals import (
    BroadcastIsElsewhere,
)
from eventapp.messages.models import BroadcastStatus
from eventapp.registrations.models import Registration
from eventapp.registrations.subscriptions import NOT_WANTED, unsubscribe
from tests.factories import (
    RegistrationFactory,
    WebinarFactory,
)
from tests.messages.broadcasting import (
    people,
    run_all,
    send,
    set_states,
    states_of,
    write,
    written_to,
    written_to_two,
)

pytestmark = pytest.mark.usefixtures("in_app", "stopped_clock")


@pytest.mark.every_engine
def test_message_reaches_each_with_their_own_words_and_links():
    webinar = RegistrationFactory(name="Ada").webinar
    RegistrationFactory(name="Ben **B**", webinar=webinar)
    broadcast = write(webinar)

    send(broadcast)
    run_all()

    ada, ben = db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id))
    assert (ada.subject, ben.subject) == ("For Ada", "For Ben **B**")
    assert f"come (http://localhost/r/{ada.placeholder}/join)" in ada.body_text
    assert "Dear Ben **B**:" in ben.body_html
    assert ada.unsubscribe_url == f"http://localhost/r/{ada.placeholder}/unsubscribe"
    assert {ada.broadcast_id, ben.broadcast_id} == {broadcast.id}
    db.session.refresh(broadcast)
    assert (broadcast.status, broadcast.written, broadcast.total) == (BroadcastStatus.SENT, 2, 2)


@pytest.mark.every_engine
def test_paused_and_continued_it_reaches_each_once(monkeypatch):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    everyone = [each.name for each in people(webinar, 5)]
    broadcast = write(webinar)
    send(broadcast)
    outbox.run_due_jobs()

    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    run_all()
    while_paused = written_to()
    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    run_all()

    assert while_paused == everyone[:2]
    assert written_to() == everyone


@pytest.mark.every_engine
def test_short_pause_writes_to_nobody_twice(monkeypatch):
    """The job of before the pause is still waiting when a second one is written."""
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    everyone = [each.name for each in people(webinar, 7)]
    broadcast = write(webinar)
    send(broadcast)
    outbox.run_due_jobs()

    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    run_all()

    assert written_to() == everyone


@pytest.mark.every_engine
def test_two_jobs_at_once_share_the_people(app, monkeypatch):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    everyone = [each.name for each in people(webinar, 9)]
    broadcast = write(webinar)
    send(broadcast)
    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    start = threading.Barrier(2)

    def work():
        with app.app_context():
            start.wait(timeout=20)
            run_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    run_all()
    assert Counter(written_to()) == Counter(everyone)


@pytest.mark.every_engine
def test_crash_half_way_loses_and_repeats_nobody(monkeypatch, stopped_clock):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    everyone = [each.name for each in people(webinar, 5)]
    send(write(webinar))
    outbox.run_due_jobs()
    written, write_one = [], reactions.mail_attendee

    def crash(*args, **kwargs):
        written.append(write_one(*args, **kwargs))
        raise RuntimeError

    monkeypatch.setattr(reactions, "mail_attendee", crash)
    outbox.run_due_jobs()
    monkeypatch.setattr(reactions, "mail_attendee", write_one)

    stopped_clock.forward(minutes=10)
    run_all()

    assert len(written) == 1
    assert written_to() == everyone


@pytest.mark.every_engine
def test_stopped_it_reaches_nobody_more(monkeypatch):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 2)
    webinar = WebinarFactory()
    people(webinar, 5)
    broadcast = write(webinar)
    send(broadcast)
    outbox.run_due_jobs()

    with transaction():
        actions.stop_broadcast(broadcast, now=clock.now())
    run_all()

    assert len(written_to()) == 2
    with pytest.raises(BroadcastIsElsewhere), transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())


@pytest.mark.every_engine
def test_what_is_written_does_not_leave_after_a_stop(mail_server):
    broadcast = written_to_two()

    with transaction():
        actions.stop_broadcast(broadcast, now=clock.now())
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert states_of(broadcast) == [(MailStatus.WITHHELD, actions.STOPPED)] * 2


@pytest.mark.every_engine
def test_what_is_written_waits_for_the_end_of_a_pause(mail_server):
    broadcast = written_to_two()

    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    mailer.deliver_due_mail()
    while_paused = [states_of(broadcast), len(mail_server.messages)]
    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    mailer.deliver_due_mail()

    assert while_paused == [[(MailStatus.WITHHELD, actions.ON_PAUSE)] * 2, 0]
    assert states_of(broadcast) == [(MailStatus.SENT, None)] * 2
    assert len(mail_server.messages) == 2


@pytest.mark.every_engine
def test_what_was_paused_and_then_stopped_does_not_leave(mail_server):
    broadcast = written_to_two()

    for step in (actions.pause_broadcast, actions.stop_broadcast):
        with transaction():
            step(broadcast, now=clock.now())
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert states_of(broadcast) == [(MailStatus.WITHHELD, actions.STOPPED)] * 2


@pytest.mark.every_engine
def test_what_a_worker_gives_back_after_a_stop_does_not_leave(mail_server):
    broadcast = written_to_two()
    set_states(broadcast, MailStatus.SENDING)

    with transaction():
        actions.stop_broadcast(broadcast, now=clock.now())
    set_states(broadcast, MailStatus.RETRYING)
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert states_of(broadcast) == [(MailStatus.WITHHELD, mailer.TOO_LATE)] * 2


@pytest.mark.every_engine
def test_what_a_worker_gives_back_in_a_pause_leaves_after_it(mail_server):
    broadcast = written_to_two()
    set_states(broadcast, MailStatus.SENDING)

    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    set_states(broadcast, MailStatus.RETRYING)
    mailer.deliver_due_mail()
    while_paused = len(mail_server.messages)
    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    mailer.deliver_due_mail()

    assert (while_paused, len(mail_server.messages)) == (0, 2)


@pytest.mark.every_engine
def test_who_unsubscribes_in_a_pause_gets_nothing_after_it(mail_server):
    broadcast = written_to_two()
    with transaction():
        actions.pause_broadcast(broadcast, now=clock.now())
    with transaction():
        for registration in db.session.scalars(sa.select(Registration)):
            unsubscribe(registration, now=clock.now())

    with transaction():
        actions.go_on_with_broadcast(broadcast, now=clock.now())
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert states_of(broadcast) == [(MailStatus.WITHHELD, NOT_WANTED)] * 2


def test_who_unsubscribes_meanwhile_gets_nothing(monkeypatch):
    monkeypatch.setattr(reactions, "MAILING_AT_ONCE", 1)
    webinar = WebinarFactory()
    ada, ben = people(webinar, 2)
    send(write(webinar))
    outbox.run_due_jobs()
    ben.unsubscribed_at = clock.now()
    db.session.commit()

    run_all()

    assert written_to() == [ada.name]
