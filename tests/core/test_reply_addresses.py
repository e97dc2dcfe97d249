from __future__ import annotations

import pytest

from eventapp.core import mailer
from eventapp.core.db import db, transaction
from eventapp.core.mailer import OutgoingMail
from eventapp.core.reply_addresses import MOST_MARKS, Marking, mark_address, read_marks
from tests.plugins.mail import SENDER


@pytest.fixture
def environment():
    return {"REPLY_ADDRESS": "replies@example.org"}


def write_mail(clock) -> OutgoingMail:
    with transaction() as session:
        row = OutgoingMail(
            message="note",
            to_name="Ada",
            to_address="ada@example.org",
            subject="Hello",
            body_text="Hello",
            body_html="<p>Hello</p>",
            placeholder="-",
            message_id="<1@localhost>",
            created_at=clock(),
            due_at=clock(),
        )
        session.add(row)
    return row


def test_address_is_read_again_from_any_header_in_any_spelling(in_app):
    address = mark_address(Marking.REGISTRATION, 7, uid="u1")

    marks = read_marks(["Ada <ada@example.org>", f'"Hubs, Creative" <{str(address).upper()}>'])

    assert [(mark.marking, mark.number, mark.fits("u1")) for mark in marks] == [("r", 7, True)]


def test_address_of_another_row_does_not_fit(in_app):
    address = mark_address(Marking.REGISTRATION, 7, uid="u1")

    [mark] = read_marks([str(address)])

    assert not mark.fits("u2")


@pytest.mark.parametrize(
    "header",
    [
        "replies@example.org",
        "replies+r@example.org",
        "replies+x" + "a" * 24 + "@example.org",
        "replies+r" + "a" * 23 + "@example.org",
        "replies+r" + "1" * 24 + "@example.org",
        "replies+r" + "a" * 100_000,
        "+" * 100_000,
    ],
)
def test_address_without_a_token_has_no_mark(in_app, header):
    assert read_marks([header]) == []


def test_local_part_is_no_longer_than_servers_take(in_app):
    address = mark_address(Marking.MESSAGE, 2**31 - 1, uid="u1")

    assert len(str(address).partition("@")[0]) <= 64


def test_each_message_comes_back_to_an_address_of_its_own(in_app, mail_server, stopped_clock):
    row = write_mail(stopped_clock)

    mailer.deliver_due_mail()

    [mail] = mail_server.mails
    [mark] = read_marks([mail.sender])
    assert (mark.marking, mark.number) == (Marking.MESSAGE, row.id)
    assert mark.fits(db.session.get_one(OutgoingMail, row.id).message_id)
    assert mail.message["From"] == SENDER
    assert mail.message["Return-Path"] is None


def test_message_keeps_its_address_over_a_second_conversation(in_app, mail_server, stopped_clock):
    write_mail(stopped_clock)
    mail_server.answer_next(421, "Not now")
    mailer.deliver_due_mail()
    stopped_clock.forward(minutes=10)

    mailer.deliver_due_mail()

    [mail] = mail_server.mails
    assert mail.sender.startswith("replies+b")


def test_no_more_marks_are_read_than_somebody_has_need_of(in_app):
    address = mark_address(Marking.REGISTRATION, 1, uid="u")

    assert len(read_marks([f"<{address}>, " * 1000])) == MOST_MARKS
