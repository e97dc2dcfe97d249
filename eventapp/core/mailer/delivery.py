"""Sending what the ledger holds: claims, outcomes and retries.

One person's messages leave in the order in which they were written. When the server can't be
reached, no message is to blame: all stay queued, and this process rests before it tries again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import aliased
from structlog import get_logger

from eventapp.core import clock, queue
from eventapp.core.db import after_commit, db, transaction
from eventapp.core.mailer.building import build_email
from eventapp.core.mailer.connection import (
    MailConnection,
    ServerIsUnreachable,
    in_words,
    is_permanent,
)
from eventapp.core.mailer.ledger import TASK, MailStatus, OutgoingMail, can_send

CLAIM_LASTS = timedelta(minutes=5)
REST_AFTER_NO_ANSWER = timedelta(seconds=45)
SHORTEST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
# With the waits above: for more than two days, as mail servers do (RFC 5321, 4.5.4.1).
MOST_ATTEMPTS = 60
# What one bell takes along in its conversation, so that reactions get their turn in between.
BELL_AT_MOST = 25
SWEEP_AT_MOST = 500
SWEEP_LASTS = timedelta(seconds=50)
RESTING = "eventapp.mail_rests_until"
NOT_DELIVERED_YET = (MailStatus.QUEUED, MailStatus.SENDING)

log = get_logger(__name__)


def deliver_mail(mail_id: int) -> None:
    """Send message `mail_id`, and in the same conversation some others that are due."""
    if _is_silent() or not _list_due(only=mail_id):
        return
    others = [due for due in _list_due(limit=BELL_AT_MOST) if due != mail_id]
    _deliver([mail_id, *others])


def deliver_due_mail() -> int:
    """Release abandoned claims and send every message that is due; return how many were tried."""
    _release_abandoned(clock.now())
    return 0 if _is_silent() else _deliver(_list_due(limit=SWEEP_AT_MOST))


def _is_silent() -> bool:
    """Without a server, and for a moment after it didn't answer, nothing is tried."""
    rests_until = current_app.extensions.get(RESTING)
    return not can_send() or (rests_until is not None and clock.now() < rests_until)


def _list_due(*, only: int | None = None, limit: int = 1) -> Sequence[int]:
    due = sa.select(OutgoingMail.id).where(*_is_due(clock.now()))
    if only is not None:
        due = due.where(OutgoingMail.id == only)
    return db.session.scalars(due.order_by(OutgoingMail.id).limit(limit)).all()


def _is_due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Due, and no earlier message to the same person is still on its way."""
    earlier = aliased(OutgoingMail)
    has_earlier = sa.exists().where(
        earlier.door == OutgoingMail.door,
        earlier.id < OutgoingMail.id,
        earlier.status.in_(NOT_DELIVERED_YET),
    )
    return (
        OutgoingMail.status == MailStatus.QUEUED,
        OutgoingMail.due_at <= now,
        ~has_earlier,
    )


def _deliver(mail_ids: Sequence[int]) -> int:
    """Send messages in one conversation; return how many were tried before the time was up."""
    if not mail_ids:
        return 0
    stop_at = clock.now() + SWEEP_LASTS
    tried = 0
    db.session.rollback()
    try:
        with MailConnection() as connection:
            for mail_id in mail_ids:
                if clock.now() > stop_at:
                    break
                tried += 1
                _deliver_one(mail_id, connection)
    except ServerIsUnreachable as error:
        _rest(str(error))
    return tried


def _deliver_one(mail_id: int, connection: MailConnection) -> None:
    """Claim a message, send it, and write down the outcome; nothing when another worker has it."""
    attempt = _claim(mail_id)
    if attempt is None:
        return
    try:
        row = db.session.get_one(OutgoingMail, mail_id)
        built = build_email(row, sender=current_app.config["MAIL_DEFAULT_SENDER"])
    except Exception as error:
        log.exception("mail_not_built", mail_id=mail_id)
        _write_failure(mail_id, attempt, in_words(error), is_final=True)
        return
    finally:
        # No transaction stays open while the server takes its time.
        db.session.rollback()
    try:
        connection.post(built)
    except ServerIsUnreachable as error:
        _write_failure(mail_id, attempt, str(error), is_final=False)
        raise
    except Exception as error:  # noqa: BLE001 - whatever stopped it is written to the ledger
        log.warning("mail_not_sent", mail_id=mail_id, reason=in_words(error))
        _write_failure(mail_id, attempt, in_words(error), is_final=is_permanent(error))
    else:
        _write_outcome(
            mail_id, attempt, status=MailStatus.SENT, sent_at=clock.now(), last_error=None
        )


def _claim(mail_id: int) -> int | None:
    """Take a message that is due; return which attempt this is, or None when it isn't ours."""
    now = clock.now()
    with transaction() as session:
        return session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.id == mail_id, *_is_due(now))
            .values(status=MailStatus.SENDING, claimed_at=now, attempts=OutgoingMail.attempts + 1)
            .returning(OutgoingMail.attempts),
            execution_options={"synchronize_session": False},
        ).scalar_one_or_none()


