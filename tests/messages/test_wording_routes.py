from __future__ import annotations

import re
from html import unescape

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.mailer import OutgoingMail
from eventapp.core.tokens import derive_token
from eventapp.messages.models import MessageWording
from eventapp.messages.wordings.standard import MESSAGES
from eventapp.webinars.models import Webinar
from tests.factories import RegistrationFactory, WebinarFactory

WORDS = {"subject": "Hi {name}", "body": "Dear **{name}**: {join_link}", "attendee": "0"}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


@pytest.fixture
def base(app):
    with app.app_context():
        return f"/manage/webinars/{WebinarFactory(title='Creative hubs').id}/messages/wordings"


@pytest.fixture
def address(base):
    return f"{base}/registration_confirmed"


def add_person(app, address, **values):
    with app.app_context():
        webinar = db.session.get_one(Webinar, int(address.split("/")[3]))
        registration = RegistrationFactory(webinar=webinar, **values)
        return registration.id, derive_token("registration", registration.uid)


def saved(app):
    with app.app_context():
        return db.session.execute(sa.select(MessageWording.subject, MessageWording.body)).all()


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


def test_every_message_is_listed_with_whose_words_it_has(organiser, base, address):
    organiser.post(address, data=WORDS)

    page = text_of(organiser.get(base))

    assert page.count("Your own") == 1
    assert page.count("Standard") == len(MESSAGES) - 1


def test_editor_begins_with_the_standard_words(organiser, address):
    page = unescape(organiser.get(address).text)

    assert "Hello {name}, we look forward to seeing you at “{title}”." in page
    assert "{join_link}" in page


def test_words_are_saved(app, organiser, address):
    answer = organiser.post(address, data=WORDS)

    assert answer.status_code == 302
    assert saved(app) == [("Hi {name}", "Dear **{name}**: {join_link}")]


def test_unknown_placeholder_is_named_and_nothing_is_saved(app, organiser, address):
    page = text_of(organiser.post(address, data=WORDS | {"body": "Dear {nmae}"}))

    assert "{nmae} is no placeholder of this message. Did you mean {name}?" in page
    assert saved(app) == []


@pytest.mark.parametrize("field", ["subject", "body"])
def test_nothing_written_is_asked_for(app, organiser, address, field):
    page = text_of(organiser.post(address, data=WORDS | {field: "  "}))

    assert "Please check the following" in page
    assert saved(app) == []


def test_words_saved_meanwhile_are_not_overwritten_unseen(app, organiser, address):
    organiser.post(address, data=WORDS | {"body": "Theirs"})

    page = organiser.post(address, data=WORDS | {"body": "Mine", "seen_at": ""})

    assert "Somebody has saved other words" in page.text
    assert [body for _subject, body in saved(app)] == ["Theirs"]
    [field] = re.findall(r'<input[^>]*name="seen_at"[^>]*>', page.text)
    seen_at = re.search(r'value="([^"]+)"', field)[1]
    organiser.post(address, data=WORDS | {"body": "Mine", "seen_at": unescape(seen_at)})
    assert [body for _subject, body in saved(app)] == ["Mine"]


def test_standard_words_come_back(app, organiser, address):
    organiser.post(address, data=WORDS)

    organiser.post(f"{address}/standard")

    assert saved(app) == []


def test_preview_shows_what_is_in_the_form_with_an_attendees_data(app, organiser, address):
    ada_id, token = add_person(app, address, name="Ada & Co")

    answer = organiser.post(f"{address}/preview", data=WORDS | {"attendee": str(ada_id)})

    assert "<strong>Ada &amp; Co</strong>" in answer.text
    assert "http://localhost/r/hidden/join" in answer.text
    assert token not in answer.text
    assert "DOOR-TOKEN" not in answer.text
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert saved(app) == []


def test_preview_as_text(organiser, address):
    answer = organiser.post(f"{address}/preview", data=WORDS | {"as": "text"})

    assert "Subject: Hi Ada Example\n\nDear Ada Example: http://localhost/r/hidden" in answer.text


def test_preview_says_what_is_wrong(organiser, address):
    answer = organiser.post(f"{address}/preview", data=WORDS | {"body": "{nmae}"})

    assert "Did you mean {name}?" in answer.text


def test_preview_is_not_of_another_webinars_attendee(app, organiser, address):
    with app.app_context():
        other_id = RegistrationFactory(name="Oscar").id

    answer = organiser.post(f"{address}/preview", data=WORDS | {"attendee": str(other_id)})

    assert "Oscar" not in answer.text


def test_test_is_sent_to_the_organiser_with_what_is_in_the_form(app, organiser, address):
    page = organiser.post(address, data=WORDS | {"test": "yes"})

    with app.app_context():
        [mail] = db.session.scalars(sa.select(OutgoingMail))
        assert mail.to_address.startswith("organiser")
        assert (mail.subject, mail.door) == ("Test: Hi Ada Example", None)
    assert "Hi {name}" in page.text
    assert saved(app) == []


@pytest.mark.parametrize("rest", ["", "/preview"])
def test_unknown_message_is_not_found(organiser, base, rest):
    assert organiser.get(f"{base}/account_reset_instructions{rest}").status_code == 404


def test_choosing_from_many_people_takes_no_more_queries(app, organiser, address, count_queries):
    def visit():
        assert organiser.get(address).status_code == 200

    add_person(app, address)
    visit()
    few = count_queries(visit)
    for _ in range(50):
        add_person(app, address)
    many = count_queries(visit)

    assert many == few
