"""Sending what the ledger holds: claims, outcomes and retries.

Messages are claimed some at a time, by one conditional update, and sent in one conversation; each
outcome is committed before the next message begins. So a crash can cost one message: the one that
the server took and the ledger doesn't say so of. It is sent again under the same Message-ID.

One person's messages leave in the order in which they were written. When the server can't be
reached or has enough, no message is to blame: all wait, and this process rests before it tries
again (see `replies`).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased
from structlog import get_logger

from eventapp.core import clock, queue
from eventapp.core.db import WITHOUT_TRANSACTION, db, transaction
from eventapp.core.mailer.building import build_email
from eventapp.core.mailer.connection import MailConnection, ServerIsUnreachable
from eventapp.core.mailer.ledger import (
    NOT_DELIVERED_YET,
    TASK,
    WAITS,
    MailStatus,
    OutgoingMail,
    can_send,
)
from eventapp.core.mailer.replies import NotTaken, Reply, Verdict, back_off, judge
from eventapp.core.mailer.withholding import find_bounces, key_of_address

CLAIM_LASTS = timedelta(minutes=5)
# What isn't begun by then is given back: the slowest message still ends before its claim.
BATCH_LASTS = timedelta(seconds=30)
WAIT_AFTER_CRASH = timedelta(seconds=30)
# With the waits in `replies`: for more than two days, as mail servers do (RFC 5321, 4.5.4.1).
MOST_ATTEMPTS = 60
LISTED_AT_ONCE = 1000
CLAIMED_AT_ONCE = 50
# What one bell takes along in its conversation, so that reactions get their turn in between.
BELL_AT_MOST = 100
SWEEP_AT_MOST = 100_000
SWEEP_LASTS = timedelta(seconds=50)
STATE = "eventapp.mail_state"
RELEASED = Verdict()

log = get_logger(__name__)


@dataclass
class ServerState:
    """What this process knows of its server: until when it rests, and how it took the last ones."""

    rests_until: datetime | None = None
    against_policy: int = 0


class ServerRests(Exception):
    """The server is to be left alone for a while."""

    def __init__(self, rest: timedelta, reason: str) -> None:
        super().__init__(reason)
        self.rest = rest


@dataclass
class Round:
    """One conversation's work: the messages that it may still send, and how many it has tried."""

    at_most: int
    ids: deque[int] = field(default_factory=deque)
    tried: int = 0


def deliver_mail(mail_id: int) -> None:
    """Send message `mail_id`, and in the same conversation some others that are due."""
    if _is_silent() or not _list_due(only=mail_id):
        return
    _deliver(Round(at_most=BELL_AT_MOST, ids=deque([mail_id])))


def deliver_due_mail() -> int:
    """Release abandoned claims and send every message that is due; return how many were tried."""
    _release_abandoned(clock.now())
    if _is_silent():
        return 0
    due = _list_due(limit=LISTED_AT_ONCE)
    return _deliver(Round(at_most=SWEEP_AT_MOST, ids=deque(due))) if due else 0


def _is_silent() -> bool:
    """Without a server, and for a moment after it didn't answer, nothing is tried."""
    rests_until = _state().rests_until
    return not can_send() or (rests_until is not None and clock.now() < rests_until)


def _state() -> ServerState:
    state: ServerState = current_app.extensions.setdefault(STATE, ServerState())
    return state


# -- which messages ----------------------------------------------------------------------------


def _list_due(*, only: int | None = None, limit: int = 1) -> Sequence[int]:
    due = sa.select(OutgoingMail.id).where(*_is_due(clock.now()))
    if only is not None:
        due = due.where(OutgoingMail.id == only)
    found = db.session.scalars(due.order_by(OutgoingMail.id).limit(limit)).all()
    db.session.rollback()
    return found


