from __future__ import annotations

import pytest

from eventapp.core.db import db, transaction
from eventapp.live.changes import from_text, put_back, remember, remember_absence, to_text
from eventapp.polls.models import Poll, PollKind, PollStatus, ResultsShown
from eventapp.questions.models import Question, QuestionStatus, SilencedAsker
from eventapp.questions.queries import get_room
from eventapp.webinars.models import AgendaItem
from tests.factories import START, AgendaItemFactory, QuestionFactory, WebinarFactory

pytestmark = pytest.mark.every_engine


def kept(*rows):
    """The states of `rows` as the log gives them back."""
    return from_text(to_text(remember(*rows)))


def test_what_an_act_changed_is_given_back(in_app):
    webinar = WebinarFactory()
    question = QuestionFactory(
        webinar_id=webinar.id, status=QuestionStatus.ON_AIR, on_air_at=START, label="Money"
    )
    before = kept(question)
    with transaction():
        question.status, question.on_air_at, question.label = QuestionStatus.APPROVED, None, ""
        db.session.flush()
        after = kept(question)

    with transaction():
        put_back(before, after)

    assert kept(question) == before


def test_what_changed_once_more_since_stays(in_app):
    webinar = WebinarFactory()
    question = QuestionFactory(webinar_id=webinar.id, text="First", label="")
    before = kept(question)
    question.text, question.label = "Edited", "Money"
    db.session.commit()
    after = kept(question)
    question.text = "Changed by who asked"
    db.session.commit()

    with transaction():
        put_back(before, after)

    assert (question.text, question.label) == ("Changed by who asked", "")


def test_what_an_act_made_is_deleted_again(in_app):
    webinar = WebinarFactory()
    silenced = SilencedAsker(webinar_id=webinar.id, asker_key="guest:1", silenced_at=START)
    db.session.add(silenced)
    db.session.commit()

    with transaction():
        put_back(remember_absence(silenced), kept(silenced))

    assert db.session.query(SilencedAsker).count() == 0


def test_what_an_act_deleted_is_made_anew(in_app):
    webinar = WebinarFactory()
    poll = Poll(
        webinar_id=webinar.id,
        position=2,
        text="Which hub?",
        kind=PollKind.ONE,
        status=PollStatus.DRAFT,
        results=ResultsShown.VOTED,
    )
    db.session.add(poll)
    db.session.commit()
    before, gone = kept(poll), remember_absence(poll)
    db.session.delete(poll)
    db.session.commit()

    with transaction():
        put_back(before, gone)

    assert kept(db.session.query(Poll).one()) == before


def test_what_has_gone_since_is_left_out(in_app):
    item = AgendaItemFactory()
    question = QuestionFactory(webinar_id=item.webinar_id, agenda_item_id=item.id)
    before = kept(question)
    question.agenda_item_id = None
    db.session.commit()
    after = kept(question)
    db.session.delete(db.session.get_one(AgendaItem, item.id))
    db.session.commit()

    with transaction():
        put_back(before, after)

    assert db.session.get_one(Question, question.id).agenda_item_id is None


def test_room_without_a_row_has_the_settings_of_one(in_app):
    webinar = WebinarFactory()

    [state] = remember(get_room(webinar.id))

    assert state["slow_seconds"] == 0


def test_entries_from_before_the_log_kept_states_hold_none():
    assert from_text('[{"id": 1, "status": "approved"}]') == []
    assert from_text("") == []
