"""What an attendee asked and voted for: a copy of it, and how it stays without them."""

from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa

from eventapp.core.db import db, record
from eventapp.questions.events import AskerErased
from eventapp.questions.models import (
    Question,
    QuestionReply,
    QuestionStatus,
    QuestionVote,
    ReplyStatus,
    SilencedAsker,
)
from eventapp.questions.queries import list_questions_of, list_votes_of
from eventapp.questions.reply_queries import list_replies_by
from eventapp.questions.rules import PUBLIC_STATUSES, key_of_registration
from eventapp.registrations.models import Registration
from eventapp.registrations.personal_data import Keeper, moment

NOT_SAID = "–"
ERASED = "erased:"


def collect(registration: Registration) -> dict[str, Any]:
    return {
        "asked": [_describe(question) for question in list_questions_of(registration.id)],
        "voted_for": [
            {"question": question.text, "voted_at": moment(vote.voted_at)}
            for question, vote in list_votes_of(key_of_registration(registration.id))
        ],
        "followed_up": [
            {
                "question": reply.question.text,
                "text": reply.text,
                "status": reply.status.value,
                "written_at": moment(reply.written_at),
            }
            for reply in list_replies_by(key_of_registration(registration.id))
        ],
    }


def erase(registration: Registration) -> None:
    """Take the name from what was published, and the text from the rest; replies as well.

    Votes go on counting, each as nobody's. Records AskerErased for each question.
    """
    for question in list_questions_of(registration.id):
        _erase_asker(question)
    own_key = key_of_registration(registration.id)
    for _question, vote in list_votes_of(own_key):
        _erase_voter(vote)
    for reply in list_replies_by(own_key):
        _erase_author(reply)
    db.session.execute(sa.delete(SilencedAsker).where(SilencedAsker.asker_key == own_key))
    db.session.flush()


def _erase_asker(question: Question) -> None:
    question.registration_id = None
    question.author_name = question.desk_name = ""
    question.original_text = None
    question.asker_key = question.submission_key = _nobody()
    if question.status not in PUBLIC_STATUSES:
        question.text = NOT_SAID
    if question.status not in PUBLIC_STATUSES | {QuestionStatus.MERGED}:
        question.status = QuestionStatus.DISMISSED
    question.revision += 1
    record(AskerErased(question_id=question.id, webinar_id=question.webinar_id))


def _erase_author(reply: QuestionReply) -> None:
    reply.author_name = ""
    reply.asker_key = reply.submission_key = _nobody()
    if reply.status is not ReplyStatus.PUBLISHED:
        reply.text = NOT_SAID
        reply.status = ReplyStatus.DISMISSED
    reply.revision += 1


def _erase_voter(vote: QuestionVote) -> None:
    db.session.execute(
        sa.update(QuestionVote)
        .where(
            QuestionVote.question_id == vote.question_id, QuestionVote.voter_key == vote.voter_key
        )
        .values(voter_key=_nobody())
        .execution_options(synchronize_session=False)
    )


def is_nobody(key: str) -> bool:
    """Whether an identity is that of somebody who has been erased."""
    return key.startswith(ERASED)


def _nobody() -> str:
    """Return a key that leads to nobody, and that no other question or vote has."""
    return f"{ERASED}{secrets.token_hex(16)}"


def _describe(question: Question) -> dict[str, Any]:
    return {
        "text": question.text,
        "first_text": question.original_text,
        "under_the_name": question.author_name,
        "name_that_moderators_read": question.desk_name,
        "status": question.status.value,
        "votes": question.votes,
        "asked_at": moment(question.asked_at),
        "answered_at": moment(question.answered_at),
    }


KEEPER = Keeper(name="questions", collect=collect, erase=erase)
