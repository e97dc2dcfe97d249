from __future__ import annotations

import re

import pytest

from eventapp.core.db import db
from eventapp.live.queries import find_undoable, list_log
from eventapp.questions.models import Question, QuestionStatus
from eventapp.webinars.models import RoomAccess, WebinarStatus
from tests.factories import QuestionFactory, WebinarFactory


@pytest.fixture(params=RoomAccess)
def webinar_id(app, request) -> int:
    with app.app_context():
        return WebinarFactory(slug="hubs", status=WebinarStatus.LIVE, room_access=request.param).id


def find_stage(organiser, webinar_id: int) -> str:
    desk = organiser.get(f"/manage/webinars/{webinar_id}/live").text
    return re.search(r'href="(/webinars/hubs/live/stage\?key=[^"]+)"', desk)[1]


def move_stage(organiser, webinar_id: int) -> str:
    organiser.post(f"/manage/webinars/{webinar_id}/live/stage/move")
    return find_stage(organiser, webinar_id)


@pytest.mark.every_engine
def test_stage_that_moves_is_at_its_new_address_alone(client, organiser, webinar_id):
    first = find_stage(organiser, webinar_id)
    second = move_stage(organiser, webinar_id)
    third = move_stage(organiser, webinar_id)
    bare = "/webinars/hubs/live/stage"

    statuses = [client.get(address).status_code for address in (first, second, bare, third)]

    assert statuses == [409, 409, 409, 200]


def test_old_address_says_where_the_new_one_is(client, organiser, webinar_id):
    old = find_stage(organiser, webinar_id)
    move_stage(organiser, webinar_id)

    answer = client.get(old)

    assert "This stage has a new address: take it from the live desk." in answer.text


def test_state_of_a_stage_that_moved_is_for_its_new_address_alone(client, organiser, webinar_id):
    old = find_stage(organiser, webinar_id)
    new = move_stage(organiser, webinar_id)

    states = [
        client.get(address.replace("/stage", "/stage/state.json")).status_code
        for address in (old, new)
    ]

    assert states == [409, 200]


def test_address_without_the_key_is_open_to_organisers(organiser, webinar_id):
    move_stage(organiser, webinar_id)

    assert organiser.get("/webinars/hubs/live/stage").status_code == 200


def test_visitor_moves_no_stage(client, organiser, webinar_id):
    before = find_stage(organiser, webinar_id)

    answer = client.post(f"/manage/webinars/{webinar_id}/live/stage/move")

    assert answer.status_code == 403
    assert find_stage(organiser, webinar_id) == before


def test_undo_passes_over_a_move_which_stays_done(app, organiser, webinar_id):
    with app.app_context():
        question_id = QuestionFactory(webinar_id=webinar_id, status=QuestionStatus.PENDING).id
    organiser.post(f"/manage/webinars/{webinar_id}/live/questions/{question_id}/approve")
    moved = move_stage(organiser, webinar_id)

    with app.app_context():
        entry, _name = find_undoable(webinar_id)
        entry_id, kind = entry.id, entry.kind.value
    organiser.post(f"/manage/webinars/{webinar_id}/live/undo/{entry_id}")

    assert kind == "question_approved"
    assert find_stage(organiser, webinar_id) == moved
    with app.app_context():
        assert db.session.get_one(Question, question_id).status is QuestionStatus.PENDING


def test_move_is_logged_and_stays_done(app, organiser, webinar_id):
    move_stage(organiser, webinar_id)

    with app.app_context():
        [entry] = list_log(webinar_id)
        assert entry.kind.value == "stage_moved"
        assert find_undoable(webinar_id) == (None, "")
