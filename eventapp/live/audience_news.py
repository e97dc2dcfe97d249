"""What open pages hear of polls and reactions, after the commit.

The room's channel is the same for everyone in it, so results that some may not see yet never go
there: they reach who may see them in their own state, or as the answer to their vote.
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

from eventapp.audience_reactions.events import ReactionsCounted
from eventapp.audience_reactions.queries import count_reactions
from eventapp.live.messages import POLL_VOTES, REACTIONS, News
from eventapp.live.permits import Channel
from eventapp.polls.events import (
    PollChanged,
    PollClosed,
    PollDeleted,
    PollOpened,
    PollVoteCounted,
    PollWritten,
)
from eventapp.polls.payloads import describe_for_desk, describe_for_stage, describe_poll
from eventapp.polls.queries import get_poll, list_shown_options
from eventapp.polls.rules import PUBLIC_STATUSES, is_shown_to_all

PollMoved: TypeAlias = PollWritten | PollOpened | PollClosed | PollChanged

AUDIENCE = (Channel.ROOM, Channel.STAGE)
GONE = "gone"


def tell_poll(fact: PollMoved) -> list[News]:
    """Show moderators how a poll stands, and the audience what it may see of it."""
    poll = get_poll(fact.poll_id, webinar_id=fact.webinar_id)
    options = list_shown_options([poll], with_hidden=True)[poll.id]
    seen = [option for option in options if not option.is_hidden]
    shows_results = is_shown_to_all(poll)
    told: dict[Channel, dict[str, Any]] = {Channel.DESK: describe_for_desk(poll, options)}
    if poll.status in PUBLIC_STATUSES:
        told[Channel.ROOM] = describe_poll(poll, seen, shows_results=shows_results)
        told[Channel.STAGE] = describe_for_stage(poll, seen)
    elif isinstance(fact, PollChanged) and fact.was_public:
        gone = {"id": poll.id, "revision": poll.revision, "status": GONE}
        told |= dict.fromkeys(AUDIENCE, gone)
    return _to_news(
        fact.webinar_id, {channel: {"kind": "poll"} | each for channel, each in told.items()}
    )


def tell_deleted_poll(fact: PollDeleted) -> list[News]:
    """Take a poll from every page that knew of it; nothing comes after that."""
    gone = {"kind": "poll", "id": fact.poll_id, "status": GONE}
    channels = tuple(Channel) if fact.was_public else (Channel.DESK,)
    return _to_news(fact.webinar_id, dict.fromkeys(channels, gone))


def tell_poll_votes(fact: PollVoteCounted) -> list[News]:
    """Tell the counts to who may see them; the stage hears in any case that votes come in."""
    told = {"kind": POLL_VOTES, "id": fact.poll_id, "revision": fact.revision}
    news = {
        Channel.DESK: told | json.loads(fact.tally),
        Channel.STAGE: told | {"voters": fact.voters},
    }
    if fact.public_tally:
        news |= dict.fromkeys(AUDIENCE, told | json.loads(fact.public_tally))
    return _to_news(fact.webinar_id, news)


def tell_reactions(fact: ReactionsCounted) -> list[News]:
    """Of all kinds together, so that one piece of news makes the one before it superfluous."""
    counts = count_reactions(fact.webinar_id)
    told = {"kind": REACTIONS, "id": 0, "revision": sum(counts.values()), "counts": counts}
    return _to_news(fact.webinar_id, dict.fromkeys(Channel, told))


def _to_news(webinar_id: int, told: dict[Channel, dict[str, Any]]) -> list[News]:
    return [
        News(webinar_id=webinar_id, channel=channel, payload=payload)
        for channel, payload in told.items()
    ]
