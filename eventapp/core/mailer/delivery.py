"""Sending what the ledger holds: claims, outcomes and retries.

Messages are claimed some at a time, by one conditional update, and sent in one conversation; each
outcome is committed before the next message's content leaves. So a crash can cost one message: the
one that the server took and the ledger doesn't say so of. It is sent again under its Message-ID.

One person's messages leave in the order in which they were written. When the server can't be
reached or has enough, no message is to blame: all wait, and this process rests before it tries
again (see `replies`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from structlog import get_logger

from eventapp.core import clock, queue
from eventapp.core.db import UtcDateTime, db, transaction
from eventapp.core.mailer.connection import MailConnection, ServerIsUnreachable
from eventapp.core.mailer.holding import withhold_useless
from eventapp.core.mailer.ledger import (
    NOT_DELIVERED_YET,
    TASK,
    WAITS,
    MailStatus,
    OutgoingMail,
    OutgoingMailBody,
    can_send,
)
from eventapp.core.mailer.outcomes import Outcomes, write_outcomes
from eventapp.core.mailer.replies import OTHERWISE, back_off
from eventapp.core.mailer.sending import (
    Batch,
    ServerRests,
    server_state,
    status_after,
)
from eventapp.core.mailer.withholding import find_bounces

CLAIM_LASTS = timedelta(minutes=5)
# What isn't begun by then is given back: the slowest message still ends before its claim.
BATCH_LASTS = timedelta(seconds=30)
WAIT_AFTER_CRASH = timedelta(seconds=30)
LISTED_AT_ONCE = 1000
CLAIMED_AT_ONCE = 200
# What one bell takes along in its conversation, so that reactions get their turn in between.
BELL_AT_MOST = 100
SWEEP_AT_MOST = 100_000
SWEEP_LASTS = timedelta(seconds=50)

# Due, and no earlier message to the same person is still on its way.
NOW = sa.bindparam("now", type_=UtcDateTime())
EARLIER = aliased(OutgoingMail)
IS_DUE = (
    OutgoingMail.status.in_(WAITS),
    OutgoingMail.due_at <= NOW,
    sa.or_(OutgoingMail.useless_from.is_(None), OutgoingMail.useless_from > NOW),
    ~sa.exists().where(
        EARLIER.door == OutgoingMail.door,
        EARLIER.id < OutgoingMail.id,
        EARLIER.status.in_(NOT_DELIVERED_YET),
    ),
)
IS_LISTED = OutgoingMail.id.in_(sa.bindparam("mail_ids", expanding=True))
# Built once: to put them together and compare them costs more than to have them executed.
CLAIM = (
    sa.update(OutgoingMail)
    .where(
        OutgoingMail.id.in_(
            sa.select(OutgoingMail.id).where(IS_LISTED, *IS_DUE).with_for_update(skip_locked=True)
        )
    )
    .values(status=MailStatus.SENDING, claimed_at=NOW, attempts=OutgoingMail.attempts + 1)
    .returning(OutgoingMail.id)
    .execution_options(synchronize_session=False)
)
# What sending takes: reading a whole row would cost as much again.
READ = (
    sa.select(
        OutgoingMail.id,
        OutgoingMail.attempts,
        OutgoingMail.claimed_at,
        OutgoingMail.webinar_id,
        OutgoingMail.to_name,
        OutgoingMail.to_address,
        OutgoingMail.reply_to,
        OutgoingMail.subject,
        OutgoingMailBody.text.label("body_text"),
        OutgoingMailBody.html.label("body_html"),
        OutgoingMailBody.calendar,
        OutgoingMail.calendar_method,
        OutgoingMail.door,
        OutgoingMail.unsubscribe_url,
        OutgoingMail.placeholder,
        OutgoingMail.message_id,
        OutgoingMail.created_at,
    )
    .join(OutgoingMail.body)
    .where(IS_LISTED)
    .order_by(OutgoingMail.id)
)

log = get_logger(__name__)


@dataclass
class Round:
    """One conversation's work: the messages that it may still send, and how many it has tried."""

    at_most: int
    ids: deque[int] = field(default_factory=deque)
    tried: int = 0


def deliver_mail(mail_id: int) -> None:
    """Send message `mail_id` if it is due, and in the same conversation some others that are."""
    if _is_silent():
        return
    first = _list_due(only=mail_id) or _list_due()
    if first:
        _deliver(Round(at_most=BELL_AT_MOST, ids=deque(first)))


def deliver_due_mail() -> int:
    """Release abandoned claims and send every message that is due; return how many were tried.

    What is of no use any more is withheld.
    """
    _release_abandoned(clock.now())
    with transaction():
        withhold_useless(clock.now())
    if _is_silent():
        return 0
    due = _list_due(limit=LISTED_AT_ONCE)
    return _deliver(Round(at_most=SWEEP_AT_MOST, ids=deque(due))) if due else 0


