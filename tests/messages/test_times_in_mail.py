"""Every time in every message names its zone: nobody knows where it will be read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from eventapp.core.i18n import zone_label
from eventapp.core.mailer import Recipient, put_into_words
from eventapp.messages.wordings.samples import describe_sample, show_message
from eventapp.messages.wordings.standard import BROADCAST
from eventapp.registrations.models import RegistrationStatus
from tests.architecture.sources import TEMPLATES
from tests.factories import START, RegistrationFactory, WebinarFactory

BRUSSELS, TOKYO, KOLKATA, UTC = "Europe/Brussels", "Asia/Tokyo", "Asia/Kolkata", "UTC"
MESSAGES = sorted(
    path.name for path in (TEMPLATES / "mail").iterdir() if path.is_dir() and path.name != "own"
)
WORDS = (
    "{time}",
    "Come at {time} or later.",
    "{date}, {time}\u2013{end_time}",
    "From {time} to {end_time} on {date}",
    "It begins at {time}.\n\nIt ends at **{end_time}**.",
    "{time} ({time_zone})",
    "{your_time}",
    "{time} is {your_time} for you",
)
# A time of day, alone or with its end; "0:12:30" in a recording is none.
TIME = r"(?<![\d:+])\d{1,2}:\d{2}(?![\d:])"
UNNAMED = re.compile(rf"{TIME}(?!(?:[\u2013-]| to ){TIME})(?!,? \(?ZONE)")

pytestmark = pytest.mark.usefixtures("in_app", "stopped_clock")


def person(time_zone, status=RegistrationStatus.CONFIRMED):
    webinar = WebinarFactory(title="Creative hubs", time_zone=BRUSSELS)
    until = START - timedelta(days=3)
    return RegistrationFactory(
        webinar=webinar, time_zone=time_zone, status=status, held_until=until
    )


def with_zones_marked(text):
    """Return the words alone, with ZONE in place of each zone's name."""
    text = " ".join(
        unescape(re.sub(r"<style.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL)).split()
    )
    for zone in (BRUSSELS, TOKYO, KOLKATA, UTC):
        for moment in (START, START + timedelta(days=30)):
            text = text.replace(zone_label(moment, zone), "ZONE")
    return text


def unnamed_in(shown):
    whole = [with_zones_marked(text) for text in (shown.subject, shown.body_text, shown.body_html)]
    return [
        text[found.start() - 40 : found.end() + 20]
        for text in whole
        for found in UNNAMED.finditer(text)
    ]


@pytest.mark.parametrize("text", ["at 10:30", "10:30-12:00 for you", "10:30, then 12:00 ZONE"])
def test_unnamed_time_is_found(text):
    assert UNNAMED.search(text)


@pytest.mark.parametrize("time_zone", ["", BRUSSELS, TOKYO, KOLKATA, UTC])
@pytest.mark.parametrize("message", MESSAGES)
def test_every_time_in_standard_words_names_its_zone(message, time_zone):
    ada, to = person(time_zone), Recipient(name="Ada", address="ada@example.org")
    context = {**describe_sample(message, ada, to=to), "reset_url": "https://example.org/"}
    earlier = replace(context["earlier"], time_zone=TOKYO) if "earlier" in context else None

    shown = put_into_words(
        message, language="en", context={"recipient": to, **context, "earlier": earlier}
    )

    assert unnamed_in(shown) == []


@pytest.mark.parametrize("time_zone", ["", TOKYO])
@pytest.mark.parametrize("body", WORDS)
def test_every_time_in_an_organisers_words_names_its_zone(body, time_zone):
    to = Recipient(name="Ada", address="ada@example.org")
    subject = body.replace("\n", " ").replace("*", "")

    shown = show_message(BROADCAST, subject=subject, body=body, person=person(time_zone), to=to)

    assert unnamed_in(shown) == []
    assert re.search(TIME, shown.subject)


def test_zone_is_not_named_twice_for_one_period():
    to = Recipient(name="Ada", address="ada@example.org")

    shown = show_message(
        BROADCAST, subject="{time} to {end_time}", body="Mine", person=person(""), to=to
    )

    assert with_zones_marked(shown.subject) == "10:30 to 12:00, ZONE"


def test_deadline_names_the_zone_where_the_attendee_is():
    to = Recipient(name="Ada", address="ada@example.org")

    shown = show_message(
        "registration_offered",
        subject="By {answer_by}",
        body="Mine",
        person=person(TOKYO, RegistrationStatus.OFFERED),
        to=to,
    )

    assert shown.subject == "By Saturday, 21 March 2026, 18:30, Japan Standard Time (Tokyo)"
