"""Writing down what became of a claimed message, each outcome committed by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from eventapp.core import clock
from eventapp.core.db import WITHOUT_TRANSACTION, db
from eventapp.core.mailer.ledger import MailStatus, OutgoingMail

TABLE = OutgoingMail.metadata.tables[OutgoingMail.__tablename__]
# A claim may have been given to somebody else meanwhile, who made it at another moment.
IS_OURS = (
    TABLE.c.id == sa.bindparam("row_id"),
    TABLE.c.status == MailStatus.SENDING,
    TABLE.c.claimed_at == sa.bindparam("claim"),
)
TAKEN = (
    sa.update(TABLE)
    .where(*IS_OURS)
    .values(status=MailStatus.SENT, sent_at=sa.bindparam("now"), last_error=None)
)
# The same as its driver takes it.
TAKEN_IN_SQL = (
    "UPDATE outgoing_mails SET status = 'sent', sent_at = {0}, last_error = NULL "
    "WHERE id = {0} AND status = 'sending' AND claimed_at = {0}"
)
MARKS = {"sqlite": "?", "postgresql": "%s"}


class Outcomes:
    """A connection on which each statement is committed by itself: one trip to the database.

    That a message was taken, as most are, is written by the driver alone: on the way through
    SQLAlchemy it would cost as much again.
    """

    def __init__(self, connection: Connection) -> None:
        dialect = connection.dialect
        self._connection = connection
        self._cursor = connection.connection.cursor()
        self._taken = TAKEN_IN_SQL.format(MARKS[dialect.name])
        self._errors = dialect.loaded_dbapi.Error
        moments = TABLE.c.sent_at.type.dialect_impl(dialect)
        self._in_driver = moments.bind_processor(dialect) or _as_it_is

    def write_taken(self, row: sa.Row[Any]) -> None:
        now = clock.now()
        values = (self._in_driver(now), row.id, self._in_driver(row.claimed_at))
        try:
            self._cursor.execute(self._taken, values)
        except self._errors:
            # SQLAlchemy knows of what its own statements meet with that a connection is lost.
            self._connection.execute(TAKEN, {**_claim_of(row), "now": now})

    def write(self, row: sa.Row[Any], **values: Any) -> None:
        """Write what became of an attempt, unless the message is somebody else's meanwhile."""
        written = sa.update(TABLE).where(*IS_OURS).values(**values)
        self._connection.execute(written, _claim_of(row))


def _claim_of(row: sa.Row[Any]) -> dict[str, Any]:
    return {"row_id": row.id, "claim": row.claimed_at}


def _as_it_is(value: Any) -> Any:
    return value


@contextmanager
def write_outcomes() -> Iterator[Outcomes]:
    """Give a connection for the outcomes of one conversation.

    PostgreSQL need not have them on its disk before the next message leaves: they outlive the
    worker all the same, and where the database's machine loses power, the messages of its last
    moments leave once more, under their Message-ID. SQLite is set up in the same way.
    """
    options = WITHOUT_TRANSACTION[db.engine.dialect.name]
    with (
        db.engine.connect().execution_options(**options) as connection,
        _committed_at_ease(connection),
    ):
        yield Outcomes(connection)


@contextmanager
def _committed_at_ease(connection: Connection) -> Iterator[None]:
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.exec_driver_sql("SET synchronous_commit TO off")
    try:
        yield
    finally:
        if not connection.invalidated:
            connection.exec_driver_sql("RESET synchronous_commit")
