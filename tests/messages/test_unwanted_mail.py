"""What somebody asked for no more of: no organiser sends it, and the ledger says why."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.registrations.mails import mail_attendee
from eventapp.registrations.models import Registration
from eventapp.registrations.subscriptions import subscribe_again, unsubscribe
from tests.factories import EARLIER, START, RegistrationFactory

pytestmark = pytest.mark.every_engine


def write(app, *, status=MailStatus.QUEUED, is_bulk=True):
    """Write a message to Ada, who then asks for no more news; return its id."""
    with app.app_context():
        ada = RegistrationFactory(name="Ada")
        with transaction() as session:
            mail = mail_attendee("webinar_live", ada, once_key="1", now=EARLIER, is_bulk=is_bulk)
            mail.status = status
            session.flush()
        with transaction():
            unsubscribe(ada, now=START)
        return mail.id


def statuses(app):
    with app.app_context():
        return db.session.scalars(sa.select(OutgoingMail.status).order_by(OutgoingMail.id)).all()


def test_withheld_message_says_what_the_person_asked_for(app, organiser):
    page = organiser.get(f"/manage/messages/{write(app)}").text

    assert "Ada asked for no more reminders and news about this webinar." in page
    assert "came back" not in page
    assert "Send it anyway" not in page


def test_withheld_message_is_not_sent(app, organiser):
    mail_id = write(app)

    page = organiser.post(f"/manage/messages/{mail_id}/again", follow_redirects=True).text

    assert "They asked for no more reminders and news about this webinar, so" in page
    assert statuses(app) == [MailStatus.WITHHELD]


def test_it_stays_withheld_when_its_owner_wants_news_again(app, organiser):
    mail_id = write(app)
    with app.app_context(), transaction() as session:
        subscribe_again(session.scalars(sa.select(Registration)).one(), now=START)

    organiser.post(f"/manage/messages/{mail_id}/again")

    assert statuses(app) == [MailStatus.WITHHELD]


@pytest.mark.parametrize("status", [MailStatus.SENT, MailStatus.FAILED, MailStatus.BOUNCED])
def test_earlier_news_is_not_sent_again_either(app, organiser, status):
    mail_id = write(app, status=status)
    shown = organiser.get(f"/manage/messages/{mail_id}").text

    organiser.post(f"/manage/messages/{mail_id}/again")

    assert "so this message can't be sent again" in shown
    assert statuses(app) == [status]


def test_what_concerns_the_registration_is_sent_again(app, organiser):
    mail_id = write(app, status=MailStatus.SENT, is_bulk=False)

    organiser.post(f"/manage/messages/{mail_id}/again")

    assert statuses(app) == [MailStatus.SENT, MailStatus.QUEUED]
