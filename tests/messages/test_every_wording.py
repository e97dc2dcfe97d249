"""Every message to attendees can be worded, and stays whole whatever is written."""

from __future__ import annotations

import re

import pytest

from eventapp.core.mailer import Recipient
from eventapp.messages.rules import LABELS
from eventapp.messages.wordings.samples import choose_person, show_message
from eventapp.messages.wordings.standard import MESSAGES, list_placeholders
from tests.architecture.sources import TEMPLATES, read_templates
from tests.factories import EARLIER, RegistrationFactory, WebinarFactory

FIXED = {
    "account_reset_instructions": "goes to organisers",
    "broadcast": "its words are written anew each time",
    "own": "holds an organiser's words",
    "registration_erased": "says what was done with a person's data, which is ours to answer for",
}
LINK = re.compile(r"https?://\S+")

each_message = pytest.mark.parametrize("message", MESSAGES)


def show(message, *, body="Mine", subject="Mine", person=None):
    to = Recipient(name="Ada", address="ada@example.org")
    person = person or choose_person(WebinarFactory(title="Creative hubs"), None)
    return show_message(message, subject=subject, body=body, person=person, to=to)


def test_every_message_can_be_worded_or_says_why_not():
    messages = {path.name for path in (TEMPLATES / "mail").iterdir() if path.is_dir()}

    assert set(MESSAGES) | set(FIXED) == messages
    assert not set(MESSAGES) & set(FIXED)


@each_message
@pytest.mark.parametrize("body", ["body.html", "body.txt"])
def test_every_body_has_a_place_for_the_words(message, body):
    assert read_templates()[f"mail/{message}/{body}"].count("{% block words %}") == 1


@each_message
def test_every_message_has_a_name_at_the_desk(message):
    assert message in LABELS


@each_message
def test_every_message_has_standard_words_that_can_be_shown(in_app, stopped_clock, message):
    standard = MESSAGES[message]

    shown = show(message, subject=str(standard.subject), body=str(standard.body))

    assert "Creative hubs" in shown.subject
    assert "{" not in shown.subject + shown.body_text


@each_message
def test_every_placeholder_becomes_something(in_app, stopped_clock, message):
    names = [each.name for each in list_placeholders(message)]
    webinar = WebinarFactory(cancel_reason="The speaker is ill.")

    shown = show(
        message,
        body="\n\n".join(f"{name}: {{{name}}}." for name in names),
        person=choose_person(webinar, None),
    )

    lines = shown.body_text.splitlines()
    assert [name for name in names if f"{name}: ." in lines] == []


@each_message
def test_every_message_keeps_its_link_without_any_in_the_words(in_app, stopped_clock, message):
    shown = show(message)

    if message not in {"webinar_cancelled", "registration_declined"}:
        assert LINK.search(shown.body_text)
        assert LINK.search(shown.body_html)


def test_deadline_is_said_where_the_attendee_is(in_app):
    ada = RegistrationFactory(time_zone="Asia/Tokyo", held_until=EARLIER)

    shown = show("registration_offered", body="By {answer_by}.", person=ada)

    assert shown.body_text.startswith(
        "By Sunday, 1 March 2026, 18:00, Japan Standard Time (Tokyo)."
    )
