"""Two at the same desk, and the audience with them, in real threads on real databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa
from flask import Flask

from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.errors import Refusal
from eventapp.live import actions
from eventapp.live.actions import moderating
from eventapp.live.queries import list_whole_log
from eventapp.live.rules import replay_log
from eventapp.questions.actions import Asker, vote_for_question, withdraw_question
from eventapp.questions.models import Question, QuestionStatus, QuestionVote
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.queries import get_webinar
from tests.factories import QuestionFactory, UserFactory, WebinarFactory
from tests.races import race

VOTERS = 8
ALL = sa.select(Question).order_by(Question.id)
Task = Callable[[], object]


@pytest.fixture
def hall(app) -> list[int]:
    """The ids of four published questions in webinar 1, which has two moderators."""
    with app.app_context():
        WebinarFactory(status=WebinarStatus.LIVE)
        UserFactory.create_batch(2)
        return [QuestionFactory(webinar_id=1, asker_key=f"guest:{n}").id for n in range(4)]


def by(moderator: int, act: Callable[..., None], question_id: int, **values: int) -> Task:
    return partial(act, question_id, webinar_id=1, actor_id=moderator, now=clock.now(), **values)


def statuses(app: Flask) -> list[QuestionStatus]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Question.status).order_by(Question.id)))


def check_log(app: Flask) -> None:
    """The log's last word on each question is how it stands, and no number is missing."""
    with app.app_context():
        log = list_whole_log(1)
        assert [entry.number for entry in log] == list(range(1, len(log) + 1))
        told = {number: state["status"] for number, state in replay_log(log).questions.items()}
        stands = {question.id: question.status for question in db.session.scalars(ALL)}
        assert {number: stands[number] for number in told} == told


@pytest.mark.every_engine
def test_of_several_put_on_air_at_once_one_is(app, hall):
    tasks = [by(1 + n % 2, actions.put_question_on_air, q) for n, q in enumerate(hall)]

    errors = race(app, tasks)

    assert errors == []
    assert sorted(statuses(app)).count(QuestionStatus.ON_AIR) == 1
    assert statuses(app).count(QuestionStatus.ANSWERED) == len(hall) - 1
    check_log(app)


@pytest.mark.on_postgresql
def test_without_the_lock_more_than_one_would_be(app, hall, monkeypatch):
    """The control: both look who is on air before either of them has written."""
    both_have_looked = threading.Barrier(2)
    look = moderating.list_on_air_for_change

    def look_and_wait(webinar_id: int) -> list[Question]:
        seen = look(webinar_id)
        both_have_looked.wait(timeout=20)
        return seen

    monkeypatch.setattr(moderating, "lock_webinar", get_webinar)
    monkeypatch.setattr(moderating, "list_on_air_for_change", look_and_wait)
    tasks = [by(n, actions.put_question_on_air, hall[n]) for n in (1, 2)]

    errors = race(app, tasks)

    on_air = statuses(app).count(QuestionStatus.ON_AIR)
    assert on_air > 1 or any(not isinstance(error, Refusal) for error in errors)


@pytest.mark.every_engine
def test_no_vote_is_lost_or_doubled_while_its_question_is_merged(app, hall):
    one, other, *_rest = hall
    votes = [
        partial(
            vote_for_question,
            question_id,
            webinar_id=1,
            voter=Asker(key=f"guest:voter-{number}"),
            now=clock.now(),
        )
        for number in range(VOTERS)
        for question_id in (one, other)
    ]

    errors = race(app, [by(1, actions.merge_question, other, into_id=one), *votes])

    assert errors == []
    with app.app_context():
        for question_id in (one, other):
            rows = db.session.scalar(
                sa.select(sa.func.count()).where(QuestionVote.question_id == question_id)
            )
            assert (rows, db.session.get_one(Question, question_id).votes) == (VOTERS, VOTERS)
    check_log(app)


@pytest.mark.every_engine
def test_two_that_are_merged_into_each_other_make_no_circle(app, hall):
    one, other, *_rest = hall

    errors = race(
        app,
        [
            by(1, actions.merge_question, one, into_id=other),
            by(2, actions.merge_question, other, into_id=one),
        ],
    )

    assert len(errors) == 1
    assert isinstance(errors[0], Refusal)
    assert statuses(app).count(QuestionStatus.MERGED) == 1
    check_log(app)


@pytest.mark.every_engine
@pytest.mark.parametrize("repeat", range(3))
def test_question_that_is_withdrawn_as_it_goes_on_air_is_one_or_the_other(app, hall, repeat):
    question_id = hall[repeat]

    def withdraw() -> None:
        webinar = db.session.get_one(Webinar, 1)
        asker = Asker(key=f"guest:{repeat}")
        withdraw_question(question_id, webinar=webinar, asker=asker)

    errors = race(app, [withdraw, by(1, actions.put_question_on_air, question_id)])

    assert len(errors) == 1
    assert isinstance(errors[0], Refusal)
    assert statuses(app)[repeat] in {QuestionStatus.WITHDRAWN, QuestionStatus.ON_AIR}
    check_log(app)


@pytest.mark.every_engine
def test_second_of_two_moderators_is_told_who_was_first(app, hall):
    with app.app_context():
        waiting = QuestionFactory(webinar_id=1, status=QuestionStatus.PENDING).id

    errors = race(app, [by(n, actions.approve_question, waiting) for n in (1, 2)])

    assert [type(error).__name__ for error in errors] == ["AnotherWasFaster"]
    assert statuses(app)[-1] is QuestionStatus.APPROVED
    check_log(app)
