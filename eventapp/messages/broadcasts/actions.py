"""Every write of messages to many."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import db, record
from eventapp.core.mailer import OutgoingMail, let_go, withhold
from eventapp.messages.broadcasts.queries import count_people, count_waiting, lock_broadcast
from eventapp.messages.broadcasts.rules import (
    Segment,
    can_edit,
    can_go_on,
    can_pause,
    can_stop,
    check,
    check_people,
    check_unchanged,
    is_written_whole,
)
from eventapp.messages.events import BroadcastAdvanced
from eventapp.messages.models import Broadcast, BroadcastStatus
from eventapp.messages.wordings.filling import read_words
from eventapp.messages.wordings.standard import BROADCAST
from eventapp.webinars.models import Webinar

ON_PAUSE = "The message it belongs to is paused."
STOPPED = "The message it belongs to was stopped."


def write_broadcast(
    webinar: Webinar,
    *,
    segment: Segment,
    subject: str,
    body: str,
    user_id: int,
    now: datetime,
) -> Broadcast:
    """Write a draft of a message to some of a webinar's people. Refuses as `filling.read_words`."""
    read_words(BROADCAST, subject=subject, body=body)
    broadcast = Broadcast(
        webinar_id=webinar.id,
        segment=segment.to_json(),
        subject=subject,
        body=body,
        created_by_id=user_id,
        created_at=now,
        updated_at=now,
    )
    db.session.add(broadcast)
    db.session.flush()
    return broadcast


def change_broadcast(
    broadcast: Broadcast,
    *,
    segment: Segment,
    subject: str,
    body: str,
    seen_at: datetime | None,
    now: datetime,
) -> None:
    """Change a draft. Refuses: BroadcastIsElsewhere, BroadcastHasChanged, and as read_words."""
    read_words(BROADCAST, subject=subject, body=body)
    broadcast = lock_broadcast(broadcast.id)
    check(can_edit(broadcast))
    check_unchanged(broadcast, seen_at=seen_at)
    broadcast.segment = segment.to_json()
    broadcast.subject = subject
    broadcast.body = body
    broadcast.updated_at = now
    db.session.flush()


def delete_broadcast(broadcast: Broadcast) -> None:
    """Delete a draft. Refuses: BroadcastIsElsewhere."""
    broadcast = lock_broadcast(broadcast.id)
    check(can_edit(broadcast))
    db.session.delete(broadcast)
    db.session.flush()


def start_broadcast(
    broadcast: Broadcast, *, shown: int, seen_at: datetime | None, now: datetime
) -> None:
    """Send a draft to its people: `shown` of them, as the organiser saw. Records BroadcastAdvanced.

    Refuses: BroadcastIsElsewhere, BroadcastHasChanged, NobodyToWriteTo, MorePeopleThanShown.
    """
    broadcast = lock_broadcast(broadcast.id)
    check(can_edit(broadcast))
    check_unchanged(broadcast, seen_at=seen_at)
    segment = Segment.from_json(broadcast.segment)
    people = count_people(broadcast.webinar_id, segment).receivers
    check_people(people, shown=shown)
    broadcast.total = people
    broadcast.started_at = now
    _set_off(broadcast, now=now)


def pause_broadcast(broadcast: Broadcast, *, now: datetime) -> None:
    """Write to nobody more for now; what is written and hasn't left waits too.

    Refuses: BroadcastIsElsewhere.
    """
    broadcast = lock_broadcast(broadcast.id)
    check(can_pause(broadcast, waiting=count_waiting(broadcast.id)))
    withhold(_is_part_of(broadcast), reason=ON_PAUSE, now=now)
    _come_to(broadcast, BroadcastStatus.PAUSED, now=now)


def go_on_with_broadcast(broadcast: Broadcast, *, now: datetime) -> None:
    """Send what waits, and write to those who are left, if any are.

    Records BroadcastAdvanced for those. Refuses: BroadcastIsElsewhere.
    """
    broadcast = lock_broadcast(broadcast.id)
    check(can_go_on(broadcast))
    let_go(_is_part_of(broadcast), reason=ON_PAUSE)
    if is_written_whole(broadcast):
        _come_to(broadcast, BroadcastStatus.SENT, now=now)
    else:
        _set_off(broadcast, now=now)


def stop_broadcast(broadcast: Broadcast, *, now: datetime) -> None:
    """Write to nobody more, for good; what is written and hasn't left is withheld.

    Refuses: BroadcastIsElsewhere.
    """
    broadcast = lock_broadcast(broadcast.id)
    check(can_stop(broadcast, waiting=count_waiting(broadcast.id)))
    let_go(_is_part_of(broadcast), reason=ON_PAUSE)
    withhold(_is_part_of(broadcast), reason=STOPPED, now=now)
    broadcast.finished_at = now
    _come_to(broadcast, BroadcastStatus.STOPPED, now=now)


def _is_part_of(broadcast: Broadcast) -> sa.ColumnElement[bool]:
    return OutgoingMail.broadcast_id == broadcast.id


def _set_off(broadcast: Broadcast, *, now: datetime) -> None:
    _come_to(broadcast, BroadcastStatus.SENDING, now=now)
    record(BroadcastAdvanced(broadcast_id=broadcast.id))


def _come_to(broadcast: Broadcast, status: BroadcastStatus, *, now: datetime) -> None:
    broadcast.status = status
    broadcast.updated_at = now
    db.session.flush()
