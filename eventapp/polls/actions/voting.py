"""Voting in a poll. Whoever votes again changes their vote; counts are kept with the votes.

All of it happens under the lock of the poll's row, so what was read of its options holds.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import db, record
from eventapp.polls.events import PollVoteCounted
from eventapp.polls.models import Poll, PollKind, PollOption, PollVote
from eventapp.polls.payloads import describe_tally
from eventapp.polls.queries import (
    get_poll_for_change,
    list_chosen,
    list_options,
    list_shown_options,
    list_words,
)
from eventapp.polls.refusals import VoterIsSilenced
from eventapp.polls.rules import check_can_vote, check_choice, choose_words, is_shown_to_all
from eventapp.questions.asker import Asker
from eventapp.questions.queries import get_room, is_silenced
from eventapp.webinars.models import Webinar


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """What somebody sent: the options they chose, or the words they wrote."""

    option_ids: Sequence[int] = ()
    words: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How a poll stands after a vote: what is shown of it, and what its voter has chosen."""

    poll: Poll
    options: Sequence[PollOption]
    choices: Sequence[tuple[int, str]]


def vote_in_poll(
    poll_id: int, *, webinar: Webinar, voter: Asker, ballot: Ballot, now: datetime
) -> Counted:
    """Count this identity's vote, in place of the one before; the same again changes nothing.

    Records PollVoteCounted. Refuses: PollIsNotOpen, NothingChosen, TooManyChosen, VoterIsSilenced,
    NoWords, TooManyWords, WordIsTooLong, WordsAreBlocked.
    """
    poll = get_poll_for_change(poll_id, webinar_id=webinar.id)
    check_can_vote(webinar, poll)
    before = list_chosen(poll.id, voter=voter.key)
    is_cloud = poll.kind is PollKind.WORDS
    if is_cloud:
        options, chosen = _take_words(poll, ballot, voter=voter, before=before)
    else:
        options, chosen = _take_choice(poll, ballot)
    if chosen != before:
        _count(poll, options, voter=voter, before=before, chosen=chosen, now=now)
    shown = list_shown_options([poll], with_hidden=True)[poll.id] if is_cloud else options
    if chosen != before:
        record(_describe_count(poll, shown))
    choices = [(option.id, option.text) for option in options if option.id in chosen]
    return Counted(poll=poll, options=shown, choices=choices)


def _take_choice(poll: Poll, ballot: Ballot) -> tuple[list[PollOption], set[int]]:
    options = list_options(poll.id)
    chosen = {option.id for option in options} & set(ballot.option_ids)
    check_choice(poll.kind, chosen)
    return options, chosen


def _take_words(
    poll: Poll, ballot: Ballot, *, voter: Asker, before: set[int]
) -> tuple[list[PollOption], set[int]]:
    """Find the words that somebody wrote before, and add those that are new."""
    if is_silenced(poll.webinar_id, asker=voter.key):
        raise VoterIsSilenced
    blocked = get_room(poll.webinar_id).blocked_words
    words = choose_words(ballot.words, blocked_words=blocked)
    options = list_words(poll.id, keys=words, option_ids=before)
    known = {option.key for option in options}
    for key in sorted(words.keys() - known):
        option = PollOption(poll_id=poll.id, text=words[key], key=key, votes=0, is_hidden=False)
        db.session.add(option)
        options.append(option)
    db.session.flush()
    return options, {option.id for option in options if option.key in words}


def _count(
    poll: Poll,
    options: Sequence[PollOption],
    *,
    voter: Asker,
    before: set[int],
    chosen: set[int],
    now: datetime,
) -> None:
    """Change rows and counts together."""
    _write_votes(poll, voter=voter, gone=before - chosen, added=chosen - before, now=now)
    for option in options:
        option.votes += (option.id in chosen) - (option.id in before)
        if poll.kind is PollKind.WORDS and not (option.votes or option.is_hidden):
            db.session.delete(option)
    poll.voters += not before
    poll.revision += 1
    db.session.flush()


def _write_votes(
    poll: Poll, *, voter: Asker, gone: set[int], added: set[int], now: datetime
) -> None:
    if gone:
        own = sa.and_(PollVote.poll_id == poll.id, PollVote.voter_key == voter.key)
        db.session.execute(sa.delete(PollVote).where(own, PollVote.option_id.in_(gone)))
    rows = [
        {"poll_id": poll.id, "voter_key": voter.key, "option_id": option_id, "voted_at": now}
        for option_id in sorted(added)
    ]
    if rows:
        db.session.execute(sa.insert(PollVote), rows)


def _describe_count(poll: Poll, options: Sequence[PollOption]) -> PollVoteCounted:
    """What was read under the lock is how the poll stands at its revision."""
    seen = [option for option in options if not option.is_hidden]
    is_shown = is_shown_to_all(poll)
    return PollVoteCounted(
        poll_id=poll.id,
        webinar_id=poll.webinar_id,
        revision=poll.revision,
        voters=poll.voters,
        tally=json.dumps(describe_tally(poll, options)),
        public_tally=json.dumps(describe_tally(poll, seen)) if is_shown else "",
    )