def _is_due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Due, and no earlier message to the same person is still on its way."""
    earlier = aliased(OutgoingMail)
    has_earlier = sa.exists().where(
        earlier.door == OutgoingMail.door,
        earlier.id < OutgoingMail.id,
        earlier.status.in_(NOT_DELIVERED_YET),
    )
    return (
        OutgoingMail.status.in_(WAITS),
        OutgoingMail.due_at <= now,
        ~has_earlier,
    )


def _claim(mail_ids: Sequence[int]) -> list[sa.Row[Any]]:
    """Take those of some messages that are due and nobody else has; return their rows."""
    now = clock.now()
    free = (
        sa.select(OutgoingMail.id)
        .where(OutgoingMail.id.in_(mail_ids), *_is_due(now))
        .with_for_update(skip_locked=True)
    )
    with transaction() as session:
        rows = session.execute(
            sa.update(OutgoingMail.__table__)  # type: ignore[arg-type]
            .where(OutgoingMail.id.in_(free))
            .values(status=MailStatus.SENDING, claimed_at=now, attempts=OutgoingMail.attempts + 1)
            .returning(OutgoingMail.__table__)
        ).all()
    return sorted(rows, key=lambda row: row.id)


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
        with MailConnection() as connection, _outcomes() as outcomes:
            while clock.now() < stop_at and (rows := _claim_next(work)):
                _send_batch(rows, connection, outcomes, work)
    except (ServerIsUnreachable, ServerRests) as error:
        _rest(error.rest, str(error))
    else:
        _ring_for_rest()
    return work.tried


@contextmanager
def _outcomes() -> Iterator[Connection]:
    """A connection on which each statement is committed by itself: one trip to the database."""
    options = WITHOUT_TRANSACTION[db.engine.dialect.name]
    with db.engine.connect().execution_options(**options) as connection:
        yield connection


def _send_batch(
    rows: Sequence[sa.Row[Any]], connection: MailConnection, outcomes: Connection, work: Round
) -> None:
    """Send what was claimed, one after the other; give back what there is no time for."""
    give_back_at = clock.now() + BATCH_LASTS
    waiting = deque(rows)
    bounces = find_bounces(row.to_address for row in rows)
    db.session.rollback()
    try:
        while waiting and clock.now() < give_back_at:
            row = waiting[0]
            reason = bounces.get(key_of_address(row.to_address))
            if reason is None:
                _send_one(row, connection, outcomes)
            else:
                _write_outcome(outcomes, row, status=MailStatus.WITHHELD, last_error=reason)
            waiting.popleft()
            work.tried += 1
    except ServerRests:
        waiting.popleft()
        work.tried += 1
        raise
    finally:
        for row in waiting:
            _give_back(outcomes, row)


def _send_one(row: sa.Row[Any], connection: MailConnection, outcomes: Connection) -> None:
    """Send a claimed message and write down the outcome. Raises ServerRests."""
    try:
        built = build_email(row, sender=current_app.config["MAIL_DEFAULT_SENDER"])
    except Exception as error:
        log.exception("mail_not_built", mail_id=row.id)
        reason = str(Reply.in_error(error))
        _write_outcome(outcomes, row, status=MailStatus.FAILED, last_error=reason)
        return
    try:
        connection.post(built)
    except NotTaken as refusal:
        _write_refusal(outcomes, row, refusal)
    else:
        outcomes.execute(TAKEN, {"row_id": row.id, "attempt": row.attempts, "now": clock.now()})
        _state().against_policy = 0


def _rest(rest: timedelta, reason: str) -> None:
    """Leave the server alone for a moment, and let the ledger say why its messages wait."""
    now = clock.now()
    log.warning("mail_server_rests", seconds=rest.total_seconds(), reason=reason)
    _state().rests_until = now + rest
    with transaction() as session:
        session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.status.in_(WAITS), OutgoingMail.due_at <= now)
            .values(last_error=reason),
            execution_options={"synchronize_session": False},
        )


def _ring_for_rest() -> None:
    """Tell a worker of what this round left: it had its share, or its time was up."""
    for mail_id in _list_due():
        queue.tell_queue(TASK, mail_id)


# -- outcomes ----------------------------------------------------------------------------------

# A claim may have been given to somebody else meanwhile, who then counts another attempt.
IS_OURS = (
    OutgoingMail.id == sa.bindparam("row_id"),
    OutgoingMail.status == MailStatus.SENDING,
    OutgoingMail.attempts == sa.bindparam("attempt"),
)
TAKEN = (
    sa.update(OutgoingMail.__table__)  # type: ignore[arg-type]
    .where(*IS_OURS)
    .values(status=MailStatus.SENT, sent_at=sa.bindparam("now"), last_error=None)
)


def _write_outcome(outcomes: Connection, row: sa.Row[Any], **values: Any) -> None:
    outcomes.execute(
        sa.update(OutgoingMail.__table__)  # type: ignore[arg-type]
        .where(*IS_OURS)
        .values(**values),
        {"row_id": row.id, "attempt": row.attempts},
    )


def _write_refusal(outcomes: Connection, row: sa.Row[Any], refusal: NotTaken) -> None:
    """Write down why a message wasn't taken. Raises ServerRests where that isn't its own matter."""
    state, reply = _state(), refusal.reply
    verdict = judge(refusal.step, reply, against_policy=state.against_policy)
    state.against_policy = state.against_policy + 1 if reply.is_against_policy else 0
    log.warning("mail_not_sent", mail_id=row.id, step=refusal.step.value, reason=str(reply))
    attempts = row.attempts if verdict.costs_attempt else row.attempts - 1
    _write_outcome(
        outcomes,
        row,
        status=_status_after(attempts, verdict),
        attempts=attempts,
        due_at=clock.now() + back_off(attempts, first=verdict.wait),
        last_error=str(reply),
    )
    if verdict.rest is not None:
        raise ServerRests(verdict.rest, str(reply))


def _status_after(attempts: int, verdict: Verdict) -> MailStatus:
    has_failed = verdict.is_final or attempts >= MOST_ATTEMPTS
    return MailStatus.FAILED if has_failed else MailStatus.RETRYING


def _give_back(outcomes: Connection, row: sa.Row[Any]) -> None:
    """Let a message that was claimed and not begun wait on, as if it hadn't been claimed."""
    attempts = row.attempts - 1
    status = MailStatus.RETRYING if attempts else MailStatus.QUEUED
    _write_outcome(outcomes, row, status=status, attempts=attempts)


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
    row.status = _status_after(row.attempts, RELEASED)
    wait = back_off(row.attempts, first=WAIT_AFTER_CRASH)
    row.due_at = (row.claimed_at or now) + CLAIM_LASTS + wait
    row.last_error = "The worker stopped before it could say what became of this."
