"""Writing under a question: answers by moderators, follow-ups by who asked.

Each write raises the question's revision, since open pages draw a question with all under it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from eventapp.core.db import db, record
from eventapp.core.errors import NotFound
from eventapp.questions.actions.inserting import insert_or_nothing
from eventapp.questions.actions.merging import get_standing_for_change
from eventapp.questions.asker import Asker
from eventapp.questions.events import (
    AnswerChanged,
    AnswerWritten,
    FollowUpWritten,
    ReplyDismissed,
    ReplyPublished,
)
from eventapp.questions.models import (
    Question,
    QuestionReply,
    QuestionStatus,
    ReplyKind,
    ReplyStatus,
)
from eventapp.questions.queries import (
    get_question_for_change,
    get_room,
    is_silenced,
)
from eventapp.questions.reply_queries import (
    count_pending_replies_of,
    find_question_asked_by,
    find_reply_by_submission,
    get_reply,
    get_reply_for_change,
)
from eventapp.questions.reply_rules import (
    ANSWERED_IN_WRITING,
    check_answer,
    check_can_answer,
    check_can_follow_up,
    check_follow_up,
    check_follow_ups_pending,
    check_reply_moves,
    first_reply_status,
    tidy_paragraphs,
)
from eventapp.questions.room_rules import check_may_write, has_blocked_word
from eventapp.questions.rules import check_is_time, tidy_text
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def write_answer(
    question_id: int,
    *,
    webinar_id: int,
    text: str,
    author_id: int,
    submission_key: str,
    now: datetime,
) -> QuestionReply:
    """Answer in writing: the question is published by it, and answered unless it is on air.

    The room reads it as the moderators', not as one person's. At any time, also days after the
    webinar. Sent twice with one `submission_key` it stays one.
    Records AnswerWritten. Refuses: AnswerIsEmpty, AnswerIsTooLong, QuestionIsElsewhere.
    """
    tidied = tidy_paragraphs(text)
    check_answer(tidied)
    question = get_question_for_change(question_id, webinar_id=webinar_id)
    own_key = f"user:{author_id}/{submission_key}"
    written_before = find_reply_by_submission(question.id, own_key)
    if written_before is not None:
        return written_before
    check_can_answer(question.status)
    reply_id = _insert(
        question,
        kind=ReplyKind.ANSWER,
        status=ReplyStatus.PUBLISHED,
        author_id=author_id,
        author_name="",
        submission_key=own_key,
        text=tidied,
        written_at=now,
    )
    if question.status in ANSWERED_IN_WRITING:
        question.status = QuestionStatus.ANSWERED
        question.answered_at = now
    _touch(question)
    record(AnswerWritten(reply_id=reply_id, question_id=question.id, webinar_id=webinar_id))
    return get_reply(reply_id, webinar_id=webinar_id)


def change_answer(reply_id: int, *, webinar_id: int, text: str) -> QuestionReply:
    """Correct the words of an answer. Records AnswerChanged unless they are the same.

    Refuses: AnswerIsEmpty, AnswerIsTooLong. A follow-up is its asker's, so it raises NotFound.
    """
    tidied = tidy_paragraphs(text)
    check_answer(tidied)
    reply, standing = _lock(reply_id, webinar_id=webinar_id)
    if reply.kind is not ReplyKind.ANSWER:
        raise NotFound
    if reply.text == tidied:
        return reply
    reply.text = tidied
    _touch_reply(reply, standing)
    record(AnswerChanged(reply_id=reply.id, question_id=standing.id, webinar_id=webinar_id))
    return reply


def write_follow_up(
    question_id: int,
    *,
    webinar: Webinar,
    text: str,
    asker: Asker,
    submission_key: str,
    now: datetime,
) -> QuestionReply:
    """Write under one's own question; it waits for a moderator where the webinar has them.

    Whose question was merged into another writes under that one. Sent twice with one
    `submission_key` it stays one. Records FollowUpWritten. Refuses: AskingIsNotOpen, AskingIsOver,
    AskerIsSilenced, FollowUpIsEmpty, FollowUpIsTooLong, FollowUpIsForAskers,
    QuestionTakesNoFollowUps, TooManyFollowUpsWait.
    """
    tidied = tidy_text(text)
    check_follow_up(tidied)
    webinar = lock_webinar(webinar.id)
    question = get_standing_for_change(question_id, webinar_id=webinar.id)
    own_key = f"{asker.key}/{submission_key}"
    written_before = find_reply_by_submission(question.id, own_key)
    if written_before is not None:
        return written_before
    asked = find_question_asked_by(asker.key, question_id=question.id)
    check_can_follow_up(question, is_asker=asked is not None)
    room = get_room(webinar.id)
    check_is_time(webinar, now=now, room=room)
    check_may_write(is_silenced=is_silenced(webinar.id, asker=asker.key))
    is_blocked = has_blocked_word(tidied, blocked_words=room.blocked_words)
    reply_id = _insert(
        question,
        kind=ReplyKind.FOLLOW_UP,
        status=first_reply_status(webinar, has_blocked_word=is_blocked),
        asker_key=asker.key,
        author_name=asked.author_name if asked else "",
        submission_key=own_key,
        text=tidied,
        written_at=now,
    )
    check_follow_ups_pending(count_pending_replies_of(webinar.id, asker=asker.key))
    _touch(question)
    record(FollowUpWritten(reply_id=reply_id, question_id=question.id, webinar_id=webinar.id))
    return get_reply(reply_id, webinar_id=webinar.id)


def publish_reply(reply_id: int, *, webinar_id: int) -> QuestionReply:
    """Show a reply to everyone. Records ReplyPublished. Refuses: ReplyIsElsewhere."""
    reply, standing = _lock(reply_id, webinar_id=webinar_id)
    check_reply_moves(reply.status, ReplyStatus.PUBLISHED)
    reply.status = ReplyStatus.PUBLISHED
    _touch_reply(reply, standing)
    record(ReplyPublished(reply_id=reply.id, question_id=standing.id, webinar_id=webinar_id))
    return reply


def dismiss_reply(reply_id: int, *, webinar_id: int) -> QuestionReply:
    """Set a reply aside, an answer too. Records ReplyDismissed. Refuses: ReplyIsElsewhere."""
    reply, standing = _lock(reply_id, webinar_id=webinar_id)
    check_reply_moves(reply.status, ReplyStatus.DISMISSED)
    was_public = reply.status is ReplyStatus.PUBLISHED
    reply.status = ReplyStatus.DISMISSED
    _touch_reply(reply, standing)
    record(
        ReplyDismissed(
            reply_id=reply.id,
            question_id=standing.id,
            webinar_id=webinar_id,
            was_public=was_public,
        )
    )
    return reply


def _lock(reply_id: int, *, webinar_id: int) -> tuple[QuestionReply, Question]:
    """Lock the question that shows the reply, and then the reply, as every act does.

    A question that was merged shows its replies where it lives on.
    """
    reply = get_reply(reply_id, webinar_id=webinar_id)
    standing = get_standing_for_change(reply.question_id, webinar_id=webinar_id)
    return get_reply_for_change(reply_id, webinar_id=webinar_id), standing


def _insert(question: Question, **values: Any) -> int:
    reply_id = insert_or_nothing(
        QuestionReply,
        {"question_id": question.id, "revision": 0, **values},
        returning=QuestionReply.id,
    )
    if reply_id is None:
        message = "a reply was neither written nor there"
        raise RuntimeError(message)
    return reply_id


def _touch_reply(reply: QuestionReply, standing: Question) -> None:
    reply.revision += 1
    _touch(standing)


def _touch(question: Question) -> None:
    question.revision += 1
    db.session.flush()
