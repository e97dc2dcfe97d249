"""Decisions about what is written under a question: by whom, how long, and whether it waits."""

from __future__ import annotations

from eventapp.questions.models import Question, QuestionStatus, ReplyStatus
from eventapp.questions.refusals import QuestionIsElsewhere
from eventapp.questions.reply_refusals import (
    AnswerIsEmpty,
    AnswerIsTooLong,
    FollowUpIsEmpty,
    FollowUpIsForAskers,
    FollowUpIsTooLong,
    QuestionTakesNoFollowUps,
    ReplyIsElsewhere,
    TooManyFollowUpsWait,
)
from eventapp.questions.rules import PUBLIC_STATUSES, tidy_text
from eventapp.webinars.models import Webinar

LONGEST_ANSWER = 2000
LONGEST_FOLLOW_UP = 500
MOST_FOLLOW_UPS_PENDING = 3

ANSWERABLE_STATUSES = PUBLIC_STATUSES | {QuestionStatus.PENDING}
# A question on air stays there: the speakers are speaking of it.
ANSWERED_IN_WRITING = frozenset({QuestionStatus.PENDING, QuestionStatus.APPROVED})


def tidy_paragraphs(text: str) -> str:
    """Return `text` tidied line by line: paragraphs stay, with one empty line between them."""
    lines = [tidy_text(line) for line in text.splitlines()]
    kept = [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
    return "\n".join(kept).strip()


def check_answer(text: str) -> None:
    """Refuse a tidied answer that is empty or too long."""
    if not text:
        raise AnswerIsEmpty
    if len(text) > LONGEST_ANSWER:
        raise AnswerIsTooLong


def check_follow_up(text: str) -> None:
    """Refuse a tidied follow-up that is empty or too long."""
    if not text:
        raise FollowUpIsEmpty
    if len(text) > LONGEST_FOLLOW_UP:
        raise FollowUpIsTooLong


def check_can_answer(status: QuestionStatus) -> None:
    """Refuse an answer to a question that nobody would see, and say where the question is."""
    if status not in ANSWERABLE_STATUSES:
        raise QuestionIsElsewhere(status)


def check_can_follow_up(question: Question, *, is_asker: bool) -> None:
    """Refuse what anyone but its asker writes under a question, and that before it is published."""
    if not is_asker:
        raise FollowUpIsForAskers
    if question.status not in PUBLIC_STATUSES:
        raise QuestionTakesNoFollowUps


def check_follow_ups_pending(pending: int) -> None:
    """Refuse one more follow-up of somebody who has `pending` waiting, it included."""
    if pending > MOST_FOLLOW_UPS_PENDING:
        raise TooManyFollowUpsWait


def check_reply_moves(status: ReplyStatus, to: ReplyStatus) -> None:
    """Refuse a move that another moderator has made already."""
    if status is to:
        raise ReplyIsElsewhere(status)


def first_reply_status(webinar: Webinar, *, has_blocked_word: bool) -> ReplyStatus:
    """Where a follow-up begins: one with a blocked word waits also where nobody moderates."""
    waits = webinar.is_moderated or has_blocked_word
    return ReplyStatus.PENDING if waits else ReplyStatus.PUBLISHED
