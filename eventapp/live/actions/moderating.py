"""Acts on questions."""

from __future__ import annotations

from datetime import datetime

from eventapp.live.actions.logging import acting
from eventapp.live.models import LogEntryKind
from eventapp.live.rules import check_can_run
from eventapp.questions import actions as questions
from eventapp.questions.queries import get_question, list_on_air_for_change
from eventapp.webinars.queries import lock_webinar


def approve_question(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Publish a question. Refuses: QuestionIsElsewhere."""
    webinar = lock_webinar(webinar_id)
    question = get_question(question_id, webinar_id=webinar.id)
    kind = LogEntryKind.QUESTION_APPROVED
    with acting(webinar, kind, actor_id=actor_id, now=now, question=question, touched=[question]):
        questions.approve_question(question.id, webinar_id=webinar.id)


def dismiss_question(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Set a question aside. Refuses: QuestionIsElsewhere."""
    webinar = lock_webinar(webinar_id)
    question = get_question(question_id, webinar_id=webinar.id)
    kind = LogEntryKind.QUESTION_DISMISSED
    with acting(webinar, kind, actor_id=actor_id, now=now, question=question, touched=[question]):
        questions.dismiss_question(question.id, webinar_id=webinar.id)


def put_question_on_air(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Put a question on air; the one before counts as answered.

    Refuses: WebinarIsNotLive, QuestionIsElsewhere.
    """
    webinar = lock_webinar(webinar_id)
    check_can_run(webinar)
    question = get_question(question_id, webinar_id=webinar.id)
    before = [q for q in list_on_air_for_change(webinar.id) if q.id != question.id]
    kind = LogEntryKind.QUESTION_ON_AIR
    with acting(
        webinar, kind, actor_id=actor_id, now=now, question=question, touched=[question, *before]
    ):
        questions.put_on_air(question.id, webinar_id=webinar.id, now=now)


def answer_question(
    question_id: int, *, webinar_id: int, actor_id: int | None, now: datetime
) -> None:
    """Mark a question as answered. Refuses: QuestionIsElsewhere."""
    webinar = lock_webinar(webinar_id)
    question = get_question(question_id, webinar_id=webinar.id)
    kind = LogEntryKind.QUESTION_ANSWERED
    with acting(webinar, kind, actor_id=actor_id, now=now, question=question, touched=[question]):
        questions.mark_answered(question.id, webinar_id=webinar.id, now=now)


def restore_question(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Bring a question back among the published ones. Refuses: QuestionIsElsewhere."""
    webinar = lock_webinar(webinar_id)
    question = get_question(question_id, webinar_id=webinar.id)
    kind = LogEntryKind.QUESTION_APPROVED
    with acting(webinar, kind, actor_id=actor_id, now=now, question=question, touched=[question]):
        questions.restore_question(question.id, webinar_id=webinar.id)
