"""What one does with one's own question, and what nobody reads of who asked it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound
from eventapp.questions import actions
from eventapp.questions.actions import Asker, RoomChanges
from eventapp.questions.events import QuestionChanged, QuestionWithdrawn
from eventapp.questions.models import Question, QuestionStatus, QuestionVote
from eventapp.questions.refusals import (
    AskedTooSoon,
    AskerIsSilenced,
    AskingIsClosed,
    AskingIsNotOpen,
    QuestionHasVotes,
    QuestionIsTaken,
    QuestionSpeaksForOthers,
)
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START, QuestionFactory, WebinarFactory
from tests.live.conftest import stage_path

NOW = START + timedelta(minutes=5)
GUEST, OTHER = Asker(key="guest:1"), Asker(key="guest:2")
JSON = {"Accept": "application/json"}

every_engine = pytest.mark.every_engine


@pytest.fixture
def webinar(in_app) -> Webinar:
    return WebinarFactory(status=WebinarStatus.LIVE)


def own(webinar: Webinar, status: QuestionStatus = QuestionStatus.PENDING) -> Question:
    return QuestionFactory(
        webinar_id=webinar.id, asker_key=GUEST.key, text="How much?", status=status
    )


def change(question, webinar, *, text="How much a year?", asker=GUEST):
    with transaction() as session:
        actions.change_own_question(question.id, webinar=webinar, text=text, asker=asker, now=NOW)
        return list(session.info["recorded_events"])


def withdraw(question, webinar, *, asker=GUEST):
    with transaction() as session:
        actions.withdraw_question(question.id, webinar=webinar, asker=asker)
        return list(session.info["recorded_events"])


def ask(webinar: Webinar, *, key: str = "one", now=NOW, **values) -> Question:
    with transaction():
        return actions.ask_question(
            webinar,
            text="Who pays?",
            author_name="Mira Real",
            asker=GUEST,
            submission_key=key,
            now=now,
            **values,
        )


def set_room(webinar: Webinar, **changes) -> None:
    with transaction():
        actions.change_room(webinar.id, RoomChanges(**changes))


@every_engine
def test_changed_question_keeps_what_was_asked_first(webinar):
    question = own(webinar)

    recorded = change(question, webinar)
    change(question, webinar, text="How much in all?")

    assert (question.text, question.original_text) == ("How much in all?", "How much?")
    assert recorded == [
        QuestionChanged(question_id=question.id, webinar_id=webinar.id, was_public=False)
    ]


@every_engine
def test_published_question_that_is_changed_waits_again(webinar):
    question = own(webinar, QuestionStatus.APPROVED)

    [event] = change(question, webinar)

    assert question.status is QuestionStatus.PENDING
    assert event.was_public


@every_engine
@pytest.mark.parametrize("status", [QuestionStatus.ON_AIR, QuestionStatus.ANSWERED])
@pytest.mark.parametrize("act", [change, withdraw])
def test_question_that_is_taken_up_stays_as_it_is(webinar, status, act):
    question = own(webinar, status)

    with pytest.raises(QuestionIsTaken):
        act(question, webinar)

    db.session.rollback()
    assert (question.text, question.status) == ("How much?", status)


@every_engine
@pytest.mark.parametrize("act", [change, withdraw])
def test_question_of_another_is_not_found(webinar, act):
    with pytest.raises(NotFound):
        act(own(webinar), webinar, asker=OTHER)


@every_engine
def test_words_that_others_voted_for_stay(webinar):
    question = own(webinar, QuestionStatus.APPROVED)
    db.session.add(QuestionVote(question_id=question.id, voter_key=OTHER.key, voted_at=NOW))
    db.session.commit()

    with pytest.raises(QuestionHasVotes):
        change(question, webinar)


@every_engine
def test_question_is_withdrawn_once(webinar):
    question = own(webinar, QuestionStatus.APPROVED)

    first, second = withdraw(question, webinar), withdraw(question, webinar)

    assert question.status is QuestionStatus.WITHDRAWN
    assert first == [
        QuestionWithdrawn(question_id=question.id, webinar_id=webinar.id, was_public=True)
    ]
    assert second == []


@every_engine
def test_question_that_others_live_on_in_is_not_withdrawn(webinar):
    question = own(webinar, QuestionStatus.APPROVED)
    QuestionFactory(webinar_id=webinar.id, status=QuestionStatus.MERGED, merged_into_id=question.id)

    with pytest.raises(QuestionSpeaksForOthers):
        withdraw(question, webinar)


@every_engine
@pytest.mark.parametrize(
    ("shows_names", "consents", "read_at_the_desk"),
    [(False, True, ""), (True, False, ""), (True, True, "Mira Real")],
)
def test_name_of_who_asks_anonymously_is_read_by_moderators_at_most(
    webinar, shows_names, consents, read_at_the_desk
):
    set_room(webinar, shows_names_to_desk=shows_names)

    question = ask(webinar, is_anonymous=True, shows_name_to_desk=consents)

    assert (question.author_name, question.desk_name) == ("", read_at_the_desk)


@every_engine
def test_room_that_is_open_early_takes_questions_weeks_before(in_app):
    webinar = WebinarFactory(status=WebinarStatus.PUBLISHED)
    early = START - timedelta(days=14)
    with pytest.raises(AskingIsNotOpen):
        ask(webinar, now=early)

    set_room(webinar, is_open_early=True)

    assert ask(webinar, now=early).status is QuestionStatus.PENDING


@every_engine
def test_closed_room_takes_no_question(webinar):
    set_room(webinar, is_closed=True)

    with pytest.raises(AskingIsClosed):
        ask(webinar)


@every_engine
def test_slow_mode_lets_one_ask_again_after_its_time(webinar):
    set_room(webinar, slow_seconds=30)
    ask(webinar)

    with pytest.raises(AskedTooSoon) as refused:
        ask(webinar, key="two", now=NOW + timedelta(seconds=10))

    assert refused.value.seconds == 20
    assert ask(webinar, key="three", now=NOW + timedelta(seconds=30)).id


@every_engine
def test_silenced_asker_writes_nothing_more(webinar):
    question = ask(webinar)
    with transaction():
        actions.silence_asker(question.id, webinar_id=webinar.id, now=NOW)

    with pytest.raises(AskerIsSilenced):
        ask(webinar, key="two")
    with pytest.raises(AskerIsSilenced):
        change(question, webinar)


def test_names_kept_from_the_room_are_in_no_byte_of_it(app, client):
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        for status in (QuestionStatus.APPROVED, QuestionStatus.ON_AIR, QuestionStatus.ANSWERED):
            QuestionFactory(
                webinar_id=webinar.id, author_name="", desk_name="Mira Real", status=status
            )
        stage = stage_path(app)
    paths = ["/webinars/hubs/live", "/webinars/hubs/live/state.json", stage]
    paths.append(stage.replace("/stage", "/stage/state.json"))

    answers = [client.get(path) for path in paths]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert ["Mira" in answer.text for answer in answers] == [False] * 4


def test_own_question_is_changed_and_withdrawn_without_a_script(app, client):
    with app.app_context():
        WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
    room = "/webinars/hubs/live"
    client.post(f"{room}/questions", data={"text": "How much?", "submission_key": "k"})
    own = f"{room}/questions/1"

    page = client.get(f"{own}/change").text
    client.post(f"{own}/change", data={"text": "How much a year?"})
    changed = client.get(room).text
    client.post(f"{own}/withdraw")

    assert "How much?" in page
    assert "How much a year?" in changed
    assert "How much a year?" not in client.get(room).text
    assert app.test_client().get(f"{own}/change").status_code == 404
