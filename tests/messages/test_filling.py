from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from eventapp.core.errors import Refusal
from eventapp.core.mailer import OwnWords
from eventapp.messages.wordings.filling import fill_words, read_words
from eventapp.messages.wordings.placeholders import (
    DAY,
    HOUR,
    MINUTE,
    WEEK,
    Placeholder,
    say_how_soon,
)
from eventapp.messages.wordings.refusals import (
    LinkInSubject,
    PlaceholderInAddress,
    UnknownPlaceholder,
)
from eventapp.messages.wordings.standard import MESSAGES, list_placeholders

CONFIRMED = "registration_confirmed"
JOIN = "https://events.example/r/DOOR-TOKEN-1/join"


def fill(body: str, *, subject: str = "Hello", message: str = CONFIRMED, **values: str) -> OwnWords:
    every = {each.name: f"<{each.name}>" for each in list_placeholders(message)}
    every |= {"name": "Ada", "title": "Creative hubs", "join_link": JOIN}
    return fill_words(read_words(message, subject=subject, body=body), every | values)


@pytest.fixture(autouse=True)
def _in_app(in_app):
    """Refusals are put into words."""


def test_words_are_filled_in_for_one_person():
    words = fill("# Hello\n\nDear {name}, see you at *{title}*.", subject="{title} for {name}")

    assert words.subject == "Creative hubs for Ada"
    assert words.text == "Hello\n\nDear Ada, see you at Creative hubs."
    assert "Dear Ada, see you at <em>Creative hubs</em>." in words.html
    assert "<h1 style=" in words.html


def test_link_becomes_one_wherever_it_stands():
    words = fill("Come: {join_link}\n\nOr [this way]({join_link}), [{join_link}]({join_link}).")

    assert words.text == f"Come: {JOIN}\n\nOr this way ({JOIN}), {JOIN}."
    assert words.html.count(f'href="{JOIN}"') == 3
    assert words.html.count("<a ") == words.html.count("</a>") == 3


@pytest.mark.parametrize(
    ("culprit", "suggestion"),
    [("{nmae}", "{name}"), ("{Name}", "{name}"), ("{ name }", "{name}"), ("{xyzzy}", None)],
)
@pytest.mark.parametrize("part", ["subject", "body"])
def test_unknown_placeholder_is_named(culprit, suggestion, part):
    words = {"subject": "Hello", "body": "Hello"} | {part: f"Dear {culprit}"}

    with pytest.raises(UnknownPlaceholder) as refused:
        read_words(CONFIRMED, **words)

    assert str(refused.value.message).startswith(culprit)
    assert suggestion is None or suggestion in str(refused.value.message)


def test_placeholder_of_another_message_is_unknown():
    with pytest.raises(UnknownPlaceholder):
        fill("You are number {place}.")

    assert fill("Number {place}.", message="registration_waiting", place="3").text == "Number 3."


@pytest.mark.parametrize(
    "code", ["{{ config }}", "{% for x in y %}", "{name.__class__}", "{0}", "{}", "{name!r}"]
)
def test_code_is_no_placeholder(code):
    with pytest.raises(UnknownPlaceholder):
        fill(code)


def test_lonely_braces_are_text():
    assert fill("a } b { c").text == "a } b { c"


@pytest.mark.parametrize(
    "body",
    [
        "[x](https://evil.example/?{join_link})",
        "[x]({join_link}?to={name})",
        "[x]({name})",
        '[x]({join_link} "{name}")',
        "![x](https://evil.example/{door_link}.png)",
        "[x]: https://evil.example/{join_link}\n\n[x]",
        "<https://evil.example/{join_link}>",
    ],
)
def test_personal_link_leads_nowhere_else(body):
    with pytest.raises(PlaceholderInAddress):
        fill(body)


def test_subject_holds_no_link():
    with pytest.raises(LinkInSubject):
        fill("Hello", subject="Here: {join_link}")


HOSTILE = (
    "**Ada**",
    "<b>Ada</b><script>alert(1)</script>",
    "[Ada](https://evil.example)",
    "{title} {join_link}",
    "{{ config }}",
    "# Ada",
    "ada](https://evil.example)",
    '"><img src=x>',
)


@pytest.mark.parametrize("name", HOSTILE)
def test_value_stays_what_it_is(name):
    words = fill("# {name}\n\n- {name}\n- [to {name}]({join_link})\n\n`{name}`", name=name)

    assert words.html.count(str(escape(name))) == 4
    assert words.html.count("<a ") == 1
    assert words.text.count(name) == 4


@given(st.text(max_size=60))
def test_any_value_is_escaped_once(name):
    words = fill("Dear {name}", name=name)

    assert words.text == f"Dear {name}"
    assert str(escape(name)).replace("\n", "<br>") in words.html


@given(st.text(alphabet="{}name_link[]()<>#*`!\n :/.\"'", max_size=80))
def test_whatever_is_typed_is_read_or_refused(body):
    try:
        words = fill(body)
    except Refusal:
        return

    assert "mark" not in words.html + words.text


def test_typed_html_is_text():
    words = fill("<script>alert(1)</script> {name}")

    assert "<script" not in words.html


@pytest.mark.parametrize("message", sorted(MESSAGES))
def test_standard_words_are_understood(message):
    standard = MESSAGES[message]

    words = fill(str(standard.body), subject=str(standard.subject), message=message)

    assert "Ada" in words.text
    assert "Creative hubs" in words.subject


def test_every_placeholder_is_filled_in():
    names = {each.name for message in MESSAGES for each in list_placeholders(message)}

    assert all(isinstance(each, Placeholder) for each in list_placeholders(CONFIRMED))
    assert {"name", "join_link", "reason", "moment_link"} <= names


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (5, "in 1 minute"),
        (5 * MINUTE - 20, "in 5 minutes"),
        (HOUR - MINUTE, "in 1 hour"),
        (HOUR + MINUTE, "in 1 hour"),
        (1.5 * HOUR, "in 90 minutes"),
        (DAY - HOUR, "in 1 day"),
        (1.5 * DAY, "in 36 hours"),
        (WEEK - MINUTE, "in 1 week"),
        (10 * DAY, "in 10 days"),
        (60 * DAY, "in 60 days"),
    ],
)
def test_how_soon_is_said_in_the_largest_unit_that_is_true(seconds, said):
    assert say_how_soon(seconds) == said
