from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core import clock, outbox
from eventapp.core.db import db, record, transaction
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.core.tokens import derive_token
from eventapp.registrations.mails import mail_attendee
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.events import ReplayPublished
from eventapp.webinars.models import WebinarStatus
from tests.factories import EARLIER, RegistrationFactory, WebinarFactory

ONE_CLICK = {"List-Unsubscribe": "One-Click"}

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def door(app):
    with app.app_context():
        return f"/r/{derive_token('registration', RegistrationFactory().uid)}"


def unsubscribed_at(app):
    with app.app_context():
        return db.session.scalar(sa.select(Registration.unsubscribed_at))


def test_looking_changes_nothing(app, client, door):
    page = client.get(f"{door}/unsubscribe")

    assert "No more reminders?" in page.text
    assert unsubscribed_at(app) is None


@pytest.mark.every_engine
def test_button_ends_reminders_and_says_so(app, client, door):
    page = client.post(f"{door}/unsubscribe", follow_redirects=True)

    assert "You get no more reminders" in page.text
    assert unsubscribed_at(app) == clock.now()


@pytest.mark.every_engine
def test_one_click_of_a_mail_program_needs_no_token_of_a_form(app, client, door):
    """RFC 8058, 3.2: no cookie, no redirect."""
    app.config["WTF_CSRF_ENABLED"] = True

    answer = client.post(f"{door}/unsubscribe", data=ONE_CLICK)

    assert answer.status_code == 200
    assert unsubscribed_at(app) == clock.now()


def test_one_click_twice_is_one(app, client, door, stopped_clock):
    client.post(f"{door}/unsubscribe", data=ONE_CLICK)
    first = unsubscribed_at(app)
    stopped_clock.forward(minutes=5)

    client.post(f"{door}/unsubscribe", data=ONE_CLICK)

    assert unsubscribed_at(app) == first


@pytest.mark.every_engine
def test_it_is_undone(app, client, door):
    client.post(f"{door}/unsubscribe")

    client.post(f"{door}/subscribe")

    assert unsubscribed_at(app) is None


def test_undoing_needs_the_token_of_the_form(app, client, door):
    app.config["WTF_CSRF_ENABLED"] = True

    assert client.post(f"{door}/subscribe").status_code == 400


@pytest.mark.every_engine
def test_what_waits_to_be_sent_is_withheld_unless_it_concerns_the_seat(app, client):
    with app.app_context():
        ada = RegistrationFactory()
        with transaction():
            for message, is_bulk in (("replay_published", True), ("registration_link", False)):
                mail_attendee(message, ada, once_key=message, now=clock.now(), is_bulk=is_bulk)
        token = derive_token("registration", ada.uid)

    client.post(f"/r/{token}/unsubscribe", data=ONE_CLICK)

    with app.app_context():
        statuses = db.session.execute(sa.select(OutgoingMail.message, OutgoingMail.status))
        assert dict(iter(statuses)) == {
            "replay_published": MailStatus.WITHHELD,
            "registration_link": MailStatus.QUEUED,
        }


@pytest.mark.every_engine
def test_what_is_tried_again_later_is_withheld_as_well(app, client):
    with app.app_context():
        ada = RegistrationFactory()
        with transaction():
            mail = mail_attendee("webinar_live", ada, once_key="1", now=clock.now(), is_bulk=True)
            mail.status = MailStatus.RETRYING
        token = derive_token("registration", ada.uid)

    client.post(f"/r/{token}/unsubscribe", data=ONE_CLICK)

    with app.app_context():
        assert db.session.scalar(sa.select(OutgoingMail.status)) == MailStatus.WITHHELD


def test_door_says_whether_reminders_come_and_leads_to_the_choice(client, door):
    before = client.get(f"{door}/").text
    client.post(f"{door}/unsubscribe")
    after = client.get(f"{door}/").text

    assert f'href="{door}/unsubscribe">No more of them</a>' in before
    assert f'href="{door}/unsubscribe">Have them sent again</a>' in after
    assert "You get no reminders and news" in after


@pytest.mark.parametrize("status", [RegistrationStatus.UNVERIFIED, RegistrationStatus.CANCELLED])
def test_door_of_who_gets_no_news_anyway_offers_no_choice(app, client, status):
    with app.app_context():
        token = derive_token("registration", RegistrationFactory(status=status).uid)

    assert "/unsubscribe" not in client.get(f"/r/{token}/").text


@pytest.mark.every_engine
def test_replay_is_news(in_app):
    webinar = WebinarFactory(status=WebinarStatus.REPLAY_PUBLISHED)
    RegistrationFactory(name="Ada", webinar=webinar)
    RegistrationFactory(name="Quiet", webinar=webinar, unsubscribed_at=EARLIER)
    with transaction():
        record(ReplayPublished(webinar_id=webinar.id))

    while outbox.run_due_jobs():
        db.session.rollback()

    [mail] = db.session.scalars(sa.select(OutgoingMail))
    assert mail.to_name == "Ada"
    assert mail.unsubscribe_url
    assert mail.unsubscribe_url in mail.body_text