def _write_failure(mail_id: int, attempt: int, reason: str, *, is_final: bool) -> None:
    _write_outcome(
        mail_id,
        attempt,
        status=_status_after(attempt, is_final=is_final),
        due_at=clock.now() + back_off(attempt),
        last_error=reason,
    )


def _status_after(attempts: int, *, is_final: bool = False) -> MailStatus:
    return MailStatus.FAILED if is_final or attempts >= MOST_ATTEMPTS else MailStatus.QUEUED


def back_off(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts: 30 s, doubled, at most 1 h."""
    doubled: int = 2 ** max(0, min(attempts - 1, 20))
    return min(SHORTEST_WAIT * doubled, LONGEST_WAIT)


def _write_outcome(mail_id: int, attempt: int, **values: Any) -> None:
    """Write what became of an attempt, unless the claim was given to somebody else meanwhile."""
    with transaction() as session:
        session.execute(
            sa.update(OutgoingMail)
            .where(
                OutgoingMail.id == mail_id,
                OutgoingMail.status == MailStatus.SENDING,
                OutgoingMail.attempts == attempt,
            )
            .values(**values),
            execution_options={"synchronize_session": False},
        )
        if values["status"] not in NOT_DELIVERED_YET:
            after_commit(lambda: _ring_for_next(mail_id))


def _ring_for_next(mail_id: int) -> None:
    """Tell a worker of the same person's next message, which had to wait for this one.

    Its own bell may have been heard meanwhile and found it waiting. That is read after the outcome
    is committed: a message written later finds the way free by itself.
    """
    done = aliased(OutgoingMail)
    following = db.session.scalar(
        sa.select(OutgoingMail.id)
        .join(done, sa.and_(done.door == OutgoingMail.door, done.id < OutgoingMail.id))
        .where(done.id == mail_id, OutgoingMail.status == MailStatus.QUEUED)
        .order_by(OutgoingMail.id)
        .limit(1)
    )
    db.session.rollback()
    if following is not None:
        queue.tell_queue(TASK, following)


def _rest(reason: str) -> None:
    """Leave the server alone for a moment, and let the ledger say why its messages wait."""
    now = clock.now()
    log.warning("mail_server_unreachable", reason=reason)
    current_app.extensions[RESTING] = now + REST_AFTER_NO_ANSWER
    with transaction() as session:
        session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.status == MailStatus.QUEUED, OutgoingMail.due_at <= now)
            .values(last_error=reason),
            execution_options={"synchronize_session": False},
        )


def _release_abandoned(now: datetime) -> None:
    """Put back what a worker took and never finished.

    A message that stops its worker each time does so less and less often.
    """
    abandoned = sa.select(OutgoingMail).where(
        OutgoingMail.status == MailStatus.SENDING, OutgoingMail.claimed_at < now - CLAIM_LASTS
    )
    if db.session.execute(abandoned.limit(1)).first() is None:
        return
    with transaction() as session:
        for row in session.scalars(abandoned.with_for_update(skip_locked=True)):
            row.status = _status_after(row.attempts)
            row.due_at = (row.claimed_at or now) + CLAIM_LASTS + back_off(row.attempts - 1)
            row.last_error = "The worker stopped before it could say what became of this."
