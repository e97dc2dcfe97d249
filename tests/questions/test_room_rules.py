from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.questions.models import Question, QuestionStatus, Room
from eventapp.questions.refusals import (
    AskedTooSoon,
    AskingIsClosed,
    QuestionHasVotes,
    QuestionIsTaken,
    QuestionSpeaksForOthers,
)
from eventapp.questions.room_rules import (
    check_can_change,
    check_can_withdraw,
    check_pace,
    has_blocked_word,
)
from eventapp.questions.rules import check_can_ask, check_can_vote
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START

EARLY = START - timedelta(days=9)


def a_webinar(status: WebinarStatus = WebinarStatus.PUBLISHED) -> Webinar:
    return Webinar(id=7, status=status, starts_at=START)


def test_room_that_is_open_early_takes_questions_and_votes_from_the_publication_on():
    room = Room(is_open_early=True, is_closed=False)

    check_can_ask(a_webinar(), now=EARLY, room=room)
    check_can_vote(a_webinar(), QuestionStatus.APPROVED, now=EARLY, room=room)


def test_closed_room_takes_votes_alone():
    room, webinar = Room(is_open_early=False, is_closed=True), a_webinar(WebinarStatus.LIVE)

    check_can_vote(webinar, QuestionStatus.APPROVED, now=START, room=room)

    with pytest.raises(AskingIsClosed):
        check_can_ask(webinar, now=START, room=room)


def test_slow_mode_says_how_long_to_wait(app):
    room = Room(slow_seconds=60)

    with app.test_request_context(), pytest.raises(AskedTooSoon) as refusal:
        check_pace(room, last_asked_at=START, now=START + timedelta(seconds=14.2))

    assert refusal.value.seconds == 46
    assert "46 seconds" in str(refusal.value.message)


def test_slow_mode_lets_ask_when_the_time_is_over():
    room = Room(slow_seconds=60)

    check_pace(room, last_asked_at=START, now=START + timedelta(seconds=60))
    check_pace(room, last_asked_at=None, now=START)


@pytest.mark.parametrize(
    "text",
    [
        "What a RUBBISH idea!",
        "rubbish",
        "“Rubbish”, they say",
        "ｒｕｂｂｉｓｈ",
        "rub\u200dbish",
        "rubbi\u0301sh",
        "so bad\u00a0idea, isn't it",
        "Größenwahn",
    ],
)
def test_blocked_word_is_found(text):
    assert has_blocked_word(text, blocked_words="Rubbish\nbad idea\n\ngrössenwahn")


@pytest.mark.parametrize("text", ["Rubbishing it", "idea bad", "r u b b i s h", "", "bad ideas"])
def test_blocked_word_is_a_whole_one(text):
    assert not has_blocked_word(text, blocked_words="Rubbish\nbad idea\n\n!?")


def test_own_question_can_be_changed_until_others_voted_for_it():
    for status in (QuestionStatus.PENDING, QuestionStatus.APPROVED):
        check_can_change(Question(status=status), votes_of_others=0)

    with pytest.raises(QuestionHasVotes):
        check_can_change(Question(status=QuestionStatus.APPROVED), votes_of_others=1)


@pytest.mark.parametrize(
    "status", sorted(set(QuestionStatus) - {QuestionStatus.PENDING, QuestionStatus.APPROVED})
)
def test_question_that_is_taken_up_stays_as_it_is(status):
    with pytest.raises(QuestionIsTaken):
        check_can_change(Question(status=status), votes_of_others=0)
    with pytest.raises(QuestionIsTaken):
        check_can_withdraw(Question(status=status), merged=0)


def test_question_that_speaks_for_others_is_not_withdrawn():
    check_can_withdraw(Question(status=QuestionStatus.APPROVED), merged=0)

    with pytest.raises(QuestionSpeaksForOthers):
        check_can_withdraw(Question(status=QuestionStatus.APPROVED), merged=1)
