from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound
from eventapp.core.events import Event
from eventapp.core.outbox import OutboxJob
from eventapp.questions import actions
from eventapp.questions.actions import Asker
from eventapp.questions.events import QuestionAsked
from eventapp.questions.models import Question, QuestionStatus, QuestionVote
from eventapp.questions.refusals import QuestionIsElsewhere, QuestionTakesNoVotes, TooManyWait
from eventapp.questions.rules import MOST_PENDING
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START, QuestionFactory, RegistrationFactory, WebinarFactory

NOW = START + timedelta(minutes=5)
GUEST = Asker(key="guest:1")

pytestmark = pytest.mark.every_engine


def ask(webinar: Webinar, **changes: object) -> Question:
    return ask_and_listen(webinar, **changes)[0]


def ask_and_listen(webinar: Webinar, **changes: object) -> tuple[Question, list[Event]]:
    """Ask; return the question and the events that were recorded."""
    values = {
        "text": "How transferable is it?",
        "author_name": "Mira",
        "asker": GUEST,
        "submission_key": "once",
        "now": NOW,
    }
    with transaction() as session:
        question = actions.ask_question(webinar, **{**values, **changes})
        return question, list(session.info["recorded_events"])


def test_question_waits_where_there_are_moderators(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)

    question, recorded = ask_and_listen(webinar)

    assert question.status is QuestionStatus.PENDING
    assert (question.text, question.author_name) == ("How transferable is it?", "Mira")
    assert recorded == [QuestionAsked(question_id=question.id, webinar_id=webinar.id)]


def test_question_owes_no_work_beside_the_push(in_app):
    ask(WebinarFactory(status=WebinarStatus.LIVE))

    assert db.session.scalars(sa.select(OutboxJob.reaction)).all() == []


def test_question_is_public_at_once_without_moderators(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE, is_moderated=False)

    assert ask(webinar).status is QuestionStatus.APPROVED


def test_question_sent_twice_is_one(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)

    first = ask(webinar)
    again, recorded = ask_and_listen(webinar, text="How transferable is it? (again)")

    assert (again.id, again.text, recorded) == (first.id, first.text, [])
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Question)) == 1


def test_too_many_that_wait_are_refused_until_some_are_read(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)
    asked = [ask(webinar, submission_key=str(number)) for number in range(MOST_PENDING)]

    with pytest.raises(TooManyWait):
        ask(webinar, submission_key="one more")
    again = ask(webinar, submission_key="0")
    ask(webinar, submission_key="theirs", asker=Asker(key="guest:2"))
    with transaction():
        actions.approve_question(asked[0].id, webinar_id=webinar.id)
    ask(webinar, submission_key="one more")

    assert again.id == asked[0].id
    count = db.session.scalar(sa.select(sa.func.count()).select_from(Question))
    assert count == MOST_PENDING + 2


def test_key_of_another_asker_shows_nothing_of_theirs(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)
    theirs = ask(webinar, text="A secret")

    mine = ask(webinar, text="Mine", asker=Asker(key="guest:2"))

    assert mine.id != theirs.id
    assert mine.text == "Mine"


def test_question_of_an_attendee_keeps_the_registration(in_app):
    registration = RegistrationFactory(webinar__status=WebinarStatus.LIVE)
    asker = Asker(key=f"registration:{registration.id}", registration_id=registration.id)

    question = ask(registration.webinar, asker=asker, author_name="")

    assert question.registration_id == registration.id
    assert question.author_name == ""


def test_vote_counts_once_and_can_be_taken_back(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)
    question_id = QuestionFactory(webinar_id=webinar.id).id
    counts = []

    for change in (
        actions.vote_for_question,
        actions.vote_for_question,
        actions.take_back_vote,
        actions.take_back_vote,
    ):
        with transaction():
            counts.append(change(question_id, webinar_id=webinar.id, voter=GUEST, now=NOW).votes)

    assert counts == [1, 1, 0, 0]


def test_vote_in_another_webinar_is_not_found(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)
    elsewhere = QuestionFactory(webinar_id=WebinarFactory(status=WebinarStatus.LIVE).id)

    with pytest.raises(NotFound), transaction():
        actions.vote_for_question(elsewhere.id, webinar_id=webinar.id, voter=GUEST, now=NOW)

    assert db.session.get_one(Question, elsewhere.id).votes == 0


def test_vote_for_a_waiting_question_is_refused(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)
    question = QuestionFactory(webinar_id=webinar.id, status=QuestionStatus.PENDING)

    with pytest.raises(QuestionTakesNoVotes), transaction():
        actions.vote_for_question(question.id, webinar_id=webinar.id, voter=GUEST, now=NOW)


def test_votes_of_many_at_once_are_all_counted_and_none_twice(in_app):
    webinar_id = WebinarFactory(status=WebinarStatus.LIVE).id
    question_id = QuestionFactory(webinar_id=webinar_id).id

    def vote(number: int) -> None:
        voter = Asker(key=f"guest:{number % 8}")
        with in_app.app_context(), transaction():
            actions.vote_for_question(question_id, webinar_id=webinar_id, voter=voter, now=NOW)

    threads = [threading.Thread(target=vote, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    rows = db.session.scalar(sa.select(sa.func.count()).select_from(QuestionVote))
    question = db.session.get_one(Question, question_id)
    assert (rows, question.votes, question.revision) == (8, 8, 8)


def test_question_put_on_air_answers_the_one_before(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)
    before = QuestionFactory(webinar_id=webinar.id, status=QuestionStatus.ON_AIR)
    question = QuestionFactory(webinar_id=webinar.id)

    with transaction():
        moved = actions.put_on_air(question.id, webinar_id=webinar.id, now=NOW)

    assert [(q.id, q.status) for q in moved] == [
        (question.id, QuestionStatus.ON_AIR),
        (before.id, QuestionStatus.ANSWERED),
    ]
    assert (question.on_air_at, before.answered_at) == (NOW, NOW)


def test_restored_question_forgets_its_times(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)
    question = QuestionFactory(
        webinar_id=webinar.id, status=QuestionStatus.ANSWERED, on_air_at=NOW, answered_at=NOW
    )

    with transaction():
        actions.restore_question(question.id, webinar_id=webinar.id)

    assert (question.status, question.on_air_at, question.answered_at) == (
        QuestionStatus.APPROVED,
        None,
        None,
    )


def test_question_dismissed_twice_is_refused_the_second_time(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)
    question = QuestionFactory(webinar_id=webinar.id)
    with transaction():
        actions.dismiss_question(question.id, webinar_id=webinar.id)

    with pytest.raises(QuestionIsElsewhere), transaction():
        actions.dismiss_question(question.id, webinar_id=webinar.id)
