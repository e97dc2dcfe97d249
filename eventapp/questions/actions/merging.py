"""Making one question of several that ask the same.

A merged question keeps its votes; copies of them count for the one it lives on in, so that a voter
of both counts once there, and what is parted again has exactly what it had. Locks are taken from
that one to those merged into it, by votes too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from eventapp.core.db import db, record
from eventapp.core.errors import NotFound
from eventapp.questions.actions.inserting import insert_or_nothing
from eventapp.questions.desk_queries import find_standing_for_change, list_merged_into
from eventapp.questions.desk_rules import check_can_merge
from eventapp.questions.events import QuestionMerged, QuestionRestored
from eventapp.questions.models import Question, QuestionStatus, QuestionVote
from eventapp.questions.queries import get_question_for_change
from eventapp.questions.rules import PUBLIC_STATUSES


def list_touched_by_merge(question_id: int, *, into_id: int, webinar_id: int) -> list[Question]:
    """Return, locked, the question that takes in the others, the merged one, and those in that."""
    into = get_standing_for_change(into_id, webinar_id=webinar_id)
    question = get_question_for_change(question_id, webinar_id=webinar_id)
    return [into, question, *list_merged_into(question.id)]


def merge_question(question_id: int, *, into_id: int, webinar_id: int) -> Question:
    """Let a question live on in another one, which gets its votes; return that one.

    Merged into one that is merged itself, it goes where that went; those merged into it come along.
    Records QuestionMerged. Refuses: QuestionIsElsewhere, QuestionIsTheSame, QuestionIsOnAir,
    QuestionTakesNoOthers.
    """
    into, question, *others = list_touched_by_merge(
        question_id, into_id=into_id, webinar_id=webinar_id
    )
    check_can_merge(question, into)
    was_public = question.status in PUBLIC_STATUSES
    question.status = QuestionStatus.MERGED
    for moved in (question, *others):
        moved.merged_into_id = into.id
        moved.revision += 1
    db.session.flush()
    _unite(into)
    for moved in (question, *others):
        record(
            QuestionMerged(
                question_id=moved.id,
                into_id=into.id,
                webinar_id=webinar_id,
                was_public=was_public and moved is question,
            )
        )
    return into


def part_votes(parted: Sequence[Question], *, from_id: int) -> Question:
    """Give back the votes of questions that no longer live on in `from_id`; return that one.

    A vote given for one of them meanwhile goes with it, one given for the other stays there.
    Records QuestionRestored for the one they were parted from.
    """
    whole = db.session.get_one(Question, from_id, populate_existing=True, with_for_update=True)
    db.session.execute(
        sa.delete(QuestionVote)
        .where(
            QuestionVote.question_id == whole.id,
            QuestionVote.merged_from_id.in_([question.id for question in parted]),
        )
        .execution_options(synchronize_session=False)
    )
    standing = {whole.id: whole} | {q.id: q for q in parted if q.merged_into_id is None}
    for question in standing.values():
        _unite(question)
    record(
        QuestionRestored(
            question_id=whole.id,
            webinar_id=whole.webinar_id,
            was_public=whole.status in PUBLIC_STATUSES,
        )
    )
    return whole


def get_standing_for_change(question_id: int, *, webinar_id: int) -> Question:
    """Return, locked, the question in which this one lives on: most often itself.

    Raises NotFound where there is none. Only one is locked at a time, so that votes wait for no
    other lock. Whoever merges holds the lock of the one that takes in the others, so what is true
    under it stays true.
    """
    while True:
        standing = find_standing_for_change(question_id, webinar_id=webinar_id)
        if standing is None:
            raise NotFound
        asked = standing if standing.id == question_id else _read_again(question_id)
        if _standing_id(asked) == standing.id:
            return standing


def keep_vote_in_merged(question_id: int, vote: Mapping[str, Any]) -> None:
    """Count a vote also where it was given, so that it stays there when the two are parted."""
    kept = {**vote, "question_id": question_id}
    if insert_or_nothing(QuestionVote, kept, returning=QuestionVote.question_id) is not None:
        _recount([question_id])


def forget_votes_in_merged(standing_id: int, *, voter_key: str) -> None:
    """Take a vote that is taken back also from the questions that live on in this one."""
    merged = sa.select(Question.id).where(Question.merged_into_id == standing_id)
    forgotten = db.session.scalars(
        sa.delete(QuestionVote)
        .where(QuestionVote.question_id.in_(merged), QuestionVote.voter_key == voter_key)
        .returning(QuestionVote.question_id)
        .execution_options(synchronize_session=False)
    ).all()
    _recount(forgotten)


def _standing_id(question: Question) -> int:
    is_merged = question.status is QuestionStatus.MERGED
    return question.merged_into_id or question.id if is_merged else question.id


def _read_again(question_id: int) -> Question:
    return db.session.get_one(Question, question_id, populate_existing=True)


def _unite(standing: Question) -> None:
    """Count in `standing` every vote of those that live on in it, each voter once."""
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    columns = ["question_id", "voter_key", "voted_at", "merged_from_id"]
    given = (
        sa.select(
            sa.literal(standing.id),
            QuestionVote.voter_key,
            QuestionVote.voted_at,
            QuestionVote.question_id,
        )
        .join(Question, Question.id == QuestionVote.question_id)
        .where(Question.merged_into_id == standing.id)
        .order_by(QuestionVote.voted_at)
    )
    db.session.execute(insert(QuestionVote).from_select(columns, given).on_conflict_do_nothing())
    _recount([standing.id])
    db.session.refresh(standing)


def _recount(question_ids: Iterable[int]) -> None:
    votes = (
        sa.select(sa.func.count()).where(QuestionVote.question_id == Question.id).scalar_subquery()
    )
    db.session.execute(
        sa.update(Question)
        .where(Question.id.in_(list(question_ids)))
        .values(votes=votes, revision=Question.revision + 1)
        .execution_options(synchronize_session=False)
    )
