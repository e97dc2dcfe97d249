"""A message to many that is written whole, until the last of it has left."""

from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from eventapp.core import clock, mailer, outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.messages.broadcasts import actions
from eventapp.messages.broadcasts.refusals import BroadcastIsElsewhere
from eventapp.messages.broadcasts.rules import Segment, SegmentKind
from eventapp.messages.models import Broadcast, BroadcastStatus
from tests.factories import RegistrationFactory, UserFactory, WebinarFactory
from tests.messages.broadcasting import written_to_two

pytestmark = pytest.mark.usefixtures("stopped_clock")


def written_whole(people=2):
    """Write a message to all its people; none of it has left."""
    webinar = WebinarFactory()
    for _ in range(people):
        RegistrationFactory(webinar=webinar)
    with transaction():
        broadcast = actions.write_broadcast(
            webinar,
            segment=Segment(kind=SegmentKind.CONFIRMED),
            subject="News",
            body="Hello {name}",
            user_id=UserFactory().id,
            now=clock.now(),
        )
    with transaction():
        actions.start_broadcast(
            broadcast, shown=people, seen_at=broadcast.updated_at, now=clock.now()
        )
    run_all()
    return broadcast


def run_all():
    while outbox.run_due_jobs():
        db.session.rollback()
    db.session.rollback()


def do(step, broadcast):
    with transaction():
        step(broadcast, now=clock.now())


def outcomes():
    db.session.rollback()
    return db.session.scalars(sa.select(OutgoingMail.status).order_by(OutgoingMail.id)).all()


def states():
    db.session.rollback()
    return db.session.execute(sa.select(Broadcast.status, Broadcast.written)).one()


@pytest.mark.every_engine
def test_written_whole_it_can_be_stopped(mail_server, in_app):
    broadcast = written_whole()

    do(actions.stop_broadcast, broadcast)
    mailer.deliver_due_mail()

    assert mail_server.messages == []
    assert outcomes() == [MailStatus.WITHHELD] * 2
    assert states() == (BroadcastStatus.STOPPED, 2)


@pytest.mark.every_engine
def test_written_whole_it_can_be_paused_and_goes_to_nobody_else_after_that(mail_server, in_app):
    broadcast = written_whole()

    do(actions.pause_broadcast, broadcast)
    mailer.deliver_due_mail()
    while_paused = [*outcomes(), *states()]
    RegistrationFactory(webinar_id=broadcast.webinar_id, webinar=broadcast.webinar)
    do(actions.go_on_with_broadcast, broadcast)
    run_all()
    mailer.deliver_due_mail()

    assert while_paused == [*[MailStatus.WITHHELD] * 2, BroadcastStatus.PAUSED, 2]
    assert outcomes() == [MailStatus.SENT] * 2
    assert states() == (BroadcastStatus.SENT, 2)


@pytest.mark.parametrize("step", [actions.pause_broadcast, actions.stop_broadcast])
def test_once_the_last_has_left_there_is_nothing_to_stop(mail_server, in_app, step):
    broadcast = written_whole()
    mailer.deliver_due_mail()

    with pytest.raises(BroadcastIsElsewhere):
        do(step, broadcast)


def test_page_offers_to_stop_it_and_says_how_much_has_left(app, organiser, mail_server):
    with app.app_context():
        broadcast = written_whole()
        address = f"/manage/webinars/{broadcast.webinar_id}/messages/broadcasts/{broadcast.id}"
        set_state(MailStatus.SENT, only_first=True)

    half = organiser.get(address)
    in_list = text_of(organiser.get(address.rpartition("/")[0]))
    with app.app_context():
        set_state(MailStatus.SENT)
    whole = organiser.get(address)

    assert "Sending 1 of 2 messages have been sent Written to 2 people, 1 on the way" in (
        text_of(half)
    )
    assert re.search(r"Sending 2 ", in_list)
    assert ("/pause" in half.text, "/stop" in half.text) == (True, True)
    assert "Finished 2 of 2 messages have been sent Written to 2 people." in text_of(whole)
    assert ("/pause" in whole.text, "/stop" in whole.text) == (False, False)


def test_page_of_what_was_stopped_says_who_got_it_and_who_did_not(app, organiser, mail_server):
    with app.app_context():
        broadcast = written_to_two()
        address = f"/manage/webinars/{broadcast.webinar_id}/messages/broadcasts/{broadcast.id}"
        set_state(MailStatus.SENT, only_first=True)
        do(actions.stop_broadcast, broadcast)

    page = organiser.get(address)

    assert "Stopped 1 of 3 messages have been sent 1 of 3 people got it" in text_of(page)
    assert "1 held back, 1 not written to." in text_of(page)
    rows = re.findall(r'data-label="Message">(.*?)</td>', page.text, re.DOTALL)
    assert [re.sub(r"<.*?>", "", row).strip() for row in rows] == [
        *("Sent", "Held back", "Not written to")
    ]


def test_progress_is_fetched_again_until_the_last_has_left(app, organiser, mail_server):
    with app.app_context():
        broadcast = written_whole()
        address = f"/manage/webinars/{broadcast.webinar_id}/messages/broadcasts/{broadcast.id}"

    before = organiser.get(f"{address}/progress").text
    with app.app_context():
        mailer.deliver_due_mail()
    after = organiser.get(f"{address}/progress").text

    assert f'data-poll="{address}/progress"' in before
    assert "data-poll" not in after


def set_state(status, *, only_first=False):
    change = sa.update(OutgoingMail).values(status=status)
    if only_first:
        change = change.where(
            OutgoingMail.id == sa.select(sa.func.min(OutgoingMail.id)).scalar_subquery()
        )
    with transaction() as session:
        session.execute(change)


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())
