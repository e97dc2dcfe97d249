"""What messages that came back do to the ledger."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from eventapp.core.db import db, transaction
from eventapp.core.mailer import BouncedAddress, MailStatus, OutgoingMail
from eventapp.core.reply_addresses import Marking, mark_address
from eventapp.messages.incoming.reception import receive
from eventapp.messages.models import IncomingKind
from eventapp.registrations import actions
from tests.factories import WebinarFactory
from tests.messages.incoming.answers import write_bounce
from tests.messages.incoming.receiving import (
    newest,
    outgoing,
    register,
    returned_to,
    what_was_done,
)


@pytest.fixture
def environment():
    return {"REPLY_ADDRESS": "replies@example.org"}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def list_bounced() -> list[tuple[str, str]]:
    rows = db.session.scalars(sa.select(BouncedAddress))
    return [(row.address_key, row.reason) for row in rows]


@pytest.mark.every_engine
def test_bounce_marks_its_message_and_its_address(mail_server, work, stopped_clock):
    webinar = WebinarFactory()
    ada = register(webinar, stopped_clock)
    work()

    receive(write_bounce(returned_to(mail_server)))

    said = "550 5.1.1 <ada@example.org>: No such user"
    mail = outgoing()
    assert (mail.status, mail.last_error) == (MailStatus.BOUNCED, said)
    assert mail.bounced_at == stopped_clock()
    assert list_bounced() == [("ada@example.org", said)]
    row = newest()
    assert (row.kind, row.outcome, row.reason) == (IncomingKind.BOUNCE, "marked", said)
    assert (row.mail_id, row.registration_id, row.webinar_id) == (mail.id, ada.id, webinar.id)


@pytest.mark.every_engine
@pytest.mark.parametrize("is_last", [False, True])
@pytest.mark.parametrize("action", ["failed", "delayed"])
def test_bounce_of_who_is_erased_tells_nothing_of_them(
    mail_server, work, stopped_clock, is_last, action
):
    ada = register(WebinarFactory(), stopped_clock)
    work()
    with transaction():
        actions.erase_registration(ada, now=stopped_clock())
    work()

    receive(write_bounce(mail_server.mails[-1 if is_last else 0].sender, action=action))

    row, mail = newest(), db.session.get_one(OutgoingMail, newest().mail_id)
    has_failed = action == "failed"
    assert (row.from_name, row.from_address, row.subject, row.text, row.reason) == ("",) * 5
    assert row.outcome == ("marked" if has_failed else "noted")
    assert (mail.status == MailStatus.BOUNCED, mail.last_error) == (has_failed, None)
    assert list_bounced() == []


def test_second_bounce_of_an_address_renews_the_first(mail_server, work, stopped_clock):
    register(WebinarFactory(), stopped_clock)
    register(WebinarFactory(), stopped_clock)
    work()

    for mail in mail_server.mails:
        receive(write_bounce(mail.sender, said="smtp; 550 Still nobody"))

    assert list_bounced() == [("ada@example.org", "550 Still nobody")]


def test_message_that_is_late_is_noted_alone(mail_server, work, stopped_clock):
    register(WebinarFactory(), stopped_clock)
    work()

    receive(write_bounce(returned_to(mail_server), action="delayed", status="4.4.1"))

    assert outgoing().status == MailStatus.SENT
    assert list_bounced() == []
    assert what_was_done() == ("noted", "delayed")


def test_message_that_was_delivered_is_noted_with_what_was_said(mail_server, work, stopped_clock):
    register(WebinarFactory(), stopped_clock)
    work()

    receive(
        write_bounce(returned_to(mail_server), action="relayed", status="2.0.0", said="smtp; OK")
    )

    assert (outgoing().status, what_was_done()) == (MailStatus.SENT, ("noted", "OK"))


@pytest.mark.every_engine
def test_two_bounces_of_an_address_at_once_are_both_followed(app, mail_server, work, stopped_clock):
    for _ in range(2):
        register(WebinarFactory(), stopped_clock)
    work()
    together = threading.Barrier(2)
    errors = []

    def work_alone(raw: bytes) -> None:
        with app.app_context():
            together.wait()
            try:
                receive(raw)
            except SQLAlchemyError as error:
                errors.append(error)
            finally:
                db.session.remove()

    bounces = [write_bounce(mail.sender) for mail in mail_server.mails]
    threads = [threading.Thread(target=work_alone, args=(raw,)) for raw in bounces]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    statuses = list(db.session.scalars(sa.select(OutgoingMail.status)))
    assert (statuses, errors) == ([MailStatus.BOUNCED] * 2, [])
    assert len(list_bounced()) == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("4.4.7", "smtp; timed out"),
        ("5.2.2", "smtp; 552 5.2.2 Mailbox full"),
        ("5.3.4", "smtp; 552 5.3.4 Message too large"),
        ("5.7.1", "smtp; 550 5.7.1 Blocked by a list"),
    ],
)
def test_what_may_be_over_tomorrow_says_nothing_of_the_address(
    mail_server, work, stopped_clock, status, said
):
    register(WebinarFactory(), stopped_clock)
    work()

    receive(write_bounce(returned_to(mail_server), status=status, said=said))

    assert (outgoing().status, list_bounced()) == (MailStatus.BOUNCED, [])


@pytest.mark.parametrize(
    "to",
    [
        "replies@example.org",
        "replies+b" + "a" * 24 + "@example.org",
        "webinars@example.org",
    ],
)
def test_bounce_without_a_token_of_ours_marks_nothing(mail_server, work, stopped_clock, to):
    register(WebinarFactory(), stopped_clock)
    work()

    receive(write_bounce(to))

    assert outgoing().status == MailStatus.SENT
    assert list_bounced() == []
    assert what_was_done() == ("kept", "no_token")


def test_token_of_a_registration_marks_no_message(mail_server, work, stopped_clock):
    ada = register(WebinarFactory(), stopped_clock)
    work()

    receive(write_bounce(mark_address(Marking.REGISTRATION, ada.id, uid=ada.uid)))

    assert (outgoing().status, list_bounced()) == (MailStatus.SENT, [])


def test_bounce_of_a_webinar_that_is_gone_is_kept_with_its_message(
    mail_server, work, stopped_clock
):
    webinar = WebinarFactory()
    register(webinar, stopped_clock)
    work()
    with transaction() as session:
        session.execute(sa.delete(type(webinar)))

    receive(write_bounce(returned_to(mail_server)))

    assert (newest().webinar_id, newest().outcome) == (None, "marked")
