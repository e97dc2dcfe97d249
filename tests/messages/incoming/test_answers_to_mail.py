"""Where an answer to an ordinary message goes, and what becomes of it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.accounts.events import PasswordForgotten
from eventapp.core.db import db, record, transaction
from eventapp.core.mailer import OutgoingMail
from eventapp.core.reply_addresses import Marking, mark_address
from eventapp.core.tokens import derive_token
from eventapp.messages.incoming.reception import receive
from eventapp.messages.models import IncomingKind, IncomingMail
from eventapp.registrations.mails import mail_access_code, mail_attendee
from tests.factories import AccessCodeFactory, RegistrationFactory, UserFactory, WebinarFactory
from tests.messages.incoming.answers import write_note

REPLIES, CONTACT = "replies@example.org", "team@example.org"

with_reply_address = pytest.mark.parametrize("environment", [{"REPLY_ADDRESS": REPLIES}])
without_one = pytest.mark.parametrize("environment", [{}])


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def write_reminder(stopped_clock, **changes):
    registration = RegistrationFactory(webinar=WebinarFactory(**changes))
    with transaction():
        mail_attendee("webinar_live", registration, once_key="1", now=stopped_clock(), is_bulk=True)
    return registration


def address_of_newest():
    db.session.rollback()
    mail = db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id.desc())).first()
    return mark_address(Marking.MESSAGE, mail.id, uid=mail.message_id)


@pytest.mark.parametrize("environment", [{}, {"REPLY_ADDRESS": REPLIES}])
def test_answers_go_to_the_contact_where_there_is_one(mail_server, work, stopped_clock):
    write_reminder(stopped_clock, contact_email=CONTACT, contact_name="Team")
    work()

    assert mail_server.messages[0]["Reply-To"] == f"Team <{CONTACT}>"


@with_reply_address
def test_answers_come_here_where_a_webinar_has_no_contact(mail_server, work, stopped_clock):
    write_reminder(stopped_clock, contact_email="")
    work()

    assert mail_server.messages[0]["Reply-To"] == address_of_newest()


@without_one
def test_answers_go_to_the_sender_where_there_is_neither(mail_server, work, stopped_clock):
    write_reminder(stopped_clock, contact_email="")
    work()

    assert mail_server.messages[0]["Reply-To"] is None


@with_reply_address
def test_answers_of_who_is_invited_come_here_too(mail_server, work, stopped_clock):
    webinar = WebinarFactory(contact_email="")
    with transaction():
        code = AccessCodeFactory(webinar_id=webinar.id, email="ben@example.org")
        mail_access_code(code, webinar, now=stopped_clock())
    work()

    assert mail_server.messages[0]["Reply-To"] == address_of_newest()


@with_reply_address
def test_answers_to_what_is_about_an_account_do_not_come_here(mail_server, work):
    user = UserFactory()
    with transaction():
        record(PasswordForgotten(address=user.email, language="en"))
    work()

    assert mail_server.messages[0]["Reply-To"] is None


@with_reply_address
def test_what_somebody_answers_is_listed_with_their_registration(
    app, organiser, mail_server, work, stopped_clock
):
    registration = write_reminder(stopped_clock, contact_email="")
    work()

    receive(write_note(mail_server.messages[0]["Reply-To"], "Is there a recording?"))

    row = db.session.scalars(sa.select(IncomingMail)).one()
    assert (row.kind, row.outcome, row.read_at) == (IncomingKind.OTHER, "kept", None)
    assert (row.registration_id, row.webinar_id) == (registration.id, registration.webinar_id)
    page = organiser.get(f"/manage/webinars/{registration.webinar_id}/messages/incoming").text
    assert "Sorry" in page


@with_reply_address
def test_personal_links_in_an_answer_are_hidden(mail_server, work, stopped_clock):
    registration = write_reminder(stopped_clock, contact_email="")
    work()
    token = derive_token("registration", registration.uid)

    receive(
        write_note(
            mail_server.messages[0]["Reply-To"],
            f"Thanks!\n> Join: http://localhost/r/{token}/join\n> Page: http://localhost/r/{token}",
        )
    )

    text = db.session.scalars(sa.select(IncomingMail.text)).one()
    assert token not in text
    assert "> Join: http://localhost/r/hidden/join" in text


@pytest.mark.parametrize(
    ("environment", "said"),
    [({"REPLY_ADDRESS": REPLIES}, "under “What came back”"), ({}, "the sender")],
)
def test_ledger_says_where_answers_go(app, organiser, stopped_clock, said):
    with app.app_context():
        write_reminder(stopped_clock, contact_email="")
        mail_id = db.session.scalars(sa.select(OutgoingMail.id)).one()

    page = organiser.get(f"/manage/messages/{mail_id}").text

    assert (
        f"<dt>Replies go to</dt><dd>{'this site, ' if 'under' in said else ''}{said}</dd>" in page
    )
