from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.errors import Refusal
from eventapp.core.outbox import run_due_jobs
from eventapp.live import actions
from eventapp.live.models import LogEntry
from eventapp.live.models import LogEntryKind as Kind
from eventapp.live.queries import find_newest_number, list_log, list_whole_log
from eventapp.live.refusals import (
    AlreadyRecording,
    AlreadyRunning,
    NothingToRecord,
    NothingToUndo,
    NotRecording,
    SomethingNewerHappened,
    WebinarIsNotLive,
)
from eventapp.live.rules import replay_log
from eventapp.questions.models import Question, QuestionStatus
from eventapp.questions.refusals import QuestionIsElsewhere
from eventapp.webinars import actions as webinars
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import (
    START,
    AgendaItemFactory,
    LogEntryFactory,
    QuestionFactory,
    UserFactory,
    WebinarFactory,
)

NOW = START + timedelta(minutes=1)

pytestmark = pytest.mark.every_engine


@pytest.fixture
def moderator(in_app) -> int:
    number: int = UserFactory().id
    return number


@pytest.fixture
def webinar(in_app) -> Webinar:
    made: Webinar = WebinarFactory(status=WebinarStatus.LIVE)
    return made


def do(act: Callable[..., None], subject: int, moderator: int, **details: object) -> None:
    with transaction():
        act(subject, actor_id=moderator, now=NOW, **details)


def kinds(webinar: Webinar) -> list[tuple[int, Kind]]:
    return [(entry.number, entry.kind) for entry in list_log(webinar.id)]


def status_of(question: Question) -> QuestionStatus:
    db.session.expire_all()
    return question.status


def test_webinar_goes_live_and_ends_in_the_log(in_app, moderator):
    webinar = WebinarFactory()

    do(actions.start_webinar, webinar.id, moderator)
    do(actions.finish_webinar, webinar.id, moderator)

    assert webinar.status is WebinarStatus.ENDED
    assert kinds(webinar) == [(1, Kind.WEBINAR_STARTED), (2, Kind.WEBINAR_ENDED)]


def test_ending_answers_what_is_on_air(webinar, moderator):
    question = QuestionFactory(webinar_id=webinar.id)
    do(actions.put_question_on_air, question.id, moderator, webinar_id=webinar.id)

    do(actions.finish_webinar, webinar.id, moderator)

    assert status_of(question) is QuestionStatus.ANSWERED
    assert [kind for _number, kind in kinds(webinar)] == [
        Kind.QUESTION_ON_AIR,
        Kind.QUESTION_ANSWERED,
        Kind.WEBINAR_ENDED,
    ]


def test_entry_says_who_did_what_and_when(webinar, moderator):
    question = QuestionFactory(webinar_id=webinar.id, status=QuestionStatus.PENDING)

    do(actions.approve_question, question.id, moderator, webinar_id=webinar.id)

    [entry] = list_log(webinar.id)
    assert (entry.kind, entry.at, entry.actor_id, entry.question_id, entry.title) == (
        Kind.QUESTION_APPROVED,
        NOW,
        moderator,
        question.id,
        question.text,
    )


def test_act_is_written_without_loading_the_log(webinar, moderator):
    for number in range(1, 6):
        LogEntryFactory(webinar_id=webinar.id, number=number)
    question = QuestionFactory(webinar_id=webinar.id, status=QuestionStatus.PENDING)
    question_id, at = question.id, {"webinar_id": webinar.id}
    db.session.expunge_all()
    loaded = []

    def note(entry: LogEntry, _context: object) -> None:
        loaded.append(entry.number)

    sa.event.listen(LogEntry, "load", note)
    with transaction():
        actions.approve_question(question_id, actor_id=moderator, now=NOW, **at)
        loaded_by_act = list(loaded)
    sa.event.remove(LogEntry, "load", note)

    assert loaded_by_act == []
    assert find_newest_number(at["webinar_id"]) == 6


def test_refused_act_leaves_no_entry(webinar, moderator):
    question = QuestionFactory(webinar_id=webinar.id)

    with pytest.raises(QuestionIsElsewhere):
        do(actions.approve_question, question.id, moderator, webinar_id=webinar.id)

    assert kinds(webinar) == []


def test_recording_is_marked_once(webinar, moderator):
    with pytest.raises(NotRecording):
        do(actions.stop_recording, webinar.id, moderator)

    do(actions.start_recording, webinar.id, moderator)

    with pytest.raises(AlreadyRecording):
        do(actions.start_recording, webinar.id, moderator)
    assert kinds(webinar) == [(1, Kind.RECORDING_STARTED)]


def test_agenda_item_starts_while_live_and_not_twice(webinar, moderator):
    item = AgendaItemFactory(webinar=webinar)
    do(actions.start_agenda_item, webinar.id, moderator, agenda_item_id=item.id)

    with pytest.raises(AlreadyRunning):
        do(actions.start_agenda_item, webinar.id, moderator, agenda_item_id=item.id)

    assert [e.title for e in list_log(webinar.id)] == [item.title]


def test_agenda_item_waits_for_the_webinar(in_app, moderator):
    item = AgendaItemFactory()

    with pytest.raises(WebinarIsNotLive):
        do(actions.start_agenda_item, item.webinar.id, moderator, agenda_item_id=item.id)


