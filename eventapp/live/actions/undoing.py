"""Taking back the last act: what it changed is given back, and open pages are told."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import Base, db, record
from eventapp.live.actions.logging import acting
from eventapp.live.actions.polling import tell_of_poll
from eventapp.live.changes import State, from_text, put_back
from eventapp.live.events import ActUndone
from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.live.queries import find_undoable
from eventapp.live.refusals import NothingToUndo, SomethingNewerHappened
from eventapp.polls.models import Poll, PollOption
from eventapp.questions import actions as questions
from eventapp.questions.events import AskerHeard, QuestionRestored
from eventapp.questions.models import Question, QuestionReply, ReplyStatus, Room, SilencedAsker
from eventapp.questions.rules import PUBLIC_STATUSES
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def undo_act(webinar_id: int, *, entry_id: int, actor_id: int, now: datetime) -> None:
    """Take back the last act, which must be `entry_id`: what the moderator read on the button.

    What the audience has changed again since stays as they left it. Records ActUndone, and what
    tells open pages. Refuses: NothingToUndo, SomethingNewerHappened.
    """
    webinar = lock_webinar(webinar_id)
    entry, _name = find_undoable(webinar.id)
    if entry is None:
        raise NothingToUndo
    if entry.id != entry_id:
        raise SomethingNewerHappened
    kind = LogEntryKind.UNDONE
    with acting(webinar, kind, actor_id=actor_id, now=now, undoes_id=entry.id) as act:
        given_back = put_back(from_text(entry.before), from_text(entry.after))
        for row, stood in given_back:
            act.touched.append(row)
            act.before.append(stood)
        _tell(webinar, entry, given_back)
    record(ActUndone(webinar_id=webinar.id, entry_id=entry.id))


def _tell(webinar: Webinar, entry: LogEntry, given_back: list[tuple[Base, State]]) -> None:
    _part_merged(given_back)
    for row, stood in given_back:
        match row:
            case Question():
                _tell_of_question(row, was_public=stood["status"] in PUBLIC_STATUSES)
            case QuestionReply():
                was_public = stood.get("status") == ReplyStatus.PUBLISHED
                shown_under = row.question.merged_into_id or row.question_id
                standing = db.session.get_one(Question, shown_under)
                _tell_of_question(standing, was_public=was_public)
            case SilencedAsker() if entry.question_id is not None:
                questions.touch_questions_of(webinar.id, row.asker_key)
                record(AskerHeard(question_id=entry.question_id, webinar_id=webinar.id))
            case Poll() | PollOption():
                tell_of_poll(row, stood)
    if any(isinstance(row, Room | Webinar) for row, _stood in given_back):
        questions.touch_room(questions.settle_room(webinar.id))


def _tell_of_question(question: Question, *, was_public: bool) -> None:
    question.revision += 1
    db.session.flush()
    record(
        QuestionRestored(
            question_id=question.id, webinar_id=question.webinar_id, was_public=was_public
        )
    )


def _part_merged(given_back: list[tuple[Base, State]]) -> None:
    """Where a merge was undone, give the votes back too."""
    parted = [
        (row, stood["merged_into_id"])
        for row, stood in given_back
        if isinstance(row, Question) and stood["merged_into_id"] not in {None, row.merged_into_id}
    ]
    if parted:
        questions.part_votes([row for row, _into in parted], from_id=parted[0][1])
