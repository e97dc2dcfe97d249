"""Messages that were written and aren't to leave: called back, or come too late to be of use."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.mailer.ledger import NOT_DELIVERED_YET, WAITS, MailStatus, OutgoingMail

TOO_LATE = "It couldn't leave while it was still of use."
UNSYNCHRONISED = {"synchronize_session": False}


def withhold(*which: sa.ColumnElement[bool], reason: str, now: datetime) -> None:
    """Let none of some messages leave that haven't left yet.

    One that a worker has already taken either leaves at this moment, or is withheld as soon as the
    worker gives it back.
    """
    status = OutgoingMail.status
    withheld = sa.literal(MailStatus.WITHHELD, status.type)
    is_waiting = status.in_(WAITS)
    db.session.execute(
        sa.update(OutgoingMail)
        .where(status.in_(NOT_DELIVERED_YET), *which)
        .values(
            status=sa.case((is_waiting, withheld), else_=status),
            last_error=sa.case((is_waiting, reason), else_=OutgoingMail.last_error),
            useless_from=now,
        ),
        execution_options=UNSYNCHRONISED,
    )


def let_go(
    *which: sa.ColumnElement[bool], reason: str, useless_from: datetime | None = None
) -> None:
    """Let those of some messages leave that were withheld for `reason`, until `useless_from`.

    Of who was erased meanwhile there is nothing left to send.
    """
    status = OutgoingMail.status
    queued, retrying = (
        sa.literal(each, status.type) for each in (MailStatus.QUEUED, MailStatus.RETRYING)
    )
    is_held = sa.and_(
        status == MailStatus.WITHHELD,
        OutgoingMail.last_error.in_((reason, TOO_LATE)),
        OutgoingMail.to_address != "",
    )
    db.session.execute(
        sa.update(OutgoingMail)
        .where(sa.or_(is_held, status.in_(NOT_DELIVERED_YET)), *which)
        .values(
            status=sa.case(
                (status != MailStatus.WITHHELD, status),
                (OutgoingMail.attempts == 0, queued),
                else_=retrying,
            ),
            last_error=sa.case((is_held, None), else_=OutgoingMail.last_error),
            useless_from=useless_from,
        ),
        execution_options=UNSYNCHRONISED,
    )


def withhold_useless(now: datetime) -> None:
    """Withhold what waits and is of no use any more, so that it keeps nothing else waiting."""
    db.session.execute(
        sa.update(OutgoingMail)
        .where(OutgoingMail.status.in_(WAITS), OutgoingMail.useless_from <= now)
        .values(status=MailStatus.WITHHELD, last_error=TOO_LATE),
        execution_options=UNSYNCHRONISED,
    )
