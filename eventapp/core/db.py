"""The database: one declarative base, UTC columns, and the one way to write.

Reads use `db.session`. Writes happen inside `with transaction():`, at the edge (a route, a job, a
command): actions flush and never commit, so that they compose.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from structlog import get_logger

from eventapp.core import events
from eventapp.core.turns import Turns

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

SQLITE_BUSY_MILLISECONDS = 15_000
WITHOUT_TRANSACTION: dict[str, dict[str, Any]] = {
    "sqlite": {"sqlite_begin": None},
    "postgresql": {"isolation_level": "AUTOCOMMIT"},
}
# More than there are threads: one that holds a connection and asks for a second must get it.
POOL = {"pool_size": 16, "max_overflow": 10}
# Primary result codes of SQLite that tell of the machine and the moment, not of our statement.
OUT_OF_REACH = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}
PRIMARY_CODE = 0xFF
# What people wrote stays out of error messages, and so out of logs.
DISCREET = {"hide_parameters": True}
# A connection that rested longer is asked whether it still stands before it is used again.
RESTED_SECONDS = 1.0

log = get_logger(__name__)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware moment, stored in UTC; a naive one is refused before it reaches the database."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a naive time reached the database: {value!r}"
            raise ValueError(message)
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class PlainText(sa.TypeDecorator[str]):
    """Text; a NUL, which PostgreSQL can't hold and nobody types, is stored and sought as U+FFFD."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return value if value is None else value.replace("\0", "\ufffd")


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: UtcDateTime(), str: PlainText()}  # noqa: RUF012 - as SQLAlchemy asks


db = SQLAlchemy(metadata=Base.metadata)


def string_enum(values: type[StrEnum]) -> sa.Enum:
    """A column type for `values`: their text, checked by the database on every engine."""
    return sa.Enum(
        values,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        name=values.__name__.lower(),
    )


def init_app(app: Flask, *, database_url: str) -> None:
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = POOL | DISCREET
    if database_url.startswith("sqlite:///"):
        Path(database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    # Registered after the extension's own, and so called before it.
    app.teardown_appcontext(_end_reading)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
            app.extensions["eventapp.turns_to_write"] = Turns()
        else:
            _ping_rested_connections(db.engine)


def _end_reading(_error: BaseException | None) -> None:
    """Close the session; that its connection is gone by now takes nothing back from the answer."""
    try:
        db.session.remove()
    except sa.exc.DBAPIError as error:
        log.warning("connection_lost", reason=str(error.orig))
        db.session.registry.clear()


def _prepare_sqlite(engine: Engine) -> None:
    """WAL, enforced foreign keys, and transactions begun by us (the driver's own begin is off).

    Its own lower() knows the letters of ASCII alone.
    """

    @event.listens_for(engine, "connect")
    def set_up(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        connection.create_function("lower", 1, _lower, deterministic=True)
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout = {SQLITE_BUSY_MILLISECONDS}",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "foreign_keys = ON",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        if mode is not None:
            connection.exec_driver_sql(f"BEGIN {mode}")


def _lower(value: str | bytes | float | None) -> str | None:
    """Return what SQLite's lower() would, in any alphabet."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    return value if value is None else str(value).lower()


def _ping_rested_connections(engine: Engine) -> None:
    """Replace connections that a restarted server has closed.

    SQLAlchemy's own `pool_pre_ping` asks before every use, which costs each visit one more trip to
    the server; what was in use a moment ago needs no asking.
    """

    @event.listens_for(engine, "checkin")
    def note_time(_connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ping(
        connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        rests_since = record.info.get("rests_since", time.monotonic())
        if time.monotonic() - rests_since < RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except Exception as error:
            # The pool then opens a new connection in its place, and asks for no second reason.
            raise sa.exc.DisconnectionError from error


def is_out_of_reach(error: sa.exc.SQLAlchemyError) -> bool:
    """Whether the database is locked, full or away, so that trying again later may help.

    Drivers call these operational errors (PEP 249); SQLite's calls a wrong statement so too.
    """
    if isinstance(error, sa.exc.TimeoutError):  # Every connection of the pool is in use.
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        code: int = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return code & PRIMARY_CODE in OUT_OF_REACH
    return error.connection_invalidated or isinstance(error, sa.exc.OperationalError)


@contextmanager
def transaction() -> Iterator[Session]:
    """Write: everything inside is committed together, with the consequences of its events.

    Ends the read that came before, so that what a decision rests on is read again under the lock
    (SQLite: `BEGIN IMMEDIATE`; PostgreSQL: rows that the action locks). After the commit the queue
    is told and live pushes go out.
    """
    session = db.session()
    if session.info.get("is_writing"):
        message = "transaction() inside transaction(): actions never commit"
        raise RuntimeError(message)
    session.rollback()
    recorded: list[events.Event] = []
    announcements: list[events.Announcement] = []
    with _turn_to_write():
        session.info |= {
            "is_writing": True,
            "recorded_events": recorded,
            "announcements": announcements,
        }
        try:
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            yield session
            session.flush()
            events.run_effects(recorded)
            announcements += events.write_consequences(session, recorded)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            for key in ("is_writing", "recorded_events", "announcements"):
                session.info.pop(key, None)
    for announce in announcements:
        _announce(announce)


def _turn_to_write() -> AbstractContextManager[None]:
    """Queue for SQLite's one lock.

    Left to themselves, threads that wait for it look again less and less often and are overtaken by
    whoever comes later, until some have waited for too long.
    """
    turns: Turns | None = current_app.extensions.get("eventapp.turns_to_write")
    return turns.take(seconds=SQLITE_BUSY_MILLISECONDS / 1000) if turns else nullcontext()


def _announce(announce: events.Announcement) -> None:
    """Tell of what is committed; a failure costs freshness only: sweeps and pages catch up."""
    try:
        announce()
    except Exception:
        log.exception("announcement_failed")


def record(fact: events.Event) -> None:
    """Note that `fact` happened in the running transaction; its reactions are written with it."""
    _of_running_transaction("recorded_events").append(fact)


def after_commit(announce: events.Announcement) -> None:
    """Call `announce` once the running transaction is committed; for what may be lost."""
    _of_running_transaction("announcements").append(announce)


def _of_running_transaction(key: str) -> list[Any]:
    kept: list[Any] | None = db.session().info.get(key)
    if kept is None:
        message = "this belongs inside `with transaction():`"
        raise RuntimeError(message)
    return kept


def find_row(
    statement: sa.Select[*tuple[Any, ...]], **values: Any
) -> sa.Row[*tuple[Any, ...]] | None:
    """Read one row by one statement, for what every visit asks: no session, no transaction.

    Both would cost more than the question: on PostgreSQL two more trips to the server.
    """
    options = WITHOUT_TRANSACTION[db.engine.dialect.name]
    with db.engine.connect().execution_options(**options) as connection:
        return connection.execute(statement, values).first()


def id_of(row: Base) -> int:
    """Return a stored row's id without reading the row again, as its attribute may.

    A copy of one, which no session knows, has it as it was made.
    """
    state = sa.inspect(row)
    [row_id] = state.identity or (state.dict.get("id"),)
    if row_id is None:
        message = "a row that isn't stored has no id"
        raise LookupError(message)
    found: int = row_id
    return found


def count_rows(statement: sa.Select[Any]) -> int:
    """Return how many rows `statement` would give, without loading them."""
    counted = sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())
    return db.session.execute(counted).scalar_one()
