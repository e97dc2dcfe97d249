from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.polls.models import Poll, PollKind, PollStatus, ResultsShown
from eventapp.polls.refusals import (
    NothingChosen,
    NoWords,
    OptionIsThereTwice,
    OptionIsTooLong,
    PollIsNotOpen,
    TooFewOptions,
    TooManyChosen,
    TooManyOptions,
    TooManyWords,
    WordIsTooLong,
    WordsAreBlocked,
)
from eventapp.polls.rules import (
    can_see_results,
    check_can_vote,
    check_choice,
    check_options,
    choose_words,
    find_stage_poll,
    size_of_word,
)
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (["Red"], TooFewOptions),
        ([str(number) for number in range(11)], TooManyOptions),
        (["Red", "x" * 121], OptionIsTooLong),
        (["Red", "Blue", "RED"], OptionIsThereTwice),
    ],
)
def test_answers_that_are_no_choice_are_refused(options, refusal):
    with pytest.raises(refusal):
        check_options(options)


@pytest.mark.parametrize(
    ("kind", "chosen", "refusal"),
    [
        (PollKind.ONE, set(), NothingChosen),
        (PollKind.SEVERAL, set(), NothingChosen),
        (PollKind.ONE, {1, 2}, TooManyChosen),
        (PollKind.RATING, {1, 2}, TooManyChosen),
    ],
)
def test_choice_of_too_few_or_too_many_is_refused(kind, chosen, refusal):
    with pytest.raises(refusal):
        check_choice(kind, chosen)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (["", "  "], NoWords),
        (["a", "b", "c", "d"], TooManyWords),
        (["x" * 31], WordIsTooLong),
        (["Spam"], WordsAreBlocked),
    ],
)
def test_words_that_cannot_count_are_refused(words, refusal):
    with pytest.raises(refusal):
        choose_words(words, blocked_words="spam\n")


def test_words_are_tidied_and_told_apart_without_regard_to_capitals():
    words = choose_words(["  trust\u202e ", "TRUST", "Räume"], blocked_words="")

    assert words == {"trust": "trust", "räume": "Räume"}


@pytest.mark.parametrize("word", ["Spam", "ＳＰＡＭ", "more spam", "spam!"])
def test_blocked_words_are_left_out_however_they_are_written(word):
    words = choose_words([word, "spammer", "Time"], blocked_words="spam\n\neggs")

    assert list(words.values()) == ["Time", "spammer"]


@pytest.mark.parametrize(
    ("status", "results", "has_voted", "is_seen"),
    [
        (PollStatus.OPEN, ResultsShown.ALWAYS, False, True),
        (PollStatus.OPEN, ResultsShown.VOTED, False, False),
        (PollStatus.OPEN, ResultsShown.VOTED, True, True),
        (PollStatus.OPEN, ResultsShown.CLOSED, True, False),
        (PollStatus.CLOSED, ResultsShown.CLOSED, False, True),
        (PollStatus.DRAFT, ResultsShown.ALWAYS, True, False),
    ],
)
def test_results_are_seen_as_the_organiser_wishes(status, results, has_voted, is_seen):
    poll = Poll(status=status, results=results)

    assert can_see_results(poll, has_voted=has_voted) is is_seen


@pytest.mark.parametrize(
    ("webinar", "poll"),
    [
        (WebinarStatus.PUBLISHED, PollStatus.OPEN),
        (WebinarStatus.ENDED, PollStatus.OPEN),
        (WebinarStatus.CANCELLED, PollStatus.OPEN),
        (WebinarStatus.LIVE, PollStatus.CLOSED),
        (WebinarStatus.LIVE, PollStatus.DRAFT),
    ],
)
def test_votes_are_taken_by_an_open_poll_of_a_live_webinar_alone(webinar, poll):
    with pytest.raises(PollIsNotOpen):
        check_can_vote(Webinar(status=webinar), Poll(status=poll))


def closed(minutes: int) -> Poll:
    return Poll(id=minutes, status=PollStatus.CLOSED, closed_at=START + timedelta(minutes=minutes))


def test_stage_shows_the_poll_that_is_open():
    running = Poll(id=1, status=PollStatus.OPEN)

    shown = find_stage_poll([running, closed(5)], on_air_at=START, now=START)

    assert shown is running


def test_stage_shows_the_poll_closed_last_for_ten_minutes():
    last = closed(5)
    moments = [START + timedelta(minutes=minutes) for minutes in (14, 15)]

    shown = [find_stage_poll([closed(3), last], on_air_at=START, now=now) for now in moments]

    assert shown == [last, None]


def test_question_on_air_takes_the_place_of_a_closed_poll():
    now = START + timedelta(minutes=6)

    assert find_stage_poll([closed(5)], on_air_at=now, now=now) is None


def test_words_grow_with_their_votes():
    sizes = [size_of_word(votes, 9) for votes in (1, 3, 5, 7, 9)]

    assert (sizes, size_of_word(1, 1)) == ([1, 2, 3, 4, 5], 2)
