"""An organiser's own words in the messages that people get."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from markupsafe import Markup

from eventapp.core.db import db, transaction
from eventapp.core.mailer import OutgoingMail, Recipient, put_into_words
from eventapp.core.tokens import derive_token
from eventapp.messages.models import MessageWording
from eventapp.messages.wordings.actions import remove_wording, save_wording, send_test
from eventapp.messages.wordings.refusals import UnknownPlaceholder, WordingHasChanged
from eventapp.messages.wordings.samples import choose_person, describe_sample, show_message
from eventapp.messages.wordings.standard import MESSAGES
from eventapp.registrations.mails import mail_access_code, mail_attendee
from tests.factories import (
    EARLIER,
    START,
    AccessCodeFactory,
    RegistrationFactory,
    WebinarFactory,
)

CONFIRMED = "registration_confirmed"
OLGA = Recipient(name="Olga", address="olga@example.org")

pytestmark = pytest.mark.usefixtures("in_app", "stopped_clock")


def write(webinar, **changes):
    words = {"message": CONFIRMED, "language": "en", "subject": "Welcome, {name}", "body": "Hi!"}
    with transaction():
        return save_wording(webinar, now=changes.pop("now", EARLIER), **(words | changes))


def beginning_of(page):
    """Return a message's heading and its first paragraph, as they are read."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>\s*<p[^>]*>(.*?)</p>", page, re.DOTALL)
    return [" ".join(Markup(part).striptags().split()) for part in found.groups()]


def send(registration, *, message=CONFIRMED):
    with transaction():
        return mail_attendee(
            message, registration, once_key=f"{message}:{registration.id}", now=EARLIER
        )


@pytest.mark.every_engine
def test_own_words_stand_in_the_message():
    ada = RegistrationFactory(name="Ada")
    write(ada.webinar, body="Dear {name}, **do come**: {join_link}")

    mail = send(ada)

    join = f"http://localhost/r/{mail.placeholder}/join"
    assert mail.subject == "Welcome, Ada"
    assert mail.body_text.startswith(f"Dear Ada, do come: {join}\n\n")
    assert "<strong>do come</strong>" in mail.body_html
    assert "You have a seat" not in mail.body_html + mail.body_text


@pytest.mark.every_engine
def test_facts_and_link_stay_whatever_is_written():
    ada = RegistrationFactory()
    write(ada.webinar, body="Hi!")

    mail = send(ada)

    for body in (mail.body_text, mail.body_html):
        assert f"/r/{mail.placeholder}/join" in body
        assert "Tuesday, 24 March 2026, 10:30" in body


def test_other_webinars_and_languages_keep_the_standard_words():
    ada, french = RegistrationFactory(), RegistrationFactory(language="fr")
    write(WebinarFactory())
    write(french.webinar)

    mails = [send(ada), send(french)]

    assert {mail.subject.partition(":")[0] for mail in mails} == {"You are registered"}


def test_words_that_are_no_longer_understood_give_way_to_the_standard_ones():
    ada = RegistrationFactory()
    with transaction() as session:
        session.add(
            MessageWording(
                webinar_id=ada.webinar_id,
                message=CONFIRMED,
                language="en",
                subject="{gone}",
                body="Hi",
                updated_at=EARLIER,
            )
        )

    assert send(ada).subject.startswith("You are registered")


@pytest.fixture
def statements():
    """Every statement from now on."""
    noted = []

    def note(_connection, _cursor, statement, *_rest):
        noted.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield noted
    sa.event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.every_engine
def test_words_are_looked_up_once_for_a_whole_slice(statements):
    webinar = WebinarFactory()
    write(webinar)
    people = [RegistrationFactory(webinar=webinar) for _ in range(10)]
    statements.clear()

    with transaction():
        for each in people:
            mail_attendee(CONFIRMED, each, once_key=f"y:{each.id}", now=EARLIER)

    assert len([each for each in statements if "FROM message_wordings" in each]) == 1


def test_words_changed_meanwhile_are_used_by_the_next_slice():
    ada = RegistrationFactory()
    send(ada, message="registration_promoted")
    write(ada.webinar, subject="New")

    assert send(ada).subject == "New"


@pytest.mark.every_engine
def test_words_are_saved_anew_and_taken_back():
    webinar = WebinarFactory()
    first = write(webinar, body="One")
    write(webinar, body="Two", seen_at=first.updated_at, now=START)

    assert [each.body for each in db.session.scalars(sa.select(MessageWording))] == ["Two"]

    with transaction():
        remove_wording(webinar, CONFIRMED, language="en")

    assert db.session.scalars(sa.select(MessageWording)).all() == []