def _is_silent() -> bool:
    """Without a server, and for a moment after it didn't answer, nothing is tried."""
    rests_until = server_state().rests_until
    return not can_send() or (rests_until is not None and clock.now() < rests_until)


# -- which messages ----------------------------------------------------------------------------


def _list_due(*, only: int | None = None, limit: int = 1) -> Sequence[int]:
    due = sa.select(OutgoingMail.id).where(*IS_DUE)
    if only is not None:
        due = due.where(OutgoingMail.id == only)
    due = due.order_by(OutgoingMail.id).limit(limit)
    found = db.session.scalars(due, {"now": clock.now()}).all()
    db.session.rollback()
    return found


def _claim(mail_ids: Sequence[int]) -> list[sa.Row[Any]]:
    """Take those of some messages that are due and nobody else has; return what is sent."""
    with transaction() as session:
        claimed = session.scalars(CLAIM, {"mail_ids": mail_ids, "now": clock.now()}).all()
        return list(session.execute(READ, {"mail_ids": claimed}))


def _claim_next(work: Round) -> list[sa.Row[Any]]:
    """Take the next messages of a round; none once nothing is due or its share is done."""
    is_listed_anew = False
    while work.tried < work.at_most:
        if not work.ids:
            if is_listed_anew:
                break  # Others are at them.
            work.ids.extend(_list_due(limit=min(LISTED_AT_ONCE, work.at_most - work.tried)))
            is_listed_anew = True
        count = min(CLAIMED_AT_ONCE, work.at_most - work.tried, len(work.ids))
        rows = _claim([work.ids.popleft() for _ in range(count)])
        if rows:
            return rows
    return []


# -- the conversation --------------------------------------------------------------------------


def _deliver(work: Round) -> int:
    """Send messages in one conversation; return how many were tried before the time was up."""
    stop_at = clock.now() + SWEEP_LASTS
    try:
        with MailConnection() as connection, write_outcomes() as outcomes:
            while clock.now() < stop_at and (rows := _claim_next(work)):
                _send_batch(rows, connection, outcomes, work)
    except (ServerIsUnreachable, ServerRests) as error:
        _rest(error.rest, str(error))
    else:
        _ring_for_rest()
    return work.tried


def _send_batch(
    rows: Sequence[sa.Row[Any]], connection: MailConnection, outcomes: Outcomes, work: Round
) -> None:
    """Send what was claimed, one after the other; give back what there is no time for."""
    give_back_at = clock.now() + BATCH_LASTS
    bounces = find_bounces(row.to_address for row in rows)
    db.session.rollback()
    batch = Batch(rows, connection=connection, outcomes=outcomes, bounces=bounces)
    try:
        while batch.rows and clock.now() < give_back_at:
            batch.send_next()
    finally:
        work.tried += len(rows) - len(batch.rows)
        batch.end()


def _rest(rest: timedelta, reason: str) -> None:
    """Leave the server alone for a moment, and let the ledger say why its messages wait."""
    now = clock.now()
    log.warning("mail_server_rests", seconds=rest.total_seconds(), reason=reason)
    server_state().rests_until = now + rest
    with transaction() as session:
        session.execute(
            sa.update(OutgoingMail)
            .where(
                OutgoingMail.status.in_(WAITS),
                OutgoingMail.due_at <= now,
                OutgoingMail.last_error.is_distinct_from(reason),
            )
            .values(last_error=reason),
            execution_options={"synchronize_session": False},
        )


def _ring_for_rest() -> None:
    """Tell a worker of what this round left: it had its share, or its time was up."""
    for mail_id in _list_due():
        queue.tell_queue(TASK, mail_id)


# -- after a crash ----------------------------------------------------------------------------


def _release_abandoned(now: datetime) -> None:
    """Put back what a worker took and never finished.

    It sends in order, so of those claimed together it stopped at the first: a message that stops
    its worker each time does so less and less often, and the others go on without it.
    """
    abandoned = sa.select(OutgoingMail).where(
        OutgoingMail.status == MailStatus.SENDING, OutgoingMail.claimed_at < now - CLAIM_LASTS
    )
    is_any = db.session.execute(abandoned.limit(1)).first() is not None
    db.session.rollback()
    if not is_any:
        return
    stopped_at: set[datetime | None] = set()
    with transaction() as session:
        locked = abandoned.order_by(OutgoingMail.id).with_for_update(skip_locked=True)
        for row in session.scalars(locked):
            is_first = row.claimed_at not in stopped_at
            stopped_at.add(row.claimed_at)
            _release(row, now=now, has_begun=is_first)


def _release(row: OutgoingMail, *, now: datetime, has_begun: bool) -> None:
    if not has_begun:
        row.attempts -= 1
        row.status = MailStatus.RETRYING if row.attempts else MailStatus.QUEUED
        return
    row.status = status_after(row.attempts, OTHERWISE)
    wait = back_off(row.attempts, first=WAIT_AFTER_CRASH)
    row.due_at = (row.claimed_at or now) + CLAIM_LASTS + wait
    row.last_error = "The worker stopped before it could say what became of this."
