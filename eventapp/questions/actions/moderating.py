"""Moving a question; each move ends in an event that open pages hear of."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import db, record
from eventapp.questions.events import (
    QuestionAnswered,
    QuestionApproved,
    QuestionDismissed,
    QuestionPutOnAir,
    QuestionRestored,
)
from eventapp.questions.models import Question, QuestionStatus
from eventapp.questions.queries import get_question_for_change, list_on_air_for_change
from eventapp.questions.rules import PUBLIC_STATUSES, check_transition


def approve_question(question_id: int, *, webinar_id: int) -> Question:
    """Publish a question. Records QuestionApproved. Refuses: QuestionIsElsewhere."""
    question = get_question_for_change(question_id, webinar_id=webinar_id)
    check_transition(question.status, QuestionStatus.APPROVED)
    _move(question, QuestionStatus.APPROVED)
    record(QuestionApproved(question_id=question.id, webinar_id=webinar_id))
    return question


def dismiss_question(question_id: int, *, webinar_id: int) -> Question:
    """Set a question aside. Records QuestionDismissed. Refuses: QuestionIsElsewhere."""
    question = get_question_for_change(question_id, webinar_id=webinar_id)
    check_transition(question.status, QuestionStatus.DISMISSED)
    was_public = question.status in PUBLIC_STATUSES
    _move(question, QuestionStatus.DISMISSED)
    record(QuestionDismissed(question_id=question.id, webinar_id=webinar_id, was_public=was_public))
    return question


def put_on_air(question_id: int, *, webinar_id: int, now: datetime) -> list[Question]:
    """Put a question on air; the one before it counts as answered. Returns the moved, it first.

    Records QuestionPutOnAir and QuestionAnswered. Refuses: QuestionIsElsewhere.
    """
    before = [q for q in list_on_air_for_change(webinar_id) if q.id != question_id]
    question = get_question_for_change(question_id, webinar_id=webinar_id)
    check_transition(question.status, QuestionStatus.ON_AIR)
    for previous in before:
        _answer(previous, now=now)
    _move(question, QuestionStatus.ON_AIR)
    question.on_air_at = now
    question.answered_at = None
    db.session.flush()
    record(QuestionPutOnAir(question_id=question.id, webinar_id=webinar_id))
    return [question, *before]


def mark_answered(question_id: int, *, webinar_id: int, now: datetime) -> Question:
    """Mark a question as answered. Records QuestionAnswered. Refuses: QuestionIsElsewhere."""
    question = get_question_for_change(question_id, webinar_id=webinar_id)
    check_transition(question.status, QuestionStatus.ANSWERED)
    _answer(question, now=now)
    return question


def restore_question(question_id: int, *, webinar_id: int) -> Question:
    """Put a question back among the published: off the air, or wanted after all.

    Records QuestionRestored. Refuses: QuestionIsElsewhere.
    """
    question = get_question_for_change(question_id, webinar_id=webinar_id)
    check_transition(question.status, QuestionStatus.APPROVED)
    _put_back(question, QuestionStatus.APPROVED, on_air_at=None, answered_at=None)
    return question


def put_back(
    question_id: int,
    *,
    webinar_id: int,
    status: QuestionStatus,
    on_air_at: datetime | None,
    answered_at: datetime | None,
) -> Question:
    """Give a question the state it had before an undone act. Records QuestionRestored."""
    question = get_question_for_change(question_id, webinar_id=webinar_id)
    _put_back(question, status, on_air_at=on_air_at, answered_at=answered_at)
    return question


def _put_back(
    question: Question,
    status: QuestionStatus,
    *,
    on_air_at: datetime | None,
    answered_at: datetime | None,
) -> None:
    was_public = question.status in PUBLIC_STATUSES
    question.on_air_at = on_air_at
    question.answered_at = answered_at
    _move(question, status)
    record(
        QuestionRestored(
            question_id=question.id, webinar_id=question.webinar_id, was_public=was_public
        )
    )


def _answer(question: Question, *, now: datetime) -> None:
    question.answered_at = now
    _move(question, QuestionStatus.ANSWERED)
    record(QuestionAnswered(question_id=question.id, webinar_id=question.webinar_id))


def _move(question: Question, to: QuestionStatus) -> None:
    question.status = to
    question.revision += 1
    db.session.flush()
