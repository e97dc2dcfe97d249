"""The room's settings among what is planned, and answers that are changed at the desk."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.live import actions
from eventapp.live.models import LogEntryKind
from eventapp.live.queries import find_undoable, list_log
from eventapp.questions.models import QuestionReply, ReplyKind, Room
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import QuestionFactory, UserFactory, WebinarFactory

PAGE = "/manage/webinars/1/room"


@pytest.fixture
def planned(app):
    with app.app_context():
        WebinarFactory(slug="hubs", is_moderated=True)


def read_room(app):
    with app.app_context():
        room = db.session.get_one(Room, 1)
        moderated = db.session.get_one(Webinar, 1).is_moderated
        return room.is_open_early, room.shows_names_to_desk, moderated, room.slow_seconds


def test_room_is_set_while_planning_and_the_log_has_it(app, organiser, planned):
    organiser.post(
        PAGE,
        data={
            "is_moderated": "0",
            "is_closed": "0",
            "is_open_early": ["0", "1"],
            "shows_names_to_desk": ["0", "1"],
            "slow_seconds": "30",
            "blocked_words": "spam",
        },
    )

    assert read_room(app) == (True, True, False, 30)
    with app.app_context():
        assert [entry.kind for entry in list_log(1)] == [LogEntryKind.ROOM_CHANGED]
    page = organiser.get(PAGE).text
    assert re.search(r'id="room-is_open_early"[^>]* checked', page)
    assert not re.search(r'id="room-is_moderated"[^>]* checked', page)


def test_wrong_slow_mode_changes_nothing_and_says_why(app, organiser, planned):
    organiser.post(PAGE, data={"slow_seconds": "a week", "is_open_early": "1"})

    with app.app_context():
        assert db.session.get(Room, 1) is None or not read_room(app)[0]
    assert "seconds" in organiser.get(PAGE).text


def test_visitor_sets_no_room(app, client, planned):
    assert client.post(PAGE, data={"is_open_early": "1"}).status_code == 403
    assert client.get(PAGE).status_code == 302


@pytest.fixture
def answered(app):
    """The id of a written answer in a webinar that is over."""
    with app.app_context():
        WebinarFactory(slug="hubs", status=WebinarStatus.ENDED)
        actor_id = UserFactory().id
        question_id = QuestionFactory(webinar_id=1, text="What did it cost?").id
        with transaction():
            actions.write_answer(
                question_id,
                webinar_id=1,
                text="A bakery.",
                submission_key="one",
                actor_id=actor_id,
                now=clock.now(),
            )
        return db.session.scalars(sa.select(QuestionReply.id)).one()


def test_written_answer_is_changed_and_undo_gives_the_words_back(app, organiser, answered):
    address = f"/manage/webinars/1/live/replies/{answered}/change"
    assert "A bakery." in organiser.get(address).text

    organiser.post(address, data={"text": "Two bakeries."})

    with app.app_context():
        assert db.session.get_one(QuestionReply, answered).text == "Two bakeries."
        entry, _name = find_undoable(1)
        assert entry.kind is LogEntryKind.ANSWER_CHANGED
        entry_id = entry.id
    organiser.post(f"/manage/webinars/1/live/undo/{entry_id}")
    with app.app_context():
        assert db.session.get_one(QuestionReply, answered).text == "A bakery."


def test_follow_up_is_nobodys_to_change(app, organiser, answered):
    with app.app_context():
        db.session.get_one(QuestionReply, answered).kind = ReplyKind.FOLLOW_UP
        db.session.commit()
    address = f"/manage/webinars/1/live/replies/{answered}/change"

    assert organiser.get(address).status_code == 404
    assert organiser.post(address, data={"text": "Mine"}).status_code == 404
