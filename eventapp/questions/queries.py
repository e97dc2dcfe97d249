"""Reading questions."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.core.db import count_rows, db
from eventapp.core.errors import NotFound
from eventapp.questions.models import (
    Question,
    QuestionReply,
    QuestionStatus,
    QuestionVote,
    ReplyKind,
    ReplyStatus,
    Room,
    SilencedAsker,
)
from eventapp.questions.rules import PUBLIC_STATUSES, VOTED_STATUSES
from eventapp.questions.similar import MOST_COMPARED, AskedText

UNANSWERED = (QuestionStatus.PENDING, QuestionStatus.APPROVED, QuestionStatus.ON_AIR)


def get_question(question_id: int, *, webinar_id: int) -> Question:
    """Return a question of this webinar; another webinar's is not found."""
    return _found(_of_webinar(question_id, webinar_id=webinar_id))


def get_question_for_change(question_id: int, *, webinar_id: int) -> Question:
    """The same, locked until the end of the transaction and as it is at this moment."""
    return _found(
        _of_webinar(question_id, webinar_id=webinar_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def get_room(webinar_id: int) -> Room:
    """Return how the webinar's room takes questions; as it is at first, without a row, if unset."""
    room = db.session.get(Room, webinar_id)
    return room or Room(
        webinar_id=webinar_id,
        is_open_early=False,
        shows_names_to_desk=False,
        is_closed=False,
        slow_seconds=0,
        blocked_words="",
        stage_secret="",
        revision=0,
    )


def list_public_questions(webinar_id: int) -> list[Question]:
    """What the audience may see, most wanted first."""
    return list_questions_seen_by(webinar_id, viewer="")


def list_questions_seen_by(webinar_id: int, *, viewer: str) -> list[Question]:
    """What the audience may see, and the viewer's own questions whatever became of them."""
    is_seen = sa.or_(Question.status.in_(PUBLIC_STATUSES), Question.asker_key == viewer)
    return list(
        db.session.scalars(
            sa.select(Question)
            .where(Question.webinar_id == webinar_id, is_seen)
            .order_by(Question.votes.desc(), Question.asked_at, Question.id)
            .options(joinedload(Question.agenda_item))
        )
    )


def list_questions_asked_by(webinar_id: int, *, asker: str) -> list[Question]:
    """The asker's own questions, whatever became of them.

    What they withdrew is gone, and for one that was merged stands the one it lives on in.
    """
    own = sa.and_(Question.webinar_id == webinar_id, Question.asker_key == asker)
    gone = (QuestionStatus.WITHDRAWN, QuestionStatus.MERGED)
    merged_into = sa.select(Question.merged_into_id).where(
        own, Question.status == QuestionStatus.MERGED
    )
    return list(
        db.session.scalars(
            sa.select(Question)
            .where(
                Question.webinar_id == webinar_id,
                sa.or_(
                    sa.and_(Question.asker_key == asker, Question.status.not_in(gone)),
                    sa.and_(Question.id.in_(merged_into), Question.status.in_(PUBLIC_STATUSES)),
                ),
            )
            .order_by(Question.votes.desc(), Question.asked_at, Question.id)
            .options(joinedload(Question.agenda_item))
        )
    )


def list_answered_questions(webinar_id: int) -> list[Question]:
    """Answered questions in the order in which they were taken."""
    return list(
        db.session.scalars(
            sa.select(Question)
            .where(Question.webinar_id == webinar_id, Question.status == QuestionStatus.ANSWERED)
            .order_by(Question.on_air_at, Question.answered_at, Question.id)
        )
    )


def list_on_air_for_change(webinar_id: int) -> list[Question]:
    """What is on air (one question, or none), locked."""
    return list(
        db.session.scalars(
            sa.select(Question)
            .where(Question.webinar_id == webinar_id, Question.status == QuestionStatus.ON_AIR)
            .order_by(Question.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def find_question_by_submission(webinar_id: int, submission_key: str) -> Question | None:
    return db.session.scalar(
        sa.select(Question).where(
            Question.webinar_id == webinar_id, Question.submission_key == submission_key
        )
    )


def count_pending_of(webinar_id: int, *, asker: str) -> int:
    """How many questions of `asker` wait for a moderator."""
    return count_rows(
        sa.select(Question).where(
            Question.webinar_id == webinar_id,
            Question.status == QuestionStatus.PENDING,
            Question.asker_key == asker,
        )
    )


def get_own_question(question_id: int, *, webinar_id: int, asker: str) -> Question:
    """Return a question that `asker` asked; another's is not found."""
    question = get_question(question_id, webinar_id=webinar_id)
    if question.asker_key != asker:
        raise NotFound
    return question


def list_asked_texts(webinar_id: int) -> list[AskedText]:
    """What can be voted for, most wanted first: no more than can be compared in a moment."""
    rows = db.session.execute(
        sa.select(Question.id, Question.text, Question.votes)
        .where(Question.webinar_id == webinar_id, Question.status.in_(VOTED_STATUSES))
        .order_by(Question.votes.desc(), Question.id.desc())
        .limit(MOST_COMPARED)
    )
    return [AskedText(id=row.id, text=row.text, votes=row.votes) for row in rows]


def find_last_asked_at(webinar_id: int, *, asker: str) -> datetime | None:
    """When `asker` last asked here, whatever became of it."""
    return db.session.scalar(
        sa.select(sa.func.max(Question.asked_at)).where(
            Question.webinar_id == webinar_id, Question.asker_key == asker
        )
    )


def is_silenced(webinar_id: int, *, asker: str) -> bool:
    return db.session.get(SilencedAsker, (webinar_id, asker)) is not None


def count_votes_of_others(question_id: int, *, asker: str) -> int:
    """How many others than `asker` want to hear this."""
    return count_rows(
        sa.select(QuestionVote).where(
            QuestionVote.question_id == question_id, QuestionVote.voter_key != asker
        )
    )


def count_merged_into(question_id: int) -> int:
    """How many questions live on in this one."""
    return count_rows(sa.select(Question).where(Question.merged_into_id == question_id))


def list_questions_for_speaker(webinar_id: int, *, speaker_id: int) -> list[Question]:
    """What the room may see and moderators have assigned to a speaker: what is on air, then votes.

    What was answered comes last.
    """
    order = sa.case(
        (Question.status == QuestionStatus.ON_AIR, 0),
        (Question.status == QuestionStatus.APPROVED, 1),
        else_=2,
    )
    return list(
        db.session.scalars(
            sa.select(Question)
            .where(
                Question.webinar_id == webinar_id,
                Question.speaker_id == speaker_id,
                Question.status.in_(PUBLIC_STATUSES),
            )
            .order_by(order, Question.votes.desc(), Question.asked_at, Question.id)
        )
    )


def list_public_replies(
    webinar_id: int, *, question_id: int | None = None
) -> dict[int, list[QuestionReply]]:
    """What everyone may read under the questions, or under one, by question, in order.

    What was written under a question before it was merged stands under the one it lives on in.
    """
    standing_id = sa.func.coalesce(Question.merged_into_id, Question.id)
    chosen = (
        sa.select(standing_id, QuestionReply)
        .join(Question, Question.id == QuestionReply.question_id)
        .where(Question.webinar_id == webinar_id, QuestionReply.status == ReplyStatus.PUBLISHED)
        .order_by(QuestionReply.written_at, QuestionReply.id)
    )
    if question_id is not None:
        chosen = chosen.where(standing_id == question_id)
    found: dict[int, list[QuestionReply]] = {}
    for shown_under, reply in db.session.execute(chosen):
        found.setdefault(shown_under, []).append(reply)
    return found


def list_questions_with_speakers(webinar_id: int) -> list[Question]:
    """Every public question with who was to answer it, most wanted first."""
    return list(
        db.session.scalars(
            sa.select(Question)
            .where(Question.webinar_id == webinar_id, Question.status.in_(PUBLIC_STATUSES))
            .order_by(Question.votes.desc(), Question.asked_at, Question.id)
            .options(joinedload(Question.speaker))
        )
    )


def list_answered_in_writing(webinar_id: int) -> list[tuple[Question, list[QuestionReply]]]:
    """The public questions with a published answer, first answered first, with all replies."""
    replies = list_public_replies(webinar_id)
    answered = [
        question_id
        for question_id, written in replies.items()
        if any(reply.kind is ReplyKind.ANSWER for reply in written)
    ]
    questions = db.session.scalars(
        sa.select(Question).where(Question.id.in_(answered), Question.status.in_(PUBLIC_STATUSES))
    )
    found = {question.id: question for question in questions}
    return [(found[number], replies[number]) for number in answered if number in found]


def list_unanswered(webinar_id: int) -> list[Question]:
    """What waits or is public and has no answer, neither on air nor in writing; most wanted first.

    What others were merged into counts as one.
    """
    answers = (
        sa.select(QuestionReply.question_id)
        .join(Question, Question.id == QuestionReply.question_id)
        .where(
            Question.webinar_id == webinar_id,
            QuestionReply.kind == ReplyKind.ANSWER,
            QuestionReply.status == ReplyStatus.PUBLISHED,
        )
    )
    return list(
        db.session.scalars(
            sa.select(Question)
            .where(
                Question.webinar_id == webinar_id,
                Question.status.in_(UNANSWERED),
                Question.id.not_in(answers),
            )
            .order_by(Question.votes.desc(), Question.asked_at, Question.id)
        )
    )


def list_voted_ids(webinar_id: int, *, voter: str) -> set[int]:
    """The ids of this webinar's questions that `voter` voted for."""
    return set(
        db.session.scalars(
            sa.select(QuestionVote.question_id)
            .join(Question, Question.id == QuestionVote.question_id)
            .where(Question.webinar_id == webinar_id, QuestionVote.voter_key == voter)
        )
    )


def list_questions_of(registration_id: int) -> list[Question]:
    """All that an attendee asked, whatever became of it."""
    return list(
        db.session.scalars(
            sa.select(Question)
            .where(Question.registration_id == registration_id)
            .order_by(Question.asked_at, Question.id)
        )
    )


def list_votes_of(voter: str) -> list[tuple[Question, QuestionVote]]:
    """What `voter` voted for, and when."""
    rows = db.session.execute(
        sa.select(Question, QuestionVote)
        .join(QuestionVote, QuestionVote.question_id == Question.id)
        .where(QuestionVote.voter_key == voter)
        .order_by(QuestionVote.voted_at, Question.id)
    )
    return [(question, vote) for question, vote in rows]


def _of_webinar(question_id: int, *, webinar_id: int) -> sa.Select[Question]:
    return sa.select(Question).where(Question.id == question_id, Question.webinar_id == webinar_id)


def _found(statement: sa.Select[Question]) -> Question:
    question = db.session.scalar(statement)
    if question is None:
        raise NotFound
    return question
