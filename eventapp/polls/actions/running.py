"""Opening and closing polls, under the webinar's lock; each ends in an event for open pages."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import db, record
from eventapp.polls.events import PollChanged, PollClosed, PollDeleted, PollOpened
from eventapp.polls.models import Poll, PollStatus
from eventapp.polls.queries import (
    find_open_for_change,
    get_option,
    get_poll_for_change,
    list_options,
)
from eventapp.polls.refusals import WordIsElsewhere
from eventapp.polls.rules import (
    PUBLIC_STATUSES,
    check_can_close,
    check_can_delete,
    check_can_open,
)


def open_poll(poll_id: int, *, webinar_id: int, now: datetime) -> list[Poll]:
    """Open a poll, for the first time or again; one that is open is closed. Returns both, it first.

    Records PollOpened and PollClosed. Refuses: PollIsElsewhere.
    """
    running = find_open_for_change(webinar_id)
    poll = get_poll_for_change(poll_id, webinar_id=webinar_id)
    check_can_open(poll)
    closed = [] if running is None else [_close(running, now=now)]
    poll.opened_at, poll.closed_at = now, None
    _move(poll, PollStatus.OPEN)
    record(PollOpened(poll_id=poll.id, webinar_id=webinar_id))
    return [poll, *closed]


def close_poll(poll_id: int, *, webinar_id: int, now: datetime) -> Poll:
    """Close a poll; from now on everyone sees its results. Records PollClosed.

    Refuses: PollIsElsewhere.
    """
    poll = get_poll_for_change(poll_id, webinar_id=webinar_id)
    check_can_close(poll)
    return _close(poll, now=now)


def delete_poll(poll_id: int, *, webinar_id: int) -> None:
    """Take a poll away that nobody voted in. Records PollDeleted.

    Refuses: PollIsRunning, PollHasVotes.
    """
    poll = get_poll_for_change(poll_id, webinar_id=webinar_id)
    check_can_delete(poll)
    was_public = poll.status in PUBLIC_STATUSES
    for option in list_options(poll.id):
        db.session.delete(option)
    db.session.delete(poll)
    db.session.flush()
    record(PollDeleted(poll_id=poll_id, webinar_id=webinar_id, was_public=was_public))


def hide_word(poll_id: int, option_id: int, *, webinar_id: int) -> Poll:
    """Keep a word from the audience; it goes on counting. Records PollChanged.

    Refuses: WordIsElsewhere.
    """
    return _set_hidden(poll_id, option_id, webinar_id=webinar_id, to=True)


def show_word(poll_id: int, option_id: int, *, webinar_id: int) -> Poll:
    """Show a hidden word again. Records PollChanged. Refuses: WordIsElsewhere."""
    return _set_hidden(poll_id, option_id, webinar_id=webinar_id, to=False)


def _set_hidden(poll_id: int, option_id: int, *, webinar_id: int, to: bool) -> Poll:
    poll = get_poll_for_change(poll_id, webinar_id=webinar_id)
    option = get_option(option_id, poll_id=poll.id)
    if option.is_hidden is to:
        raise WordIsElsewhere
    option.is_hidden = to
    _move(poll, poll.status)
    record(PollChanged(poll_id=poll.id, webinar_id=webinar_id, was_public=False))
    return poll


def _close(poll: Poll, *, now: datetime) -> Poll:
    poll.closed_at = now
    _move(poll, PollStatus.CLOSED)
    record(PollClosed(poll_id=poll.id, webinar_id=poll.webinar_id))
    return poll


def _move(poll: Poll, to: PollStatus) -> None:
    poll.status = to
    poll.revision += 1
    db.session.flush()
