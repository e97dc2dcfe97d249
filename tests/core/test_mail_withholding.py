from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventapp.core import mailer
from eventapp.core.addresses import key_of_address
from eventapp.core.db import db, transaction
from eventapp.core.mailer import BouncedAddress, MailStatus, OutgoingMail, Recipient
from eventapp.core.mailer.withholding import clear_address
from tests.factories import EARLIER

REASON = "550 5.1.1 No such mailbox"


def mark_bounced(address: str) -> None:
    with transaction() as session:
        session.add(
            BouncedAddress(address_key=key_of_address(address), reason=REASON, bounced_at=EARLIER)
        )


def write_mail(address: str) -> OutgoingMail:
    with transaction():
        return mailer.queue_rendered_mail(
            "test",
            to=Recipient(name="Ada", address=address),
            subject="Hello",
            body_text="Hello",
            body_html="<p>Hello</p>",
        )


@pytest.mark.every_engine
def test_mail_to_a_bounced_address_is_written_and_withheld(in_app, mail_server):
    mark_bounced("ada@example.org")

    row = write_mail("Ada@Example.org")
    mailer.deliver_due_mail()

    assert (row.status, row.last_error) == (MailStatus.WITHHELD, REASON)
    assert mail_server.mails == []


@pytest.mark.every_engine
def test_mail_that_waits_when_its_address_bounces_is_withheld(in_app, mail_server):
    rows = [write_mail(address) for address in ("ada@example.org", "ben@example.org")]
    mark_bounced("ada@example.org")

    mailer.deliver_due_mail()

    db.session.rollback()
    assert [row.status for row in rows] == [MailStatus.WITHHELD, MailStatus.SENT]
    assert rows[0].last_error == REASON
    assert [mail.recipients for mail in mail_server.mails] == [("ben@example.org",)]


@pytest.mark.every_engine
def test_cleared_address_gets_mail_again(in_app, mail_server):
    mark_bounced("ada@example.org")

    with transaction():
        clear_address("ADA@example.org")
    row = write_mail("ada@example.org")
    mailer.deliver_due_mail()

    db.session.rollback()
    assert row.status is MailStatus.SENT


@given(address=st.one_of(st.emails(), st.sampled_from(["Jörg@Büro.example", " a@B.Example "])))
def test_key_of_a_key_is_itself(address):
    assert key_of_address(address) == key_of_address(key_of_address(address))


def test_key_of_no_address_is_its_small_letters():
    assert key_of_address("Ada@ü..example") == "ada@ü..example"
