"""What is kept of whatever else is received."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from eventapp.core.db import db, transaction
from eventapp.core.reply_addresses import Marking, mark_address
from eventapp.messages.incoming.reception import receive
from eventapp.messages.models import IncomingKind, IncomingMail
from eventapp.registrations.models import Registration, RegistrationStatus
from tests.factories import RegistrationFactory, WebinarFactory
from tests.messages.incoming.answers import write_note
from tests.messages.incoming.receiving import (
    became,
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


def test_what_people_write_is_kept_with_its_registration(mail_server, work, stopped_clock):
    ada = register(WebinarFactory(), stopped_clock)
    address = mark_address(Marking.REGISTRATION, ada.id, uid=ada.uid)

    receive(write_note(address, "I can't come.\n\nSorry, Ada"))

    row = newest()
    assert (row.kind, row.outcome, row.reason) == (IncomingKind.OTHER, "kept", "")
    assert (row.from_name, row.from_address) == ("Ada Attendee", "ada@example.org")
    assert (row.subject, row.text) == ("Sorry", "I can't come.\n\nSorry, Ada")
    assert (row.registration_id, row.read_at) == (ada.id, None)
    assert became(ada) == "confirmed"


def test_holiday_notice_is_kept_unanswered_and_needs_nobody(mail_server, work, stopped_clock):
    register(WebinarFactory(), stopped_clock)
    work()
    count = len(mail_server.mails)

    receive(write_note(returned_to(mail_server), "Away", Auto_Submitted="auto-replied"))
    work()

    assert what_was_done() == ("noted", "automatic")
    assert newest().read_at is not None
    assert newest().mail_id == outgoing().id
    assert len(mail_server.mails) == count


@pytest.mark.every_engine
def test_message_that_comes_twice_is_kept_once(in_app):
    raw = write_note("replies@example.org")

    results = [receive(raw), receive(raw)]

    assert results == [True, False]
    assert db.session.scalar(sa.select(sa.func.count(IncomingMail.id))) == 1


def test_message_without_an_id_is_known_by_its_content(in_app):
    raw = b"From: ada@example.org\r\n\r\nHello"

    results = [receive(raw), receive(raw), receive(raw + b"!")]

    assert results == [True, False, True]


@pytest.mark.every_engine
def test_message_that_comes_twice_at_once_is_kept_once(app):
    raw = write_note("replies@example.org")
    together = threading.Barrier(2)
    results, errors = [], []

    def work_alone() -> None:
        with app.app_context():
            together.wait()
            try:
                results.append(receive(raw))
            except SQLAlchemyError as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work_alone) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (sorted(results), errors) == ([False, True], [])


def test_deleted_registration_leaves_what_was_said(in_app):
    ada = RegistrationFactory(status=RegistrationStatus.CONFIRMED)
    address = mark_address(Marking.REGISTRATION, ada.id, uid=ada.uid)
    receive(write_note(address))
    with transaction() as session:
        session.delete(session.get_one(Registration, ada.id))

    assert (newest().registration_id, newest().subject) == (None, "Sorry")
