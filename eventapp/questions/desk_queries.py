"""What the desk reads of questions beside the rows themselves."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.core.db import db
from eventapp.questions.models import Question, QuestionReply, QuestionStatus, SilencedAsker
from eventapp.questions.personal_data import ERASED, NOT_SAID
from eventapp.questions.reply_queries import STANDING_ID
from eventapp.webinars.models import AgendaItem, AgendaItemSpeaker, WebinarSpeaker


def speaks_in(webinar_id: int, speaker_id: int) -> bool:
    """Whether a speaker appears in the webinar, in a part of its agenda or otherwise."""
    appears = sa.select(WebinarSpeaker.speaker_id).where(WebinarSpeaker.webinar_id == webinar_id)
    speaks = (
        sa.select(AgendaItemSpeaker.speaker_id)
        .join(AgendaItem, AgendaItem.id == AgendaItemSpeaker.agenda_item_id)
        .where(AgendaItem.webinar_id == webinar_id)
    )
    is_one = sa.or_(sa.literal(speaker_id).in_(appears), sa.literal(speaker_id).in_(speaks))
    return bool(db.session.scalar(sa.select(is_one)))


def list_questions_for_desk(webinar_id: int) -> list[Question]:
    """Every question, also the pending, with the part and the speaker it is meant for."""
    return list(
        db.session.scalars(
            sa.select(Question)
            .where(Question.webinar_id == webinar_id)
            .order_by(Question.votes.desc(), Question.asked_at, Question.id)
            .options(joinedload(Question.agenda_item), joinedload(Question.speaker))
        )
    )


def find_standing_for_change(question_id: int, *, webinar_id: int) -> Question | None:
    """Return, locked, the question in which this one lived on when the statement began."""
    is_merged = Question.status == QuestionStatus.MERGED
    standing_id = (
        sa.select(sa.case((is_merged, Question.merged_into_id), else_=Question.id))
        .where(Question.id == question_id, Question.webinar_id == webinar_id)
        .scalar_subquery()
    )
    return db.session.scalar(
        sa.select(Question)
        .where(Question.id == standing_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def list_merged_into(question_id: int) -> list[Question]:
    """Return the questions that live on in this one, locked."""
    return list(
        db.session.scalars(
            sa.select(Question)
            .where(Question.merged_into_id == question_id)
            .order_by(Question.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def count_merged(webinar_id: int) -> dict[int, int]:
    """How many questions live on in each one that has taken in others."""
    rows = db.session.execute(
        sa.select(Question.merged_into_id, sa.func.count())
        .where(Question.webinar_id == webinar_id, Question.merged_into_id.is_not(None))
        .group_by(Question.merged_into_id)
    )
    return {into_id: count for into_id, count in rows if into_id is not None}


def list_silenced_keys(webinar_id: int) -> set[str]:
    """The identities that may write nothing in this webinar any more."""
    return set(
        db.session.scalars(
            sa.select(SilencedAsker.asker_key).where(SilencedAsker.webinar_id == webinar_id)
        )
    )


def find_silenced(webinar_id: int, asker_key: str) -> SilencedAsker | None:
    return db.session.get(SilencedAsker, (webinar_id, asker_key))


def list_question_ids_of(webinar_id: int, asker_key: str) -> list[int]:
    """The questions that one identity asked here."""
    return list(
        db.session.scalars(
            sa.select(Question.id)
            .where(Question.webinar_id == webinar_id, Question.asker_key == asker_key)
            .order_by(Question.id)
        )
    )


def list_replies(question_ids: Sequence[int]) -> dict[int, list[QuestionReply]]:
    """Everything written under these questions, by question, in the order of writing.

    What was written under a question before it was merged stands under the one it lives on in.
    """
    return _group(STANDING_ID.in_(question_ids))


def list_replies_of_webinar(webinar_id: int) -> dict[int, list[QuestionReply]]:
    """The same for every question of the webinar."""
    return _group(Question.webinar_id == webinar_id)


def _group(chosen: sa.ColumnElement[bool]) -> dict[int, list[QuestionReply]]:
    rows = db.session.execute(
        sa.select(STANDING_ID, QuestionReply)
        .join(QuestionReply.question)
        .where(chosen)
        .order_by(QuestionReply.written_at, QuestionReply.id)
    )
    found: dict[int, list[QuestionReply]] = {}
    for shown_under, reply in rows:
        found.setdefault(shown_under, []).append(reply)
    return found


def is_gone_for_good() -> sa.ColumnElement[bool]:
    """Whether a question was withdrawn, or went with the data of whoever asked it."""
    is_erased = sa.and_(Question.asker_key.startswith(ERASED), Question.text == NOT_SAID)
    return sa.or_(Question.status == QuestionStatus.WITHDRAWN, is_erased)
