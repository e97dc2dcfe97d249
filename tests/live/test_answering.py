"""What is written under questions: by moderators at the desk, by askers in the room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventapp.core.db import db
from eventapp.live.models import LogEntryKind
from eventapp.live.queries import list_whole_log
from eventapp.live.rules import replay_log
from eventapp.questions.models import Question, QuestionStatus
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START, QuestionFactory, WebinarFactory

JSON = {"Accept": "application/json"}
DESK = "/manage/webinars/1/live"
ROOM = "/webinars/hubs/live"

pytestmark = pytest.mark.every_engine


@pytest.fixture(autouse=True)
def live(app: Flask, stopped_clock) -> None:
    stopped_clock.at(START)
    with app.app_context():
        WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)


@pytest.fixture
def asker(app: Flask) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["guest"] = "0" * 32
    return client


@pytest.fixture
def add(app: Flask):
    def put(status: QuestionStatus = QuestionStatus.APPROVED, **values: Any) -> int:
        with app.app_context():
            values = {"asker_key": f"guest:{'0' * 32}"} | values
            number: int = QuestionFactory(webinar_id=1, status=status, **values).id
            return number

    return put


def post(client: FlaskClient, path: str, **form: object) -> Any:
    return client.post(path, data=form, headers=JSON)


def card_of(client: FlaskClient, address: str) -> dict[str, Any]:
    (card,) = client.get(f"{address}/state.json").json["questions"]
    return dict(card)


def test_written_answer_publishes_and_answers_the_question(organiser, asker, add):
    number = add(QuestionStatus.PENDING)

    answer = post(
        organiser, f"{DESK}/questions/{number}/answer", text="Yes.\n\nSoon.", submission_key="k"
    )

    card = card_of(asker, ROOM)
    assert answer.status_code == 200
    assert card["status"] == "answered"
    assert [(r["kind"], r["text"]) for r in card["replies"]] == [("answer", "Yes.\n\nSoon.")]


def test_question_on_air_stays_there_when_it_is_answered_in_writing(organiser, asker, add):
    number = add(QuestionStatus.ON_AIR)

    post(organiser, f"{DESK}/questions/{number}/answer", text="Yes.", submission_key="k")

    assert card_of(asker, ROOM)["status"] == "on_air"


def test_answer_sent_twice_is_one_and_logged_once(app, organiser, asker, add):
    number = add()

    for _time in range(2):
        post(organiser, f"{DESK}/questions/{number}/answer", text="Yes.", submission_key="k")

    with app.app_context():
        kinds = [entry.kind for entry in list_whole_log(1)]
    assert len(card_of(asker, ROOM)["replies"]) == 1
    assert kinds == [LogEntryKind.ANSWER_WRITTEN]


def test_answer_is_written_days_later_too(app, organiser, asker, add, stopped_clock):
    number = add(QuestionStatus.ANSWERED)
    with app.app_context():
        db.session.get(Webinar, 1).status = WebinarStatus.REPLAY_PUBLISHED
        db.session.commit()
    stopped_clock.at(START + timedelta(days=9))

    answer = post(organiser, f"{DESK}/questions/{number}/answer", text="Here.", submission_key="k")

    assert answer.status_code == 200
    assert [r["text"] for r in card_of(asker, ROOM)["replies"]] == ["Here."]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n ", "Write the answer first."),
        ("a" * 2001, "Keep the answer to 2,000 characters."),
    ],
)
def test_answer_without_words_or_with_too_many_is_refused(organiser, add, text, said):
    answer = post(organiser, f"{DESK}/questions/{add()}/answer", text=text)

    assert (answer.status_code, answer.json["error"]) == (409, said)


def test_undone_answer_is_read_no_more_and_the_question_is_open_again(organiser, asker, add):
    number = add()
    state = post(organiser, f"{DESK}/questions/{number}/answer", text="Yes.").json

    post(organiser, f"{DESK}/undo/{state['run']['undo']['entry']}")

    card = card_of(asker, ROOM)
    assert (card["status"], card["replies"]) == ("approved", [])


def test_follow_up_waits_and_is_published_at_the_desk(organiser, asker, add):
    number = add(QuestionStatus.ANSWERED)
    sent = post(asker, f"{ROOM}/questions/{number}/follow-up", text="And then?", submission_key="k")
    before = card_of(asker, ROOM)["replies"]
    (reply,) = card_of(organiser, DESK)["replies"]

    post(organiser, f"{DESK}/replies/{reply['id']}/publish")

    assert (sent.status_code, before, reply["status"]) == (201, [], "pending")
    assert [r["text"] for r in card_of(asker, ROOM)["replies"]] == ["And then?"]


def test_follow_up_sent_twice_is_one(organiser, asker, add):
    number = add()

    for _time in range(2):
        post(asker, f"{ROOM}/questions/{number}/follow-up", text="Then?", submission_key="k")

    assert len(card_of(organiser, DESK)["replies"]) == 1


def test_published_follow_up_is_set_aside_again(app, organiser, asker, add):
    number = add()
    with app.app_context():
        db.session.get(Webinar, 1).is_moderated = False
        db.session.commit()
    post(asker, f"{ROOM}/questions/{number}/follow-up", text="Then?", submission_key="k")
    (reply,) = card_of(asker, ROOM)["replies"]

    post(organiser, f"{DESK}/replies/{reply['id']}/dismiss")

    assert card_of(asker, ROOM)["replies"] == []


def test_only_who_asked_follows_up(add, client):
    number = add(asker_key="guest:somebody-else")

    answer = post(client, f"{ROOM}/questions/{number}/follow-up", text="Me too", submission_key="k")

    assert answer.status_code == 409
    assert answer.json["error"].startswith("Only who asked this question can follow it up.")


def test_question_that_waits_takes_no_follow_up(asker, add):
    number = add(QuestionStatus.PENDING)

    answer = post(asker, f"{ROOM}/questions/{number}/follow-up", text="So?", submission_key="k")

    assert answer.json["error"] == "You can follow your question up once it is published."


def test_silenced_asker_writes_nothing_more(organiser, asker, add):
    number = add()
    post(organiser, f"{DESK}/questions/{number}/silence")

    answer = post(asker, f"{ROOM}/questions/{number}/follow-up", text="So?", submission_key="k")

    assert answer.status_code == 409


def test_fourth_follow_up_that_would_wait_is_refused(asker, add):
    number = add()
    path = f"{ROOM}/questions/{number}/follow-up"
    for key in "abc":
        assert post(asker, path, text=key, submission_key=key).status_code == 201

    assert post(asker, path, text="d", submission_key="d").status_code == 409


def test_follow_up_page_works_without_script(asker, add):
    number = add()

    page = asker.get(f"{ROOM}/questions/{number}/follow-up")
    sent = asker.post(
        f"{ROOM}/questions/{number}/follow-up", data={"text": "So?", "submission_key": "k"}
    )

    assert ("Follow up your question" in page.text, sent.status_code) == (True, 302)


def test_log_tells_what_is_written_under_questions(app, organiser, asker, add):
    number = add()
    post(organiser, f"{DESK}/questions/{number}/answer", text="Yes.", submission_key="k")
    post(asker, f"{ROOM}/questions/{number}/follow-up", text="And?", submission_key="k")

    with app.app_context():
        told = replay_log(list_whole_log(1)).replies.values()
        asked = db.session.get(Question, number)

    assert [(r["text"], r["status"]) for r in told] == [("Yes.", "published"), ("And?", "pending")]
    assert asked.status is QuestionStatus.ANSWERED
