"""Reading polls, what can be chosen in them, and who chose what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.polls.models import Poll, PollKind, PollOption, PollStatus, PollVote
from eventapp.polls.rules import PUBLIC_STATUSES

# Of a word cloud only the words written most often are shown: no screen holds more.
MOST_OPTIONS_SHOWN = 60


def get_poll(poll_id: int, *, webinar_id: int) -> Poll:
    """Return a poll of this webinar; another webinar's is not found."""
    return _found(_of_webinar(poll_id, webinar_id=webinar_id))


def get_public_poll(poll_id: int, *, webinar_id: int) -> Poll:
    """The same, of those that the audience may know of."""
    return _found(
        _of_webinar(poll_id, webinar_id=webinar_id).where(Poll.status.in_(PUBLIC_STATUSES))
    )


def get_poll_for_change(poll_id: int, *, webinar_id: int) -> Poll:
    """The same, locked until the end of the transaction and as it is at this moment."""
    return _found(
        _of_webinar(poll_id, webinar_id=webinar_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def find_open_for_change(webinar_id: int) -> Poll | None:
    """Return the poll that is open, locked; there is one at most."""
    return db.session.scalar(
        sa.select(Poll)
        .where(Poll.webinar_id == webinar_id, Poll.status == PollStatus.OPEN)
        .order_by(Poll.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def list_polls(webinar_id: int) -> list[Poll]:
    """Every poll of the webinar in the organisers' order, also those not opened yet."""
    return list(
        db.session.scalars(
            sa.select(Poll).where(Poll.webinar_id == webinar_id).order_by(Poll.position, Poll.id)
        )
    )


def list_public_polls(webinar_id: int) -> list[Poll]:
    """What the audience may know of: the open poll, then the closed ones, the last one first."""
    return list(
        db.session.scalars(
            sa.select(Poll)
            .where(Poll.webinar_id == webinar_id, Poll.status.in_(PUBLIC_STATUSES))
            .order_by(Poll.status.desc(), Poll.closed_at.desc(), Poll.id)
        )
    )


def list_options(poll_id: int) -> list[PollOption]:
    """Everything that can be chosen, in its order and as it is at this moment."""
    return list(
        db.session.scalars(
            sa.select(PollOption)
            .where(PollOption.poll_id == poll_id)
            .order_by(PollOption.position, PollOption.id)
            .execution_options(populate_existing=True)
        )
    )


def list_all_options(webinar_id: int) -> dict[int, list[PollOption]]:
    """Everything that can be chosen in a webinar's polls: by poll, most votes of a cloud first."""
    found = db.session.scalars(
        sa.select(PollOption)
        .join(Poll, Poll.id == PollOption.poll_id)
        .where(Poll.webinar_id == webinar_id)
        .order_by(PollOption.position, PollOption.votes.desc(), PollOption.id)
    )
    by_poll: dict[int, list[PollOption]] = defaultdict(list)
    for option in found:
        by_poll[option.poll_id].append(option)
    return by_poll


def get_option(option_id: int, *, poll_id: int) -> PollOption:
    option = db.session.scalar(
        sa.select(PollOption)
        .where(PollOption.id == option_id, PollOption.poll_id == poll_id)
        .execution_options(populate_existing=True)
    )
    if option is None:
        raise NotFound
    return option


def list_words(
    poll_id: int, *, keys: Collection[str], option_ids: Collection[int]
) -> list[PollOption]:
    """Return the words with one of these keys or ids, as they are at this moment."""
    is_meant = sa.or_(PollOption.key.in_(keys), PollOption.id.in_(option_ids))
    return list(
        db.session.scalars(
            sa.select(PollOption)
            .where(PollOption.poll_id == poll_id, is_meant)
            .order_by(PollOption.id)
            .execution_options(populate_existing=True)
        )
    )


def list_shown_options(
    polls: Sequence[Poll], *, with_hidden: bool = False
) -> dict[int, list[PollOption]]:
    """Return by poll what is shown of it, in one statement: words by their votes, else in order.

    Hidden words are for moderators alone.
    """
    place = sa.func.row_number().over(
        partition_by=PollOption.poll_id, order_by=(PollOption.votes.desc(), PollOption.id)
    )
    is_shown = sa.true() if with_hidden else PollOption.is_hidden.is_(False)
    ranked = (
        sa.select(PollOption.id, place.label("place"))
        .where(PollOption.poll_id.in_([poll.id for poll in polls]), is_shown)
        .subquery()
    )
    found = db.session.scalars(
        sa.select(PollOption)
        .join(ranked, ranked.c.id == PollOption.id)
        .where(ranked.c.place <= MOST_OPTIONS_SHOWN)
        .order_by(ranked.c.place)
    )
    return _by_poll(polls, found.all())


def _by_poll(polls: Sequence[Poll], options: Sequence[PollOption]) -> dict[int, list[PollOption]]:
    by_poll: dict[int, list[PollOption]] = {poll.id: [] for poll in polls}
    for option in options:
        by_poll[option.poll_id].append(option)
    for poll in polls:
        if poll.kind is not PollKind.WORDS:
            by_poll[poll.id].sort(key=lambda option: (option.position, option.id))
    return by_poll


def list_chosen(poll_id: int, *, voter: str) -> set[int]:
    """The ids of what `voter` chose in a poll."""
    return set(
        db.session.scalars(
            sa.select(PollVote.option_id).where(
                PollVote.poll_id == poll_id, PollVote.voter_key == voter
            )
        )
    )


def list_choices_of(webinar_id: int, *, voter: str) -> dict[int, list[tuple[int, str]]]:
    """What `voter` chose in this webinar's polls: by poll, the options' ids and texts."""
    if not voter:
        return {}
    rows = db.session.execute(
        sa.select(PollVote.poll_id, PollOption.id, PollOption.text)
        .join(PollOption, PollOption.id == PollVote.option_id)
        .join(Poll, Poll.id == PollVote.poll_id)
        .where(Poll.webinar_id == webinar_id, PollVote.voter_key == voter)
        .order_by(PollOption.position, PollOption.id)
    )
    choices: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for poll_id, option_id, text in rows:
        choices[poll_id].append((option_id, text))
    return dict(choices)


def list_votes_of(voter: str) -> list[tuple[Poll, PollOption, PollVote]]:
    """Everything that `voter` chose, in any webinar, and when."""
    rows = db.session.execute(
        sa.select(Poll, PollOption, PollVote)
        .join(PollVote, PollVote.poll_id == Poll.id)
        .join(PollOption, PollOption.id == PollVote.option_id)
        .where(PollVote.voter_key == voter)
        .order_by(PollVote.voted_at, PollVote.option_id)
    )
    return [(poll, option, vote) for poll, option, vote in rows]


def _of_webinar(poll_id: int, *, webinar_id: int) -> sa.Select[Poll]:
    return sa.select(Poll).where(Poll.id == poll_id, Poll.webinar_id == webinar_id)


def _found(statement: sa.Select[Poll]) -> Poll:
    poll = db.session.scalar(statement)
    if poll is None:
        raise NotFound
    return poll
