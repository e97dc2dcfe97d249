"""How an attendee voted in polls: a copy of it, and how it stays without them."""

from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.polls.models import PollVote
from eventapp.polls.queries import list_votes_of
from eventapp.questions.rules import key_of_registration
from eventapp.registrations.models import Registration
from eventapp.registrations.personal_data import Keeper, moment


def collect(registration: Registration) -> list[dict[str, Any]]:
    return [
        {"poll": poll.text, "answer": option.text, "voted_at": moment(vote.voted_at)}
        for poll, option, vote in list_votes_of(key_of_registration(registration.id))
    ]


def erase(registration: Registration) -> None:
    """Make the votes nobody's; they go on counting, so that results stay as they were."""
    voter = key_of_registration(registration.id)
    polls = {poll.id for poll, _option, _vote in list_votes_of(voter)}
    for poll_id in sorted(polls):
        db.session.execute(
            sa.update(PollVote)
            .where(PollVote.poll_id == poll_id, PollVote.voter_key == voter)
            .values(voter_key=f"erased:{secrets.token_hex(16)}")
            .execution_options(synchronize_session=False)
        )
    db.session.flush()


KEEPER = Keeper(name="polls", collect=collect, erase=erase)
