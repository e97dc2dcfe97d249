from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from eventapp.live.models import LogEntry
from eventapp.live.models import LogEntryKind as Kind
from eventapp.live.rules import (
    Moment,
    derive_moments,
    effective_entries,
    replay_log,
    size_of_text,
)
from eventapp.live.sorting import choose_sort
from eventapp.questions.models import QuestionStatus
from eventapp.webinars.models import WebinarStatus
from tests.factories import START


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def a_log(*acts: tuple) -> list[LogEntry]:
    """Entries from (seconds, kind, details), numbered and identified by their place from 1."""
    return [
        LogEntry(**{"id": n, "number": n, "kind": kind, "at": at(seconds), "title": "", **details})
        for n, (seconds, kind, details) in enumerate(acts, start=1)
    ]


WHOLE = a_log(
    (0, Kind.WEBINAR_STARTED, {}),
    (5, Kind.AGENDA_ITEM_STARTED, {"agenda_item_id": 1, "title": "Welcome"}),
    (60, Kind.RECORDING_STARTED, {}),
    (90, Kind.AGENDA_ITEM_STARTED, {"agenda_item_id": 3, "title": "Wrong button"}),
    (92, Kind.UNDONE, {"undoes_id": 4}),
    (390, Kind.AGENDA_ITEM_STARTED, {"agenda_item_id": 2, "title": "Canòdrom"}),
    (500, Kind.QUESTION_APPROVED, {"question_id": 8, "title": "Who pays?"}),
    (900, Kind.QUESTION_ON_AIR, {"question_id": 8, "title": "Who pays?"}),
    (960, Kind.QUESTION_ON_AIR, {"question_id": 9, "title": "How long?"}),
    (990, Kind.QUESTION_ANSWERED, {"question_id": 9, "title": "How long?"}),
    (1000, Kind.RECORDING_STOPPED, {}),
    (1010, Kind.WEBINAR_ENDED, {}),
)


def test_undone_acts_and_the_undoing_have_no_effect():
    assert [e.number for e in effective_entries(WHOLE)] == [1, 2, 3, 6, 7, 8, 9, 10, 11, 12]


@pytest.mark.parametrize(
    ("seconds", "status", "is_recording", "item", "questions"),
    [
        (-1, WebinarStatus.PUBLISHED, False, None, {}),
        (5, WebinarStatus.LIVE, False, 1, {}),
        (91, WebinarStatus.LIVE, True, 3, {}),
        (92, WebinarStatus.LIVE, True, 1, {}),
        (899, WebinarStatus.LIVE, True, 2, {8: QuestionStatus.APPROVED}),
        (900, WebinarStatus.LIVE, True, 2, {8: QuestionStatus.ON_AIR}),
        (960, WebinarStatus.LIVE, True, 2, {8: QuestionStatus.ANSWERED, 9: QuestionStatus.ON_AIR}),
        (
            9999,
            WebinarStatus.ENDED,
            False,
            2,
            {8: QuestionStatus.ANSWERED, 9: QuestionStatus.ANSWERED},
        ),
    ],
)
def test_log_alone_tells_how_everything_stood(seconds, status, is_recording, item, questions):
    state = replay_log([entry for entry in WHOLE if entry.at <= at(seconds)])

    assert (state.status, state.is_recording, state.agenda_item_id) == (status, is_recording, item)
    assert {i: q["status"] for i, q in state.questions.items()} == questions


def test_moments_count_from_the_recording():
    assert derive_moments(WHOLE) == [
        Moment(
            seconds=0.0,
            kind=Kind.AGENDA_ITEM_STARTED,
            agenda_item_id=1,
            question_id=None,
            title="Welcome",
        ),
        Moment(
            seconds=330.0,
            kind=Kind.AGENDA_ITEM_STARTED,
            agenda_item_id=2,
            question_id=None,
            title="Canòdrom",
        ),
        Moment(
            seconds=840.0,
            kind=Kind.QUESTION_ON_AIR,
            agenda_item_id=None,
            question_id=8,
            title="Who pays?",
        ),
        Moment(
            seconds=900.0,
            kind=Kind.QUESTION_ON_AIR,
            agenda_item_id=None,
            question_id=9,
            title="How long?",
        ),
    ]


def test_moments_count_from_the_start_without_a_recording_mark():
    log = a_log(
        (0, Kind.WEBINAR_STARTED, {}), (30, Kind.AGENDA_ITEM_STARTED, {"agenda_item_id": 1})
    )

    assert [m.seconds for m in derive_moments(log)] == [30.0]


def test_undone_recording_start_is_not_the_zero():
    log = a_log(
        (0, Kind.RECORDING_STARTED, {}),
        (1, Kind.UNDONE, {"undoes_id": 1}),
        (10, Kind.RECORDING_STARTED, {}),
        (25, Kind.AGENDA_ITEM_STARTED, {"agenda_item_id": 1}),
    )

    assert [m.seconds for m in derive_moments(log)] == [15.0]


def test_question_taken_off_the_air_has_no_moment():
    log = a_log(
        (0, Kind.RECORDING_STARTED, {}),
        (5, Kind.QUESTION_ON_AIR, {"question_id": 1}),
        (9, Kind.QUESTION_APPROVED, {"question_id": 1}),
    )

    assert derive_moments(log) == []


def test_question_taken_up_later_has_the_later_moment():
    log = a_log(
        (0, Kind.RECORDING_STARTED, {}),
        (5, Kind.QUESTION_ON_AIR, {"question_id": 1}),
        (9, Kind.QUESTION_APPROVED, {"question_id": 1}),
        (60, Kind.QUESTION_ON_AIR, {"question_id": 1}),
        (70, Kind.QUESTION_ANSWERED, {"question_id": 1}),
        (90, Kind.QUESTION_ON_AIR, {"question_id": 1}),
    )

    assert [m.seconds for m in derive_moments(log)] == [60.0]


def test_agenda_item_begun_twice_stands_where_it_first_began():
    log = a_log(
        (0, Kind.RECORDING_STARTED, {}),
        (5, Kind.AGENDA_ITEM_STARTED, {"agenda_item_id": 1}),
        (50, Kind.AGENDA_ITEM_STARTED, {"agenda_item_id": 2}),
        (90, Kind.AGENDA_ITEM_STARTED, {"agenda_item_id": 1}),
    )

    assert [(m.seconds, m.agenda_item_id) for m in derive_moments(log)] == [(5.0, 1), (50.0, 2)]


def test_empty_log_has_no_moments():
    assert derive_moments([]) == []


@pytest.mark.parametrize(
    ("length", "size"), [(0, "xl"), (60, "xl"), (61, "l"), (140, "l"), (280, "m"), (500, "s")]
)
def test_stage_gives_long_texts_smaller_type(length, size):
    assert size_of_text("x" * length) == size


@pytest.mark.parametrize(
    ("asked", "is_over", "chosen"),
    [
        ("", False, "votes"),
        ("", True, "answered"),
        ("newest", True, "newest"),
        ("nonsense", False, "votes"),
    ],
)
def test_room_shows_the_answered_first_when_it_is_over(asked, is_over, chosen):
    assert choose_sort(asked, is_over=is_over) == chosen
