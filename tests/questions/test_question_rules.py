from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.questions.models import QuestionStatus
from eventapp.questions.refusals import (
    AskingIsNotOpen,
    AskingIsOver,
    QuestionIsElsewhere,
    QuestionIsEmpty,
    QuestionIsTooLong,
    QuestionTakesNoVotes,
)
from eventapp.questions.rules import (
    can_enter_room,
    check_can_ask,
    check_can_vote,
    check_text,
    check_transition,
    tidy_text,
)
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.models import RoomAccess, Webinar, WebinarStatus
from tests.factories import START


def a_webinar(status: WebinarStatus = WebinarStatus.PUBLISHED, **values: object) -> Webinar:
    plain = {"id": 7, "status": status, "starts_at": START, "room_access": RoomAccess.OPEN}
    return Webinar(**{**plain, **values})


def test_asking_opens_fifteen_minutes_before_the_start():
    webinar = a_webinar()

    check_can_ask(webinar, now=START - timedelta(minutes=15))

    with pytest.raises(AskingIsNotOpen):
        check_can_ask(webinar, now=START - timedelta(minutes=15, seconds=1))


def test_asking_goes_on_while_live_however_late():
    check_can_ask(a_webinar(WebinarStatus.LIVE), now=START + timedelta(hours=9))


@pytest.mark.parametrize(
    "status",
    [
        WebinarStatus.DRAFT,
        WebinarStatus.ENDED,
        WebinarStatus.REPLAY_PUBLISHED,
        WebinarStatus.ARCHIVED,
        WebinarStatus.CANCELLED,
    ],
)
def test_asking_is_over_in_every_other_state(status):
    with pytest.raises(AskingIsOver):
        check_can_ask(a_webinar(status), now=START)


@pytest.mark.parametrize(
    ("status", "takes_votes"),
    [
        (QuestionStatus.PENDING, False),
        (QuestionStatus.APPROVED, True),
        (QuestionStatus.ON_AIR, True),
        (QuestionStatus.ANSWERED, False),
        (QuestionStatus.DISMISSED, False),
    ],
)
def test_votes_are_for_published_questions(status, takes_votes):
    try:
        check_can_vote(a_webinar(WebinarStatus.LIVE), status, now=START)
        counted = True
    except QuestionTakesNoVotes:
        counted = False

    assert counted == takes_votes


def test_open_room_lets_a_guest_in():
    assert can_enter_room(a_webinar(), None)


@pytest.mark.parametrize(
    ("webinar_id", "status", "enters"),
    [
        (7, RegistrationStatus.CONFIRMED, True),
        (7, RegistrationStatus.WAITING, False),
        (7, RegistrationStatus.CANCELLED, False),
        (8, RegistrationStatus.CONFIRMED, False),
    ],
)
def test_closed_room_is_for_its_confirmed_attendees(webinar_id, status, enters):
    webinar = a_webinar(room_access=RoomAccess.REGISTERED)
    registration = Registration(webinar_id=webinar_id, status=status)

    assert can_enter_room(webinar, registration) == enters


def test_second_moderator_is_told_where_the_question_is():
    with pytest.raises(QuestionIsElsewhere) as refusal:
        check_transition(QuestionStatus.ON_AIR, QuestionStatus.ON_AIR)

    assert refusal.value.status is QuestionStatus.ON_AIR


@pytest.mark.parametrize(
    "status", [QuestionStatus.PENDING, QuestionStatus.DISMISSED, QuestionStatus.ANSWERED]
)
def test_only_what_the_audience_saw_can_be_answered(status):
    with pytest.raises(QuestionIsElsewhere):
        check_transition(status, QuestionStatus.ANSWERED)


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  What  about\r\n\tschools? ", "What about schools?"),
        ("Cafe\u0301", "Café"),
        ("a\u202eb\u0000c", "abc"),
        ("👩\u200d🔬", "👩\u200d🔬"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_text_is_tidied_and_never_changed_in_meaning(text, tidied):
    assert tidy_text(text) == tidied


def test_text_of_500_characters_is_taken_and_501_not():
    check_text("x" * 500)

    with pytest.raises(QuestionIsTooLong):
        check_text("x" * 501)


def test_empty_text_is_refused():
    with pytest.raises(QuestionIsEmpty):
        check_text("")