@pytest.mark.parametrize(
    "status", [s for s in WebinarStatus if s is not WebinarStatus.LIVE], ids=lambda s: s.value
)
def test_question_goes_on_air_only_while_the_webinar_is_live(in_app, moderator, status):
    webinar = WebinarFactory(status=status)
    question = QuestionFactory(webinar_id=webinar.id)

    with pytest.raises(WebinarIsNotLive):
        do(actions.put_question_on_air, question.id, moderator, webinar_id=webinar.id)

    assert status_of(question) is QuestionStatus.APPROVED
    assert kinds(webinar) == []


def test_recording_may_start_before_the_webinar(in_app, moderator):
    webinar = WebinarFactory()

    do(actions.start_recording, webinar.id, moderator)

    assert kinds(webinar) == [(1, Kind.RECORDING_STARTED)]


@pytest.mark.parametrize(
    "status",
    [WebinarStatus.DRAFT, WebinarStatus.ENDED, WebinarStatus.CANCELLED],
    ids=lambda s: s.value,
)
def test_recording_starts_neither_too_early_nor_too_late(in_app, moderator, status):
    webinar = WebinarFactory(status=status)

    with pytest.raises(NothingToRecord):
        do(actions.start_recording, webinar.id, moderator)

    assert kinds(webinar) == []


def test_undo_restores_both_questions_that_an_act_moved(webinar, moderator):
    before = QuestionFactory(webinar_id=webinar.id)
    question = QuestionFactory(webinar_id=webinar.id, status=QuestionStatus.PENDING)
    do(actions.put_question_on_air, before.id, moderator, webinar_id=webinar.id)
    do(actions.put_question_on_air, question.id, moderator, webinar_id=webinar.id)
    last = list_log(webinar.id)[-1].id

    do(actions.undo_act, webinar.id, moderator, entry_id=last)

    assert status_of(before) is QuestionStatus.ON_AIR
    assert status_of(question) is QuestionStatus.PENDING
    assert (before.on_air_at, before.answered_at, question.on_air_at) == (NOW, None, None)


def test_undo_of_an_act_that_is_no_longer_the_last_is_refused(webinar, moderator):
    do(actions.start_recording, webinar.id, moderator)
    first = list_log(webinar.id)[-1].id
    do(actions.stop_recording, webinar.id, moderator)

    with pytest.raises(SomethingNewerHappened):
        do(actions.undo_act, webinar.id, moderator, entry_id=first)

    assert len(kinds(webinar)) == 2


def test_undo_ends_at_the_start_of_the_webinar(in_app, moderator):
    webinar = WebinarFactory()
    do(actions.start_webinar, webinar.id, moderator)
    only = list_log(webinar.id)[-1].id

    with pytest.raises(NothingToUndo):
        do(actions.undo_act, webinar.id, moderator, entry_id=only)


def test_log_and_rows_agree_after_every_act(webinar, moderator):
    first, second = (
        QuestionFactory(webinar_id=webinar.id, status=QuestionStatus.PENDING) for _ in range(2)
    )
    at = {"webinar_id": webinar.id}
    acts = [
        (actions.approve_question, first),
        (actions.put_question_on_air, first),
        (actions.put_question_on_air, second),
        (actions.answer_question, second),
        (actions.restore_question, second),
        (actions.dismiss_question, second),
        (actions.restore_question, first),
    ]

    for act, question in acts:
        do(act, question.id, moderator, **at)

        told = replay_log(list_whole_log(webinar.id)).questions
        for row in (first, second):
            status = told[row.id]["status"] if row.id in told else QuestionStatus.PENDING
            assert status == status_of(row)


def test_two_moderators_at_once_leave_one_question_on_air_and_no_gap(in_app, webinar, moderator):
    ids = [QuestionFactory(webinar_id=webinar.id).id for _ in range(6)]
    webinar_id = webinar.id
    refused = []

    def put_on_air(question_id: int) -> None:
        with in_app.app_context():
            try:
                do(actions.put_question_on_air, question_id, moderator, webinar_id=webinar_id)
            except Refusal as refusal:
                refused.append(refusal)

    threads = [threading.Thread(target=put_on_air, args=(i,)) for i in [*ids, *ids[:2]]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    statuses = [db.session.get_one(Question, i).status for i in ids]
    entries = list_log(webinar_id)
    assert statuses.count(QuestionStatus.ON_AIR) == 1
    assert [e.number for e in entries] == list(range(1, 9 - len(refused)))


def test_steps_taken_elsewhere_reach_the_log(in_app, stopped_clock):
    webinar = WebinarFactory()
    with transaction():
        webinars.go_live(webinar, now=NOW)
    run_due_jobs()
    question = QuestionFactory(webinar_id=webinar.id, status=QuestionStatus.ON_AIR)
    with transaction():
        webinars.end_webinar(webinar, now=NOW + timedelta(minutes=9))
    run_due_jobs()

    assert status_of(question) is QuestionStatus.ANSWERED
    assert [(e.kind, e.at) for e in list_log(webinar.id)] == [
        (Kind.WEBINAR_STARTED, NOW),
        (Kind.QUESTION_ANSWERED, NOW + timedelta(minutes=9)),
        (Kind.WEBINAR_ENDED, NOW + timedelta(minutes=9)),
    ]


def test_steps_taken_at_the_desk_are_logged_once(in_app, moderator):
    webinar = WebinarFactory()
    do(actions.start_webinar, webinar.id, moderator)
    do(actions.finish_webinar, webinar.id, moderator)

    run_due_jobs()

    assert kinds(webinar) == [(1, Kind.WEBINAR_STARTED), (2, Kind.WEBINAR_ENDED)]
