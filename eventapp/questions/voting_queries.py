"""What a vote reads and writes, in statements that are built once: hundreds come in a second.

They go by tables instead of models, since building a statement, or an object of a row, takes longer
than the database needs for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.questions.models import Question, QuestionStatus
from eventapp.webinars.models import Webinar, WebinarStatus

_questions = Question.metadata.tables[Question.__tablename__]
_webinars = Webinar.metadata.tables[Webinar.__tablename__]
_asked = _questions.alias("asked")

STANDING_ID = (
    sa.select(
        sa.case(
            (_asked.c.status == QuestionStatus.MERGED, _asked.c.merged_into_id), else_=_asked.c.id
        )
    )
    .where(
        _asked.c.id == sa.bindparam("question_id"), _asked.c.webinar_id == sa.bindparam("webinar")
    )
    .scalar_subquery()
)
LOCK_STANDING = (
    sa.select(
        _questions.c.id,
        _questions.c.status,
        _questions.c.merged_into_id,
        _questions.c.votes,
        _questions.c.revision,
        _webinars.c.status.label("webinar_status"),
        _webinars.c.starts_at,
    )
    .join_from(_questions, _webinars, _webinars.c.id == _questions.c.webinar_id)
    .where(_questions.c.id == STANDING_ID)
    .with_for_update(of=_questions)
)
MERGED_INTO = sa.select(_questions.c.status, _questions.c.merged_into_id).where(
    _questions.c.id == sa.bindparam("question_id")
)
COUNT = (
    sa.update(_questions)
    .where(_questions.c.id == sa.bindparam("question_id"))
    .values(votes=_questions.c.votes + sa.bindparam("by"), revision=_questions.c.revision + 1)
    .returning(_questions.c.votes, _questions.c.revision)
)


@dataclass(frozen=True)
class VotedQuestion:
    """The question that a vote counts for, locked, and how its webinar stands (`status`)."""

    id: int
    question_status: QuestionStatus
    merged_into_id: int | None
    votes: int
    revision: int
    status: WebinarStatus
    starts_at: datetime


def lock_voted(question_id: int, *, webinar_id: int) -> VotedQuestion:
    """Return, locked, the question in which this one lives on: most often itself.

    Raises NotFound where there is none. The rules of `merging.get_standing_for_change` hold.
    """
    while True:
        row = db.session.execute(
            LOCK_STANDING, {"question_id": question_id, "webinar": webinar_id}
        ).first()
        if row is None:
            raise NotFound
        voted = VotedQuestion(*row)
        if _lives_on_in(question_id, voted) == voted.id:
            return voted


def change_count(question_id: int, *, by: int) -> tuple[int, int]:
    """Count on from what the row holds, in one statement; return its votes and revision then."""
    votes, revision = db.session.execute(COUNT, {"question_id": question_id, "by": by}).one()
    return votes, revision


def _lives_on_in(question_id: int, voted: VotedQuestion) -> int | None:
    """Ask again under the lock: it may have been merged while that was waited for."""
    if voted.id == question_id:
        status, merged_into_id = voted.question_status, voted.merged_into_id
    else:
        status, merged_into_id = db.session.execute(MERGED_INTO, {"question_id": question_id}).one()
    return merged_into_id if status is QuestionStatus.MERGED else question_id
