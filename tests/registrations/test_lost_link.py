"""For who has lost their link."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.outbox import OutboxJob
from eventapp.registrations.models import RegistrationStatus
from eventapp.webinars.models import WebinarStatus
from tests.plugins.app import NOON
from tests.plugins.mail import work_through
from tests.registrations.visits import (
    add_registration,
    add_webinar,
    read,
    text_of,
    without_token,
)

LOST_LINK = "/webinars/hubs/lost-link"


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def ask(app, client, email):
    answer = client.post(LOST_LINK, data={"email": email}, follow_redirects=True)
    with app.app_context():
        work_through()
    return answer


@pytest.mark.parametrize("status", list(RegistrationStatus))
def test_link_goes_to_the_mailbox(app, client, mail_server, status):
    webinar_id = add_webinar(app)
    kept = NOON + timedelta(hours=1) if status == RegistrationStatus.OFFERED else None
    door = add_registration(
        app, webinar_id, email="ada@example.org", status=status, held_until=kept
    )

    ask(app, client, " Ada@Example.org ")

    [mail] = mail_server.mails
    assert mail.recipients == ("ada@example.org",)
    assert f"http://localhost{door}/" in mail.message.get_body(("plain",)).get_content()


@pytest.mark.parametrize("status", list(RegistrationStatus))
def test_answer_is_the_same_byte_by_byte(app, client, mail_server, status):
    webinar_id = add_webinar(app)
    kept = NOON + timedelta(hours=1) if status == RegistrationStatus.OFFERED else None
    add_registration(app, webinar_id, email="ada@example.org", status=status, held_until=kept)

    known = ask(app, client, "ada@example.org")
    unknown = ask(app, client, "ben@example.org")

    assert without_token(known) == without_token(unknown)
    assert "If this address is registered here" in text_of(known)


def test_same_statements_are_run_whoever_asks(app, client, count_queries):
    webinar_id = add_webinar(app)
    add_registration(app, webinar_id, email="ada@example.org")
    for_known, for_unknown = (
        count_queries(lambda email=email: client.post(LOST_LINK, data={"email": email}))
        for email in ("ada@example.org", "ben@example.org")
    )

    assert for_known == for_unknown


def test_strangers_address_is_kept_nowhere(app, client):
    add_webinar(app)

    client.post(LOST_LINK, data={"email": "ben@example.org"})

    with app.app_context():
        [payload] = db.session.scalars(sa.select(OutboxJob.payload)).all()
    assert payload["registration_id"] is None
    assert "ben@" not in str(payload)


def test_no_address_is_said_at_the_field(app, client):
    add_webinar(app)

    answer = client.post(LOST_LINK, data={"email": "ada@"})

    assert 'href="#email"' in answer.text


def test_replay_is_found_again_long_after(app, client, mail_server):
    webinar_id = add_webinar(app, status=WebinarStatus.REPLAY_PUBLISHED)
    add_registration(app, webinar_id, email="ada@example.org")

    ask(app, client, "ada@example.org")

    assert len(mail_server.mails) == 1


def test_one_network_asks_only_so_often(app, client, limited):
    add_webinar(app)

    answers = [client.post(LOST_LINK, data={"email": f"a{n}@example.org"}) for n in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]


def test_drafts_have_no_such_page(app, client):
    add_webinar(app, status=WebinarStatus.DRAFT, published_at=None)

    assert client.get(LOST_LINK).status_code == 404


def test_another_webinars_attendees_are_not_found_here(app, client, mail_server):
    add_webinar(app)
    other = add_webinar(app, slug="other")
    add_registration(app, other, email="ada@example.org")

    ask(app, client, "ada@example.org")

    assert mail_server.mails == []
    assert read(app) == [RegistrationStatus.CONFIRMED]
