"""Voting for a question and taking the vote back; the count is kept with the votes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import db, record
from eventapp.questions.actions.inserting import insert_or_nothing
from eventapp.questions.actions.merging import forget_votes_in_merged, keep_vote_in_merged
from eventapp.questions.asker import Asker
from eventapp.questions.events import VoteCounted
from eventapp.questions.models import QuestionVote, Room
from eventapp.questions.queries import get_room
from eventapp.questions.rules import check_can_vote
from eventapp.questions.voting_queries import VotedQuestion, change_count, lock_voted
from eventapp.webinars.models import WebinarStatus

_votes = QuestionVote.metadata.tables[QuestionVote.__tablename__]
TAKE_BACK = (
    sa.delete(_votes)
    .where(
        _votes.c.question_id == sa.bindparam("question_id"),
        _votes.c.voter_key == sa.bindparam("voter"),
    )
    .returning(_votes.c.question_id)
)


@dataclass(frozen=True, kw_only=True)
class VoteCount:
    """How often a question has been voted for, at its `revision`."""

    question_id: int
    votes: int
    revision: int


def vote_for_question(
    question_id: int, *, webinar_id: int, voter: Asker, now: datetime
) -> VoteCount:
    """Count one vote of this identity; a second one changes nothing. Records VoteCounted.

    A vote for a merged question counts for the one it lives on in, whose count is returned.
    Refuses: AskingIsNotOpen, AskingIsOver, QuestionTakesNoVotes.
    """
    voted = _lock_open(question_id, webinar_id=webinar_id, now=now)
    vote = {"question_id": voted.id, "voter_key": voter.key, "voted_at": now}
    if voted.id != question_id:
        keep_vote_in_merged(question_id, vote)
        vote["merged_from_id"] = question_id
    if insert_or_nothing(QuestionVote, vote, returning=QuestionVote.question_id) is None:
        return _describe(voted)
    return _count(voted, webinar_id=webinar_id, by=1)


def take_back_vote(question_id: int, *, webinar_id: int, voter: Asker, now: datetime) -> VoteCount:
    """Take this identity's vote back, if there is one. Records VoteCounted.

    It leaves the questions merged into this one too.
    Refuses: AskingIsNotOpen, AskingIsOver, QuestionTakesNoVotes.
    """
    voted = _lock_open(question_id, webinar_id=webinar_id, now=now)
    taken = db.session.execute(TAKE_BACK, {"question_id": voted.id, "voter": voter.key}).all()
    if not taken:
        return _describe(voted)
    forget_votes_in_merged(voted.id, voter_key=voter.key)
    return _count(voted, webinar_id=webinar_id, by=-1)


def _lock_open(question_id: int, *, webinar_id: int, now: datetime) -> VotedQuestion:
    """Return, locked, the question that the vote counts for, if it takes votes now."""
    voted = lock_voted(question_id, webinar_id=webinar_id)
    room = _find_room(voted, webinar_id=webinar_id)
    check_can_vote(voted, voted.question_status, now=now, room=room)
    return voted


def _find_room(voted: VotedQuestion, *, webinar_id: int) -> Room | None:
    """Only before the webinar does it matter, so that most votes need no query for it."""
    return None if voted.status is WebinarStatus.LIVE else get_room(webinar_id)


def _count(voted: VotedQuestion, *, webinar_id: int, by: int) -> VoteCount:
    """Change the count in the transaction of the vote's row; the question is locked."""
    votes, revision = change_count(voted.id, by=by)
    record(VoteCounted(question_id=voted.id, webinar_id=webinar_id, votes=votes, revision=revision))
    return VoteCount(question_id=voted.id, votes=votes, revision=revision)


def _describe(voted: VotedQuestion) -> VoteCount:
    return VoteCount(question_id=voted.id, votes=voted.votes, revision=voted.revision)
