"""What the ledger tells of the messages that somebody got, or didn't get, before."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core.db import count_rows, db, transaction
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.registrations import actions
from eventapp.registrations.calendar_queries import holds_entry
from eventapp.registrations.mails import door_of, mail_attendee
from eventapp.registrations.models import RegistrationStatus
from tests.factories import RegistrationFactory, WebinarFactory
from tests.plugins.app import NOON

pytestmark = pytest.mark.usefixtures("stopped_clock")


def count_mails():
    return count_rows(sa.select(OutgoingMail.id))


@pytest.mark.every_engine
@pytest.mark.parametrize(
    ("known", "links"), [({}, 3), ({"verified_at": NOON}, 5), ({"added_at": NOON}, 5)]
)
def test_address_that_nobody_has_confirmed_gets_few_links_a_day(
    mail_server, work, stopped_clock, known, links
):
    webinar = WebinarFactory()
    registration = RegistrationFactory(webinar=webinar, email="ada@example.org", **known)

    for _ in range(5):
        with transaction():
            actions.send_link(registration, now=stopped_clock.moment)
        work()
        stopped_clock.forward(minutes=15)
    today = count_mails()
    stopped_clock.forward(days=1)
    with transaction():
        actions.send_link(registration, now=stopped_clock.moment)
    work()

    assert (today, count_mails()) == (links, links + 1)


@pytest.mark.every_engine
@pytest.mark.parametrize("status", [MailStatus.WITHHELD, MailStatus.FAILED, MailStatus.BOUNCED])
def test_cancel_that_did_not_arrive_left_the_entry_in_the_calendar(in_app, status):
    ada = RegistrationFactory(status=RegistrationStatus.WAITING)
    with transaction():
        mail_attendee("registration_confirmed", ada, once_key="1", method="REQUEST", now=NOON)
        gone = mail_attendee("registration_cancelled", ada, once_key="2", method="CANCEL", now=NOON)
        before = holds_entry(door_of(ada))
        gone.status = status
        db.session.flush()

        after = holds_entry(door_of(ada))

    assert (before, after) == (False, True)
