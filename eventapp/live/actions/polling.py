"""Acts on polls: prepared before, opened and closed while the webinar runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eventapp.core.db import db, record
from eventapp.live.actions.logging import acting
from eventapp.live.changes import State
from eventapp.live.models import LogEntryKind
from eventapp.live.rules import check_can_run
from eventapp.polls import actions as polls
from eventapp.polls.events import PollChanged, PollDeleted
from eventapp.polls.models import Poll, PollOption
from eventapp.polls.queries import (
    find_open_for_change,
    get_option,
    get_poll,
    list_options,
    list_polls,
)
from eventapp.polls.rules import PUBLIC_STATUSES
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def write_poll(webinar_id: int, *, actor_id: int, now: datetime, **content: Any) -> Poll:
    """Prepare a poll of `content`, as `polls.write_poll` takes it. Records PollWritten."""
    webinar = lock_webinar(webinar_id)
    poll = polls.write_poll(webinar, **content)
    kind = LogEntryKind.POLL_WRITTEN
    with acting(webinar, kind, actor_id=actor_id, now=now, poll=poll) as act:
        act.make(poll, *list_options(poll.id))
    return poll


def edit_poll(
    poll_id: int, *, webinar_id: int, actor_id: int, now: datetime, **content: Any
) -> None:
    """Write a poll anew. Records PollWritten. Refuses: PollWasOpened."""
    webinar = lock_webinar(webinar_id)
    poll = get_poll(poll_id, webinar_id=webinar.id)
    before = list_options(poll.id)
    kind = LogEntryKind.POLL_WRITTEN
    touched = [poll, *before]
    with acting(webinar, kind, actor_id=actor_id, now=now, poll=poll, touched=touched) as act:
        polls.edit_poll(webinar, poll_id=poll.id, **content)
        act.make(*[option for option in list_options(poll.id) if option not in before])


def move_poll(poll_id: int, *, webinar_id: int, by: int, actor_id: int, now: datetime) -> None:
    """Move a poll by so many places, negative for earlier."""
    webinar = lock_webinar(webinar_id)
    poll = get_poll(poll_id, webinar_id=webinar.id)
    kind = LogEntryKind.POLL_WRITTEN
    touched = list_polls(webinar.id)
    with acting(webinar, kind, actor_id=actor_id, now=now, poll=poll, touched=touched):
        polls.move_poll(webinar, poll_id=poll.id, by=by)


def reorder_polls(
    webinar_id: int, *, poll_ids: Sequence[int], actor_id: int, now: datetime
) -> None:
    """Put the polls in another order. Refuses: PollsHaveChanged."""
    webinar = lock_webinar(webinar_id)
    touched = list_polls(webinar.id)
    kind = LogEntryKind.POLL_WRITTEN
    with acting(webinar, kind, actor_id=actor_id, now=now, touched=touched):
        polls.reorder_polls(webinar, poll_ids=poll_ids)


def open_poll(poll_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Open a poll; one that is open is closed. Refuses: WebinarIsNotLive, PollIsElsewhere."""
    webinar = lock_webinar(webinar_id)
    check_can_run(webinar)
    poll = get_poll(poll_id, webinar_id=webinar.id)
    running = find_open_for_change(webinar.id)
    touched = [poll] if running in (None, poll) else [poll, running]
    kind = LogEntryKind.POLL_OPENED
    with acting(webinar, kind, actor_id=actor_id, now=now, poll=poll, touched=touched):
        polls.open_poll(poll.id, webinar_id=webinar.id, now=now)


def close_poll(poll_id: int, *, webinar_id: int, actor_id: int | None, now: datetime) -> None:
    """Close a poll. Refuses: PollIsElsewhere."""
    webinar = lock_webinar(webinar_id)
    poll = get_poll(poll_id, webinar_id=webinar.id)
    kind = LogEntryKind.POLL_CLOSED
    with acting(webinar, kind, actor_id=actor_id, now=now, poll=poll, touched=[poll]):
        polls.close_poll(poll.id, webinar_id=webinar.id, now=now)


def close_running_poll(webinar: Webinar, *, actor_id: int | None, now: datetime) -> None:
    """Close the poll that is open, if one is: a webinar ends with all of its polls closed."""
    running = find_open_for_change(webinar.id)
    if running is not None:
        close_poll(running.id, webinar_id=webinar.id, actor_id=actor_id, now=now)


def delete_poll(poll_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Take a poll away that nobody voted in. Refuses: PollIsRunning, PollHasVotes."""
    webinar = lock_webinar(webinar_id)
    poll = get_poll(poll_id, webinar_id=webinar.id)
    kind = LogEntryKind.POLL_DELETED
    touched = [poll, *list_options(poll.id)]
    with acting(webinar, kind, actor_id=actor_id, now=now, poll=poll, touched=touched):
        polls.delete_poll(poll.id, webinar_id=webinar.id)


def hide_word(
    poll_id: int, option_id: int, *, webinar_id: int, actor_id: int, now: datetime
) -> None:
    """Keep a word from the audience. Refuses: WordIsElsewhere."""
    _change_word(
        poll_id, option_id, LogEntryKind.WORD_HIDDEN, webinar_id=webinar_id, by=actor_id, now=now
    )


def show_word(
    poll_id: int, option_id: int, *, webinar_id: int, actor_id: int, now: datetime
) -> None:
    """Show a hidden word again. Refuses: WordIsElsewhere."""
    _change_word(
        poll_id, option_id, LogEntryKind.WORD_SHOWN, webinar_id=webinar_id, by=actor_id, now=now
    )


def tell_of_poll(row: Poll | PollOption, stood: State) -> None:
    """Let open pages hear of what an undo gave back or took away: a poll, or what it offers."""
    poll_id = row.id if isinstance(row, Poll) else row.poll_id
    poll = db.session.get(Poll, poll_id)
    if poll is not None:
        was_public = stood.get("status", poll.status) in PUBLIC_STATUSES
        poll.revision += 1
        record(PollChanged(poll_id=poll.id, webinar_id=poll.webinar_id, was_public=was_public))
    elif isinstance(row, Poll):
        record(PollDeleted(poll_id=row.id, webinar_id=row.webinar_id, was_public=False))


def _change_word(
    poll_id: int, option_id: int, kind: LogEntryKind, *, webinar_id: int, by: int, now: datetime
) -> None:
    webinar = lock_webinar(webinar_id)
    poll = get_poll(poll_id, webinar_id=webinar.id)
    word = get_option(option_id, poll_id=poll.id)
    change = polls.hide_word if kind is LogEntryKind.WORD_HIDDEN else polls.show_word
    with acting(webinar, kind, actor_id=by, now=now, poll=poll, touched=[word], title=word.text):
        change(poll.id, word.id, webinar_id=webinar.id)
