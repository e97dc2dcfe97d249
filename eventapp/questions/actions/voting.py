"""Voting for a question and taking the vote back; the count is kept with the votes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from eventapp.core.db import db, record
from eventapp.questions.actions.inserting import insert_or_nothing
from eventapp.questions.actions.merging import (
    forget_votes_in_merged,
    get_standing_for_change,
    keep_vote_in_merged,
)
from eventapp.questions.asker import Asker
from eventapp.questions.events import VoteCounted
from eventapp.questions.models import Question, QuestionVote, Room
from eventapp.questions.queries import get_room
from eventapp.questions.rules import check_can_vote
from eventapp.webinars.models import Webinar, WebinarStatus


def vote_for_question(
    question_id: int, *, webinar: Webinar, voter: Asker, now: datetime
) -> Question:
    """Count one vote of this identity; a second one changes nothing. Records VoteCounted.

    A vote for a merged question counts for the one it lives on in, which is returned.
    Refuses: AskingIsNotOpen, AskingIsOver, QuestionTakesNoVotes.
    """
    question = get_standing_for_change(question_id, webinar_id=webinar.id)
    check_can_vote(webinar, question, now=now, room=_find_room(webinar))
    vote = {"question_id": question.id, "voter_key": voter.key, "voted_at": now}
    if question.id != question_id:
        keep_vote_in_merged(question_id, vote)
        vote["merged_from_id"] = question_id
    if insert_or_nothing(QuestionVote, vote, returning=QuestionVote.question_id) is not None:
        _count_vote(question, by=1)
    return question


def take_back_vote(question_id: int, *, webinar: Webinar, voter: Asker, now: datetime) -> Question:
    """Take this identity's vote back, if there is one. Records VoteCounted.

    It leaves the questions merged into this one too.
    Refuses: AskingIsNotOpen, AskingIsOver, QuestionTakesNoVotes.
    """
    question = get_standing_for_change(question_id, webinar_id=webinar.id)
    check_can_vote(webinar, question, now=now, room=_find_room(webinar))
    taken = db.session.execute(
        sa.delete(QuestionVote)
        .where(QuestionVote.question_id == question.id, QuestionVote.voter_key == voter.key)
        .returning(QuestionVote.question_id)
    ).all()
    if taken:
        forget_votes_in_merged(question, voter_key=voter.key)
        _count_vote(question, by=-1)
    return question


def _find_room(webinar: Webinar) -> Room | None:
    """Only before the webinar does it matter, so that most votes need no query for it."""
    return None if webinar.status is WebinarStatus.LIVE else get_room(webinar.id)


def _count_vote(question: Question, *, by: int) -> None:
    """Change the count in the transaction of the vote's row; the question is locked.

    One UPDATE counts on from what the row holds and says what it holds then.
    """
    votes, revision = db.session.execute(
        sa.update(Question)
        .where(Question.id == question.id)
        .values(votes=Question.votes + by, revision=Question.revision + 1)
        .returning(Question.votes, Question.revision)
        .execution_options(synchronize_session=False)
    ).one()
    set_committed_value(question, "votes", votes)
    set_committed_value(question, "revision", revision)
    record(
        VoteCounted(
            question_id=question.id,
            webinar_id=question.webinar_id,
            votes=votes,
            revision=revision,
        )
    )
