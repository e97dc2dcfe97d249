"""Acts on what is written under questions: answers by moderators, follow-ups by who asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from eventapp.live.actions.logging import acting
from eventapp.live.actions.moderating import naming_who_was_faster
from eventapp.live.models import LogEntryKind
from eventapp.questions import actions as questions
from eventapp.questions.models import QuestionReply
from eventapp.questions.queries import get_question
from eventapp.questions.reply_queries import get_reply
from eventapp.webinars.queries import lock_webinar


def write_answer(
    question_id: int,
    *,
    webinar_id: int,
    text: str,
    submission_key: str,
    actor_id: int,
    now: datetime,
) -> None:
    """Answer in writing, also days after the webinar; undone, the answer is set aside.

    Refuses: AnswerIsEmpty, AnswerIsTooLong, QuestionIsElsewhere, AnotherWasFaster.
    """
    webinar = lock_webinar(webinar_id)
    question = get_question(question_id, webinar_id=webinar.id)
    kind = LogEntryKind.ANSWER_WRITTEN
    with (
        naming_who_was_faster(question, actor_id=actor_id, now=now),
        acting(
            webinar, kind, actor_id=actor_id, now=now, question=question, touched=[question]
        ) as act,
    ):
        revision = question.revision
        reply = questions.write_answer(
            question.id,
            webinar_id=webinar.id,
            text=text,
            author_id=actor_id,
            submission_key=submission_key,
            now=now,
        )
        if question.revision != revision:
            act.make(reply)


def change_answer(
    reply_id: int, *, webinar_id: int, text: str, actor_id: int, now: datetime
) -> None:
    """Correct the words of a written answer; the words before stay in the log.

    Refuses: AnswerIsEmpty, AnswerIsTooLong. Raises NotFound for a follow-up.
    """
    kind = LogEntryKind.ANSWER_CHANGED
    change = partial(questions.change_answer, text=text)
    _move(reply_id, kind, change, webinar_id=webinar_id, actor_id=actor_id, now=now)


def publish_reply(reply_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Show a follow-up, or an answer after all, to everyone. Refuses: ReplyIsElsewhere."""
    kind = LogEntryKind.REPLY_PUBLISHED
    _move(
        reply_id,
        kind,
        questions.publish_reply,
        webinar_id=webinar_id,
        actor_id=actor_id,
        now=now,
    )


def dismiss_reply(reply_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Set aside what is written under a question. Refuses: ReplyIsElsewhere."""
    kind = LogEntryKind.REPLY_DISMISSED
    _move(
        reply_id,
        kind,
        questions.dismiss_reply,
        webinar_id=webinar_id,
        actor_id=actor_id,
        now=now,
    )


def _move(
    reply_id: int,
    kind: LogEntryKind,
    move: Callable[..., QuestionReply],
    *,
    webinar_id: int,
    actor_id: int,
    now: datetime,
) -> None:
    webinar = lock_webinar(webinar_id)
    reply = get_reply(reply_id, webinar_id=webinar.id)
    question = reply.question
    with acting(webinar, kind, actor_id=actor_id, now=now, question=question, touched=[reply]):
        move(reply.id, webinar_id=webinar.id)
