"""Polls as open pages receive them: everything needed to draw one, as plain JSON values.

Results that somebody may not see are in nothing they receive: neither counts nor, of a word cloud,
words. What the room's channel carries is the same for everyone, so it has the results that
everyone may see; whoever may see more reads them in their own state, or where they voted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eventapp.polls.models import Poll, PollKind, PollOption
from eventapp.polls.queries import (
    list_choices_of,
    list_polls,
    list_public_polls,
    list_shown_options,
)
from eventapp.polls.rules import can_see_results, find_stage_poll, is_shown_to_all, size_of_word


def describe_poll(
    poll: Poll, options: Sequence[PollOption], *, shows_results: bool
) -> dict[str, Any]:
    """For the audience; `options` are those that aren't hidden.

    `counts` holds votes by the option's id, None while the results are hidden. News has a `kind` of
    its own, so the poll's is its `type`.
    """
    hidden: dict[str, Any] = {"voters": None, "counts": None, "options": [], "average": ""}
    offered = {} if poll.kind is PollKind.WORDS else {"options": list_offered(poll, options)}
    results = describe_tally(poll, options) if shows_results else {}
    return {
        "id": poll.id,
        "revision": poll.revision,
        "type": poll.kind.value,
        "status": poll.status.value,
        "results": poll.results.value,
        "text": poll.text,
        **hidden,
        **offered,
        **results,
    }


def describe_tally(poll: Poll, options: Sequence[PollOption]) -> dict[str, Any]:
    """What changes with each vote: of a word cloud the words too."""
    tally: dict[str, Any] = {
        "voters": poll.voters,
        "counts": {str(option.id): option.votes for option in options},
    }
    if poll.kind is PollKind.WORDS:
        tally["options"] = list_offered(poll, options)
    if poll.kind is PollKind.RATING:
        tally["average"] = average_of(options)
    return tally


def list_offered(poll: Poll, options: Sequence[PollOption]) -> list[dict[str, Any]]:
    """What can be chosen; of a word cloud the words in alphabetical order, each with its size."""
    if poll.kind is not PollKind.WORDS:
        return [{"id": o.id, "text": o.text} for o in options]
    most = max((o.votes for o in options if not o.is_hidden), default=0)
    return [
        {"id": o.id, "text": o.text, "size": size_of_word(o.votes, most), "hidden": o.is_hidden}
        for o in sorted(options, key=lambda o: o.key)
    ]


def average_of(ratings: Sequence[PollOption]) -> str:
    """Return the mean of the ratings, such as "4.2"; empty where nobody has voted."""
    votes = sum(option.votes for option in ratings)
    total = sum(int(option.text) * option.votes for option in ratings)
    return f"{total / votes:.1f}" if votes else ""


def describe_for_desk(poll: Poll, options: Sequence[PollOption]) -> dict[str, Any]:
    """For moderators: always with the counts, and with the words that are hidden."""
    return describe_poll(poll, options, shows_results=True)


def describe_seen(
    poll: Poll, options: Sequence[PollOption], choices: Sequence[tuple[int, str]]
) -> dict[str, Any]:
    """For somebody who chose `choices` (ids and texts); `words` are their own of a word cloud."""
    is_cloud = poll.kind is PollKind.WORDS
    shows_results = can_see_results(poll, has_voted=bool(choices))
    return describe_poll(poll, options, shows_results=shows_results) | {
        "chosen": [option_id for option_id, _text in choices],
        "words": [text for _option_id, text in choices] if is_cloud else [],
    }


def list_polls_seen_by(webinar_id: int, *, viewer: str) -> list[dict[str, Any]]:
    """The room's polls, as this viewer may see them: the open one, then the closed ones."""
    polls = list_public_polls(webinar_id)
    if not polls:
        return []
    options = list_shown_options(polls)
    choices = list_choices_of(webinar_id, voter=viewer)
    return [describe_seen(poll, options[poll.id], choices.get(poll.id, ())) for poll in polls]


def find_polls_of(webinar_id: int, *, viewer: str) -> dict[str, list[dict[str, Any]]]:
    """What stands in the room's state of somebody who has voted, instead of what everyone sees."""
    choices = list_choices_of(webinar_id, voter=viewer)
    return {"polls": list_polls_seen_by(webinar_id, viewer=viewer)} if choices else {}


def list_desk_polls(webinar_id: int) -> list[dict[str, Any]]:
    """Every poll in the organisers' order, for moderators alone."""
    polls = list_polls(webinar_id)
    if not polls:
        return []
    options = list_shown_options(polls, with_hidden=True)
    return [describe_for_desk(poll, options[poll.id]) for poll in polls]


def list_stage_polls(
    webinar_id: int, *, on_air_at: datetime | None, now: datetime
) -> list[dict[str, Any]]:
    """The poll that the stage shows, or none."""
    poll = find_stage_poll(list_public_polls(webinar_id), on_air_at=on_air_at, now=now)
    return [describe_for_stage(poll, list_shown_options([poll])[poll.id])] if poll else []


def describe_for_stage(poll: Poll, options: Sequence[PollOption]) -> dict[str, Any]:
    """With the number of voters also while the results are hidden: it says that votes come in."""
    described = describe_poll(poll, options, shows_results=is_shown_to_all(poll))
    return described | {"voters": poll.voters}
