"""From the log alone the state at any moment can be rebuilt; undoing included."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eventapp.core.db import db, transaction
from eventapp.core.errors import Refusal
from eventapp.live import actions
from eventapp.live.changes import remember
from eventapp.live.queries import find_undoable, list_whole_log
from eventapp.live.rules import replay_log, replay_run
from eventapp.questions.actions import Asker, RoomChanges, ask_question
from eventapp.questions.desk_queries import list_questions_for_desk
from eventapp.questions.models import Question, QuestionVote, SilencedAsker
from eventapp.questions.queries import get_room
from eventapp.webinars.models import Webinar
from tests.factories import START, AgendaItemFactory, SpeakerFactory, UserFactory, WebinarFactory
from tests.factories import add_speaker as add

# What is done to which question, and with which other one; numbers are taken modulo what there is.
STEPS = st.tuples(
    st.sampled_from(
        [
            *("ask", "ask", "approve", "dismiss", "on_air", "answer", "restore", "edit", "label"),
            *("assign", "pin", "unpin", "merge", "merge", "silence", "hear", "room", "open_mode"),
            *("item", "record", "stop", "undo", "undo"),
        ]
    ),
    st.integers(0, 5),
    st.integers(0, 5),
)
ON_QUESTION: dict[str, Callable[..., None]] = {
    "approve": actions.approve_question,
    "dismiss": actions.dismiss_question,
    "on_air": actions.put_question_on_air,
    "answer": actions.answer_question,
    "restore": actions.restore_question,
    "pin": actions.pin_question,
    "unpin": actions.unpin_question,
    "silence": actions.silence_asker,
    "hear": actions.hear_asker,
}


class Session:
    """One webinar and one moderator, who does a step each second."""

    def __init__(self) -> None:
        self.webinar: Webinar = WebinarFactory()
        self.speaker = add(self.webinar, SpeakerFactory())
        self.items = [AgendaItemFactory(webinar=self.webinar) for _ in range(2)]
        self.by = {"actor_id": UserFactory().id}
        self.now = START
        self.step("start")

    @property
    def ids(self) -> list[int]:
        return list(
            db.session.scalars(
                sa.select(Question.id)
                .where(Question.webinar_id == self.webinar.id)
                .order_by(Question.id)
            )
        )

    def step(self, what: str, one: int = 0, other: int = 0) -> None:
        """Do something; what is refused changes nothing."""
        self.now += timedelta(seconds=1)
        by = self.by | {"now": self.now}
        ids = self.ids
        try:
            with transaction():
                if what in {"start", "ask", "room", "open_mode", "item", "record", "stop", "undo"}:
                    self._run(what, one, by)
                elif ids:
                    self._act(what, ids[one % len(ids)], ids[other % len(ids)], other, by)
        except Refusal:
            pass

    def _run(self, what: str, one: int, by: dict[str, Any]) -> None:
        webinar_id = self.webinar.id
        match what:
            case "start":
                actions.start_webinar(webinar_id, **by)
            case "ask":
                ask_question(
                    self.webinar,
                    text=f"Question at {self.now:%S}?",
                    author_name="",
                    asker=Asker(key=f"guest:{one}"),
                    submission_key=f"{self.now}",
                    now=self.now,
                )
            case "room":
                changes = RoomChanges(slow_seconds=one, blocked_words=str(one))
                actions.change_room(webinar_id, changes=changes, **by)
            case "open_mode":
                changes = RoomChanges(is_moderated=bool(one % 2))
                actions.change_room(webinar_id, changes=changes, **by)
            case "item":
                item = self.items[one % 2].id
                actions.start_agenda_item(webinar_id, agenda_item_id=item, **by)
            case "record":
                actions.start_recording(webinar_id, **by)
            case "stop":
                actions.stop_recording(webinar_id, **by)
            case "undo":
                entry, _name = find_undoable(webinar_id)
                actions.undo_act(webinar_id, entry_id=entry.id if entry else 0, **by)

    def _act(self, what: str, one: int, other: int, number: int, by: dict[str, Any]) -> None:
        by = by | {"webinar_id": self.webinar.id}
        match what:
            case "edit":
                actions.edit_question(one, text=f"Edited {number}", **by)
            case "label":
                actions.label_question(one, label=f"{number or ''}", **by)
            case "assign":
                item, speaker = self.items[number % 2].id, self.speaker.id
                actions.assign_question(one, speaker_id=speaker, agenda_item_id=item, **by)
            case "merge":
                actions.merge_question(one, into_id=other, **by)
            case _:
                ON_QUESTION[what](one, **by)

    def stands(self) -> dict[str, Any]:
        """How everything stands, as the database has it."""
        db.session.expire_all()
        webinar_id = self.webinar.id
        silenced = db.session.scalars(
            sa.select(SilencedAsker).where(SilencedAsker.webinar_id == webinar_id)
        )
        run = replay_run(list_whole_log(webinar_id))
        return {
            "status": self.webinar.status,
            "run": (run.is_recording, run.agenda_item_id),
            "questions": {q.id: remember(q)[0] for q in list_questions_for_desk(webinar_id)},
            "silenced": {s.asker_key: remember(s)[0] for s in silenced},
            "room": remember(get_room(webinar_id))[0],
            "is_moderated": self.webinar.is_moderated,
        }

    def told(self, until: datetime | None = None) -> dict[str, Any]:
        """The same as the log tells it; what it doesn't tell is as it was at first."""
        state = replay_log(list_whole_log(self.webinar.id), until=until)
        unset = get_room(WebinarFactory.build(id=0).id)
        first = remember(unset)[0] | {"webinar_id": self.webinar.id}
        return {
            "status": state.status,
            "run": (state.is_recording, state.agenda_item_id),
            "questions": state.questions,
            "silenced": state.silenced,
            "room": state.room or first,
            "is_moderated": True if state.is_moderated is None else state.is_moderated,
        }

    def check_votes(self) -> None:
        """Whatever was merged and parted, each count is that of the votes."""
        for question in list_questions_for_desk(self.webinar.id):
            votes = sa.select(sa.func.count()).where(QuestionVote.question_id == question.id)
            assert db.session.scalar(votes) == question.votes


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEPS, min_size=4, max_size=18))
def test_log_tells_how_everything_stands_after_any_acts(in_app, steps):
    session = Session()
    stood = {}

    for step in [("ask", 0, 0), ("ask", 1, 0), ("ask", 2, 0), *steps]:
        session.step(*step)
        stood[session.now] = session.stands()
        assert session.told() == stood[session.now]

    assert {moment: session.told(until=moment) for moment in stood} == stood
    session.check_votes()


@pytest.mark.every_engine
def test_log_tells_how_everything_stood_at_any_moment(in_app):
    session = Session()
    stood = {}

    for step in [
        *(("ask", 0, 0), ("ask", 1, 0), ("ask", 2, 0), ("approve", 0, 0), ("edit", 1, 4)),
        *(("record", 0, 0), ("item", 0, 0), ("on_air", 0, 0), ("on_air", 1, 0), ("undo", 0, 0)),
        *(("merge", 2, 1), ("label", 1, 3), ("pin", 1, 0), ("assign", 1, 1), ("silence", 2, 0)),
        *(("room", 3, 0), ("open_mode", 0, 0), ("ask", 4, 0), ("hear", 2, 0), ("undo", 0, 0)),
        *(("undo", 0, 0), ("undo", 0, 0), ("undo", 0, 0), ("answer", 0, 0), ("stop", 0, 0)),
        *(("merge", 1, 2), ("undo", 0, 0), ("undo", 0, 0), ("undo", 0, 0), ("dismiss", 2, 0)),
    ]:
        session.step(*step)
        stood[session.now] = session.stands()

    assert {moment: session.told(until=moment) for moment in stood} == stood
