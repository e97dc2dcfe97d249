"""Asking, voting and moving a question; each ends in an event that open pages hear of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from eventapp.core.db import Base, db, record
from eventapp.questions.events import (
    QuestionAnswered,
    QuestionApproved,
    QuestionAsked,
    QuestionDismissed,
    QuestionPutOnAir,
    QuestionRestored,
    VoteCounted,
)
from eventapp.questions.models import Question, QuestionStatus, QuestionVote
from eventapp.questions.queries import (
    count_pending_of,
    find_question_by_submission,
    get_question,
    get_question_for_change,
    list_on_air_for_change,
)
from eventapp.questions.rules import (
    LONGEST_NAME,
    PUBLIC_STATUSES,
    check_can_ask,
    check_can_vote,
    check_pending,
    check_text,
    check_transition,
    first_status,
    tidy_text,
)
from eventapp.webinars.models import Webinar


@dataclass(frozen=True, kw_only=True)
class Asker:
    """Under which identity someone asks and votes; `registration_id` is None for a guest."""

    key: str
    registration_id: int | None = None


def ask_question(
    webinar: Webinar,
    *,
    text: str,
    author_name: str,
    asker: Asker,
    submission_key: str,
    now: datetime,
) -> Question:
    """Put a question; it waits for a moderator where the webinar has them. Records QuestionAsked.

    Sent twice with one `submission_key` it stays one: the second call returns the first's.
    Refuses: AskingIsNotOpen, AskingIsOver, QuestionIsEmpty, QuestionIsTooLong, TooManyWait.
    """
    check_can_ask(webinar, now=now)
    tidied = tidy_text(text)
    check_text(tidied)
    own_key = f"{asker.key}/{submission_key}"
    question_id = _insert_or_nothing(
        Question,
        {
            "webinar_id": webinar.id,
            "registration_id": asker.registration_id,
            "asker_key": asker.key,
            "submission_key": own_key,
            "author_name": tidy_text(author_name)[:LONGEST_NAME],
            "text": tidied,
            "status": first_status(webinar),
            "asked_at": now,
        },
        returning=Question.id,
    )
    if question_id is not None:
        check_pending(count_pending_of(webinar.id, asker=asker.key))
        record(QuestionAsked(question_id=question_id, webinar_id=webinar.id))
        return get_question(question_id, webinar_id=webinar.id)
    asked_before = find_question_by_submission(webinar.id, own_key)
    if asked_before is None:
        message = "a question was neither written nor there"
        raise RuntimeError(message)
    return asked_before


def vote_for_question(
    question_id: int, *, webinar: Webinar, voter: Asker, now: datetime
) -> Question:
    """Count one vote of this identity; a second one changes nothing. Records VoteCounted.

    Refuses: AskingIsNotOpen, AskingIsOver, QuestionTakesNoVotes.
    """
    question = get_question_for_change(question_id, webinar_id=webinar.id)
    check_can_vote(webinar, question, now=now)
    vote = {"question_id": question.id, "voter_key": voter.key, "voted_at": now}
    if _insert_or_nothing(QuestionVote, vote, returning=QuestionVote.question_id) is not None:
        _count_vote(question, by=1)
    return question


def take_back_vote(question_id: int, *, webinar: Webinar, voter: Asker, now: datetime) -> Question:
    """Take this identity's vote back, if there is one. Records VoteCounted.

    Refuses: AskingIsNotOpen, AskingIsOver, QuestionTakesNoVotes.
    """
    question = get_question_for_change(question_id, webinar_id=webinar.id)
    check_can_vote(webinar, question, now=now)
    taken = db.session.execute(
        sa.delete(QuestionVote)
        .where(QuestionVote.question_id == question.id, QuestionVote.voter_key == voter.key)
        .returning(QuestionVote.question_id)
    ).all()
    if taken:
        _count_vote(question, by=-1)
    return question


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


def _count_vote(question: Question, *, by: int) -> None:
    """Change the count in the transaction of the vote's row; the question is locked.

    One UPDATE counts on from what the row holds and says what it holds then.
    """
    votes, revision = db.session.execute(
        sa.update(Question)
        .where(Question.id == question.id)
        .values(votes=Question.votes + by, revision=Question.revision + 1)
        .returning(Question.votes, Question.revision)
        .execution_options(synchronize_session=False)
    ).one()
    db.session.refresh(question)
    record(
        VoteCounted(
            question_id=question.id,
            webinar_id=question.webinar_id,
            votes=votes,
            revision=revision,
        )
    )


def _insert_or_nothing(
    model: type[Base], values: Mapping[str, Any], *, returning: InstrumentedAttribute[int]
) -> int | None:
    """Insert a row unless a unique constraint has it already; return `returning`, or None."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return db.session.scalar(
        insert(model).values(**values).on_conflict_do_nothing().returning(returning)
    )