def test_words_that_somebody_else_saved_meanwhile_are_not_lost():
    webinar = WebinarFactory()
    write(webinar, body="Theirs")

    with pytest.raises(WordingHasChanged):
        write(webinar, body="Mine", seen_at=None)

    assert db.session.scalar(sa.select(MessageWording.body)) == "Theirs"


def test_words_with_an_unknown_placeholder_are_not_saved():
    with pytest.raises(UnknownPlaceholder):
        write(WebinarFactory(), body="{nmae}")


@pytest.mark.parametrize("message", sorted(MESSAGES))
def test_every_message_can_be_shown_with_its_standard_words(message):
    ada = RegistrationFactory(name="Ada <b>Ada</b>")
    standard = MESSAGES[message]
    words = {"subject": str(standard.subject), "body": str(standard.body)}

    shown = show_message(message, person=ada, to=OLGA, **words)

    assert ada.webinar.title in shown.subject
    assert "Ada <b>Ada</b>" in shown.body_text
    assert "Ada &lt;b&gt;Ada&lt;/b&gt;" in shown.body_html
    assert shown.body_html.count("<h1") == 1


@pytest.mark.parametrize("message", sorted(MESSAGES))
def test_standard_words_say_what_the_template_says(message):
    """The subject, the heading and the first paragraph."""
    person = choose_person(WebinarFactory(title="Creative hubs"), None)
    standard = MESSAGES[message]
    words = {"subject": str(standard.subject), "body": str(standard.body)}
    own = show_message(message, person=person, to=OLGA, **words)

    context = {"recipient": OLGA, **describe_sample(message, person, to=OLGA)}
    template = put_into_words(message, language="en", context=context)

    assert " ".join(template.subject.split()) == own.subject
    assert beginning_of(template.body_html) == beginning_of(own.body_html)


@pytest.mark.parametrize("body", ["body_text", "body_html"])
@pytest.mark.parametrize(
    ("message", "by", "fact"),
    [
        ("registration_cancelled", "organiser", "The organiser has cancelled your registration."),
        ("registration_cancelled", "attendee", "This was done as you asked."),
        ("registration_link", "organiser", "The organiser sends it to you once more."),
        ("registration_link", "attendee", "You have a seat."),
    ],
)
def test_facts_stay_around_an_organisers_own_words(message, by, fact, body):
    ada = RegistrationFactory(name="Ada")
    write(ada.webinar, message=message, body="Mine alone")

    with transaction():
        mail = mail_attendee(
            message,
            ada,
            once_key="one",
            now=EARLIER,
            context={"by": by, "is_by_organiser": by == "organiser"},
        )

    assert "Mine alone" in getattr(mail, body)
    assert fact in getattr(mail, body)


@pytest.mark.every_engine
def test_test_goes_to_the_organiser_alone_and_opens_nobodys_door(mail_server, work):
    ada = RegistrationFactory(name="Ada")
    with transaction():
        send_test(CONFIRMED, subject="Hi {name}", body="{door_link}", person=ada, to=OLGA)

    work()

    [mail] = mail_server.mails
    text = mail.message.get_body(("plain",)).get_content()
    assert mail.recipients == ("olga@example.org",)
    assert mail.message["Subject"] == "Test: Hi Ada"
    assert "This is a test" in text
    assert derive_token("registration", ada.uid) not in mail.message.as_string()
    assert "http://localhost/r/DOOR-TOKEN-" in text
    assert db.session.scalars(sa.select(OutgoingMail.message)).all() == ["test"]


def test_preview_writes_nothing():
    webinar = WebinarFactory()
    person = choose_person(webinar, None)

    show_message(CONFIRMED, subject="{name}", body="{name}", person=person, to=OLGA)

    assert list(db.session.new) == list(db.session.dirty) == []


@pytest.mark.every_engine
def test_invitation_has_own_words_before_anybody_is_registered():
    webinar = WebinarFactory(slug="hubs")
    code = AccessCodeFactory(webinar_id=webinar.id, code="CODE123456", email="ada@example.org")
    write(webinar, message="access_code", body="Dear {name}, use {code}: {register_link}")

    with transaction():
        mail_access_code(code, webinar, now=EARLIER)

    [mail] = db.session.scalars(sa.select(OutgoingMail))
    address = "http://localhost/webinars/hubs/register?code=CODE123456"
    assert mail.body_text.startswith(f"Dear ada@example.org, use CODE123456: {address}\n\n")
    assert "Central European" in mail.body_text
