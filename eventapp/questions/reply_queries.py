"""Reading what is written under questions, and who asked them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from eventapp.core.db import count_rows, db
from eventapp.core.errors import NotFound
from eventapp.questions.models import Question, QuestionReply, ReplyKind, ReplyStatus
from eventapp.questions.rules import PUBLIC_STATUSES

# In which question another lives on: in itself unless it was merged.
STANDING_ID = sa.func.coalesce(Question.merged_into_id, Question.id)


def get_reply(reply_id: int, *, webinar_id: int) -> QuestionReply:
    """Return a reply of this webinar; another webinar's is not found."""
    return _found(_of_webinar(reply_id, webinar_id=webinar_id))


def get_reply_for_change(reply_id: int, *, webinar_id: int) -> QuestionReply:
    """The same, locked until the end of the transaction and as it is at this moment."""
    return _found(
        _of_webinar(reply_id, webinar_id=webinar_id)
        .with_for_update(of=QuestionReply)
        .execution_options(populate_existing=True)
    )


def find_reply_by_submission(question_id: int, submission_key: str) -> QuestionReply | None:
    return db.session.scalar(
        sa.select(QuestionReply).where(
            QuestionReply.question_id == question_id,
            QuestionReply.submission_key == submission_key,
        )
    )


def count_pending_replies_of(webinar_id: int, *, asker: str) -> int:
    """How many follow-ups of `asker` wait for a moderator."""
    return count_rows(
        sa.select(QuestionReply.id)
        .join(QuestionReply.question)
        .where(
            Question.webinar_id == webinar_id,
            QuestionReply.kind == ReplyKind.FOLLOW_UP,
            QuestionReply.status == ReplyStatus.PENDING,
            QuestionReply.asker_key == asker,
        )
    )


def find_question_asked_by(asker: str, *, question_id: int) -> Question | None:
    """Return what `asker` asked: this question, or the first one merged into it; None for neither.

    Merged questions all live on in the same one, never in another merged one.
    """
    is_asked = sa.or_(Question.id == question_id, Question.merged_into_id == question_id)
    return db.session.scalar(
        sa.select(Question)
        .where(is_asked, Question.asker_key == asker)
        .order_by(sa.desc(Question.id == question_id), Question.id)
        .limit(1)
    )


def list_answers_after(
    webinar_id: int, *, after_id: int, at_most: int
) -> list[tuple[QuestionReply, int]]:
    """Return the next published answers after the id given, and what question shows each.

    An answer under a question that was merged is shown under the one in which that lives on.
    """
    standing = aliased(Question)
    found = db.session.execute(
        sa.select(QuestionReply, standing.id)
        .join(QuestionReply.question)
        .join(standing, standing.id == STANDING_ID)
        .where(
            Question.webinar_id == webinar_id,
            standing.status.in_(PUBLIC_STATUSES),
            QuestionReply.kind == ReplyKind.ANSWER,
            QuestionReply.status == ReplyStatus.PUBLISHED,
            QuestionReply.id > after_id,
        )
        .order_by(QuestionReply.id)
        .limit(at_most)
    )
    return [(answer, standing_id) for answer, standing_id in found]


def list_replies_by(asker: str) -> list[QuestionReply]:
    """What one identity wrote under questions, whatever became of it."""
    return list(
        db.session.scalars(
            sa.select(QuestionReply)
            .where(QuestionReply.asker_key == asker)
            .order_by(QuestionReply.written_at, QuestionReply.id)
            .options(joinedload(QuestionReply.question))
        )
    )


def _of_webinar(reply_id: int, *, webinar_id: int) -> sa.Select[QuestionReply]:
    return (
        sa.select(QuestionReply)
        .join(QuestionReply.question)
        .where(QuestionReply.id == reply_id, Question.webinar_id == webinar_id)
    )


def _found(statement: sa.Select[QuestionReply]) -> QuestionReply:
    reply = db.session.scalar(statement)
    if reply is None:
        raise NotFound
    return reply
