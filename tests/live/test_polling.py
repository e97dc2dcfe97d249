"""Polls at the desk: opened, closed, deleted and undone under the webinar's lock, with the log."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.errors import Refusal
from eventapp.live import actions
from eventapp.live.models import LogEntryKind
from eventapp.live.queries import list_log
from eventapp.live.refusals import WebinarIsNotLive
from eventapp.polls.models import Poll, PollKind, PollOption, PollStatus, ResultsShown
from eventapp.polls.queries import list_options, list_polls
from eventapp.polls.refusals import (
    PollHasVotes,
    PollIsElsewhere,
    PollIsRunning,
    PollWasOpened,
    WordIsElsewhere,
)
from eventapp.webinars.models import WebinarStatus
from tests.factories import START, PollFactory, UserFactory, WebinarFactory

NOW = START + timedelta(minutes=5)
CONTENT = {
    "text": "Which of these?",
    "kind": PollKind.ONE,
    "options": ["Red", "Blue"],
    "results": ResultsShown.ALWAYS,
}

pytestmark = pytest.mark.every_engine


@pytest.fixture
def live(in_app):
    return WebinarFactory(status=WebinarStatus.LIVE, went_live_at=START).id


@pytest.fixture
def actor(in_app):
    return UserFactory().id


@pytest.fixture
def act(live, actor):
    def call(change: Callable[..., Any], *ids: int) -> None:
        with transaction():
            change(*ids, webinar_id=live, actor_id=actor, now=NOW)

    return call


def undo_last(webinar_id: int, actor_id: int) -> None:
    entry = list_log(webinar_id)[-1].id
    with transaction():
        actions.undo_act(webinar_id, entry_id=entry, actor_id=actor_id, now=NOW)


def statuses(webinar_id: int) -> list[PollStatus]:
    db.session.rollback()
    return [poll.status for poll in list_polls(webinar_id)]


def texts_of(poll_id: int) -> list[str]:
    return [option.text for option in list_options(poll_id)]


def kinds(webinar_id: int) -> list[LogEntryKind]:
    return [entry.kind for entry in list_log(webinar_id)]


def draft(webinar_id: int, **values: Any) -> int:
    return PollFactory(webinar_id=webinar_id, status=PollStatus.DRAFT, opened_at=None, **values).id


def test_opening_a_poll_closes_the_one_that_is_open(live, act):
    first, second = draft(live), draft(live)
    act(actions.open_poll, first)

    act(actions.open_poll, second)

    assert statuses(live) == [PollStatus.CLOSED, PollStatus.OPEN]
    assert kinds(live) == [LogEntryKind.POLL_OPENED, LogEntryKind.POLL_OPENED]


def test_undone_opening_gives_back_the_poll_before(live, act, actor):
    first, second = draft(live), draft(live)
    act(actions.open_poll, first)
    act(actions.open_poll, second)

    undo_last(live, actor)

    assert statuses(live) == [PollStatus.OPEN, PollStatus.DRAFT]


def test_poll_opens_while_the_webinar_is_live_alone(in_app, actor):
    webinar = WebinarFactory()
    poll_id = draft(webinar.id)

    with pytest.raises(WebinarIsNotLive), transaction():
        actions.open_poll(poll_id, webinar_id=webinar.id, actor_id=actor, now=NOW)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (actions.open_poll, PollStatus.OPEN),
        (actions.close_poll, PollStatus.CLOSED),
        (actions.close_poll, PollStatus.DRAFT),
    ],
)
def test_whoever_is_second_is_told_how_the_poll_stands(live, act, change, status):
    poll = PollFactory(webinar_id=live, status=status)

    with pytest.raises(PollIsElsewhere) as refused:
        act(change, poll.id)

    assert refused.value.status is status
    assert list_log(live) == []


def test_end_of_the_webinar_closes_the_poll_that_is_open(live, actor):
    PollFactory(webinar_id=live)

    with transaction():
        actions.finish_webinar(live, actor_id=actor, now=NOW)

    assert statuses(live) == [PollStatus.CLOSED]
    assert kinds(live) == [LogEntryKind.POLL_CLOSED, LogEntryKind.WEBINAR_ENDED]


def test_deleted_poll_comes_back_with_its_options(live, act, actor):
    poll_id = draft(live, options=["Red", "Blue", "Green"])
    act(actions.delete_poll, poll_id)
    gone = list_polls(live)

    undo_last(live, actor)

    assert gone == []
    assert [poll.text for poll in list_polls(live)] == ["Which of these?"]
    assert texts_of(poll_id) == ["Red", "Blue", "Green"]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"status": PollStatus.OPEN}, PollIsRunning),
        ({"status": PollStatus.CLOSED, "voters": 1}, PollHasVotes),
    ],
)
def test_poll_with_answers_or_open_is_not_deleted(live, act, values, refusal):
    poll = PollFactory(webinar_id=live, **values)

    with pytest.raises(refusal):
        act(actions.delete_poll, poll.id)


def test_written_poll_is_in_the_log_and_its_undoing_takes_it_away(live, actor):
    with transaction():
        poll = actions.write_poll(live, actor_id=actor, now=NOW, **CONTENT)
    written = texts_of(poll.id)

    undo_last(live, actor)

    assert written == ["Red", "Blue"]
    assert list_polls(live) == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PollOption)) == 0
    assert kinds(live) == [LogEntryKind.POLL_WRITTEN, LogEntryKind.UNDONE]


def test_changed_poll_is_given_back_as_it_was(live, actor):
    poll_id = draft(live)
    changed = CONTENT | {"text": "And now?", "options": ["Blue", "Green"]}
    with transaction():
        actions.edit_poll(poll_id, webinar_id=live, actor_id=actor, now=NOW, **changed)
    after = texts_of(poll_id)

    undo_last(live, actor)

    assert after == ["Blue", "Green"]
    assert [poll.text for poll in list_polls(live)] == ["Which of these?"]
    assert texts_of(poll_id) == ["Red", "Blue"]


@pytest.mark.parametrize("status", [PollStatus.OPEN, PollStatus.CLOSED])
def test_poll_stays_as_people_have_read_it(live, actor, status):
    poll_id = PollFactory(webinar_id=live, status=status).id

    with pytest.raises(PollWasOpened), transaction():
        actions.edit_poll(poll_id, webinar_id=live, actor_id=actor, now=NOW, **CONTENT)


def test_hidden_word_is_shown_again_by_an_undo(live, act, actor):
    poll = PollFactory(webinar_id=live, kind=PollKind.WORDS, options=["Trust"])
    [word] = list_options(poll.id)
    act(actions.hide_word, poll.id, word.id)
    was_hidden = list_options(poll.id)[0].is_hidden

    with pytest.raises(WordIsElsewhere):
        act(actions.hide_word, poll.id, word.id)
    undo_last(live, actor)

    assert (was_hidden, list_options(poll.id)[0].is_hidden) == (True, False)
    assert list_log(live)[0].title == "Trust"


def test_polls_are_moved_and_put_in_order(live, actor):
    first, second, third = (draft(live, position=place) for place in range(3))

    with transaction():
        actions.move_poll(third, webinar_id=live, by=-1, actor_id=actor, now=NOW)
    moved = [poll.id for poll in list_polls(live)]
    with transaction():
        actions.reorder_polls(live, poll_ids=[second, first, third], actor_id=actor, now=NOW)

    assert moved == [first, third, second]
    assert [poll.id for poll in list_polls(live)] == [second, first, third]


def test_two_moderators_who_open_different_polls_at_once_have_one_open(in_app, live, actor):
    polls = [draft(live) for _number in range(4)]
    db.session.rollback()

    def call(change: Callable[[], None]) -> None:
        with in_app.app_context():
            try:
                with transaction():
                    change()
            except Refusal:
                return

    changes = [
        partial(actions.open_poll, poll_id, webinar_id=live, actor_id=actor, now=NOW)
        for poll_id in polls * 2
    ]
    threads = [threading.Thread(target=call, args=(change,)) for change in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    db.session.rollback()
    is_open = sa.select(sa.func.count()).where(Poll.status == PollStatus.OPEN)
    assert db.session.scalar(is_open) == 1
    numbers = [entry.number for entry in list_log(live)]
    assert numbers == list(range(1, len(numbers) + 1))
