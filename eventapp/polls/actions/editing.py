"""Preparing polls: written, changed and put in order before anybody answers them."""

from __future__ import annotations

from collections.abc import Sequence

from eventapp.core.db import db, record
from eventapp.polls.events import PollWritten
from eventapp.polls.models import Poll, PollKind, PollOption, ResultsShown
from eventapp.polls.queries import get_poll, get_poll_for_change, list_options, list_polls
from eventapp.polls.refusals import PollsHaveChanged
from eventapp.polls.rules import CHOICE_KINDS, RATINGS, check_can_change, check_options, key_of
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def write_poll(
    webinar: Webinar,
    *,
    text: str,
    kind: PollKind,
    options: Sequence[str],
    results: ResultsShown,
) -> Poll:
    """Prepare a poll after the others; `options` are read for choices alone. Records PollWritten.

    Refuses: TooFewOptions, TooManyOptions, OptionIsTooLong, OptionIsThereTwice.
    """
    lock_webinar(webinar.id)
    poll = Poll(
        webinar_id=webinar.id,
        position=len(list_polls(webinar.id)),
        text=text,
        kind=kind,
        results=results,
        voters=0,
        revision=0,
    )
    db.session.add(poll)
    db.session.flush()
    _write_options(poll, options)
    record(PollWritten(poll_id=poll.id, webinar_id=webinar.id))
    return poll


def edit_poll(
    webinar: Webinar,
    *,
    poll_id: int,
    text: str,
    kind: PollKind,
    options: Sequence[str],
    results: ResultsShown,
) -> Poll:
    """Write a poll anew. Records PollWritten. Refuses: PollWasOpened, and as `write_poll` does."""
    lock_webinar(webinar.id)
    poll = get_poll_for_change(poll_id, webinar_id=webinar.id)
    check_can_change(poll)
    poll.text, poll.kind, poll.results = text, kind, results
    poll.revision += 1
    _write_options(poll, options)
    record(PollWritten(poll_id=poll.id, webinar_id=webinar.id))
    return poll


def move_poll(webinar: Webinar, *, poll_id: int, by: int) -> None:
    """Move a poll by so many places, negative for earlier. Raises NotFound."""
    lock_webinar(webinar.id)
    order = list_polls(webinar.id)
    place = order.index(get_poll(poll_id, webinar_id=webinar.id))
    order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
    _number(order)


def reorder_polls(webinar: Webinar, *, poll_ids: Sequence[int]) -> None:
    """Put them in the order of `poll_ids`, which names each of them once.

    Refuses: PollsHaveChanged, when it doesn't.
    """
    lock_webinar(webinar.id)
    by_id = {poll.id: poll for poll in list_polls(webinar.id)}
    if sorted(by_id) != sorted(poll_ids):
        raise PollsHaveChanged
    _number([by_id[poll_id] for poll_id in poll_ids])


def _write_options(poll: Poll, texts: Sequence[str]) -> None:
    """Write what can be chosen, of a word cloud nothing yet; an option that stays keeps its row."""
    offered = _list_offered(poll.kind, texts)
    there = {option.key: option for option in list_options(poll.id)}
    for position, text in enumerate(offered):
        key = key_of(text)
        option = there.pop(key, None) or PollOption(poll_id=poll.id, key=key)
        option.position, option.text = position, text
        db.session.add(option)
    for option in there.values():
        db.session.delete(option)
    db.session.flush()


def _list_offered(kind: PollKind, texts: Sequence[str]) -> Sequence[str]:
    if kind in CHOICE_KINDS:
        check_options(texts)
        return texts
    return RATINGS if kind is PollKind.RATING else ()


def _number(order: Sequence[Poll]) -> None:
    for position, poll in enumerate(order):
        poll.position = position
    db.session.flush()
