"""Letting somebody write nothing more in a webinar; they may still vote."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import db, record
from eventapp.questions.desk_queries import find_silenced
from eventapp.questions.desk_refusals import AlreadySilenced, AskerIsErased, NotSilenced
from eventapp.questions.events import AskerHeard, AskerSilenced
from eventapp.questions.models import Question, SilencedAsker
from eventapp.questions.personal_data import is_nobody
from eventapp.questions.queries import get_question


def silence_asker(question_id: int, *, webinar_id: int, now: datetime) -> SilencedAsker:
    """Silence whoever asked this question; what they have asked stays where it is.

    Records AskerSilenced. Refuses: AskerIsErased, AlreadySilenced.
    """
    question = get_question(question_id, webinar_id=webinar_id)
    if is_nobody(question.asker_key):
        raise AskerIsErased
    if find_silenced(webinar_id, question.asker_key) is not None:
        raise AlreadySilenced
    silenced = SilencedAsker(webinar_id=webinar_id, asker_key=question.asker_key, silenced_at=now)
    db.session.add(silenced)
    touch_questions_of(webinar_id, question.asker_key)
    record(AskerSilenced(question_id=question.id, webinar_id=webinar_id))
    return silenced


def hear_asker(question_id: int, *, webinar_id: int) -> Question:
    """Let whoever asked this question write again. Records AskerHeard. Refuses: NotSilenced."""
    question = get_question(question_id, webinar_id=webinar_id)
    silenced = find_silenced(webinar_id, question.asker_key)
    if silenced is None:
        raise NotSilenced
    db.session.delete(silenced)
    touch_questions_of(webinar_id, question.asker_key)
    record(AskerHeard(question_id=question.id, webinar_id=webinar_id))
    return question


def touch_questions_of(webinar_id: int, asker_key: str) -> None:
    """Raise the revision of all that one identity asked: desks draw it as silenced, or not."""
    db.session.flush()
    db.session.execute(
        sa.update(Question)
        .where(Question.webinar_id == webinar_id, Question.asker_key == asker_key)
        .values(revision=Question.revision + 1)
    )
