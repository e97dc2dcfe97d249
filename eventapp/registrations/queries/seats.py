"""Reading who has a seat and who waits; counts come out of indexes, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.core.db import UtcDateTime, count_rows, db
from eventapp.registrations.models import (
    Registration,
    RegistrationStatus,
)


def takes_seat() -> sa.ColumnElement[bool]:
    """Match who takes a seat: confirmed, offered one, or while it is held for them."""
    return sa.or_(
        Registration.status.in_((RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED)),
        sa.and_(
            Registration.status == RegistrationStatus.UNVERIFIED,
            Registration.held_until.is_not(None),
        ),
    )


def count_taken(webinar_id: int) -> int:
    """Return how many seats are taken."""
    return db.session.execute(sa.select(taken_in(webinar_id))).scalar_one()


def taken_in(webinar_id: int | sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """Count a webinar's taken seats, as a part of a statement.

    In two parts, each out of an index alone: together they would read every row.
    """
    seated = (RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED)
    is_held = (
        Registration.status == RegistrationStatus.UNVERIFIED,
        Registration.held_until.is_not(None),
    )
    return _count_where(webinar_id, Registration.status.in_(seated)) + _count_where(
        webinar_id, *is_held
    )


def _count_where(
    webinar_id: int | sa.ColumnElement[int], *conditions: sa.ColumnElement[bool]
) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(Registration)
        .where(Registration.webinar_id == webinar_id, *conditions)
        .scalar_subquery()
    )


@dataclass(frozen=True, kw_only=True)
class SeatCount:
    """What seats are given by; `taken` is 0 where there is no limit to count for."""

    taken: int
    has_waiting: bool
    has_lapsed: bool
    last_arrival: datetime | None


def count_seats(webinar_id: int, *, is_limited: bool, now: datetime) -> SeatCount:
    """Look up all that giving a seat asks for in one statement, since the lock is held.

    Each part of it comes out of an index, however many have registered.
    """
    statement = COUNT_SEATS[is_limited]
    return read_seats(db.session.execute(statement, {"webinar_id": webinar_id, "now": now}).one())


def read_seats(row: sa.Row[Any]) -> SeatCount:
    """Read the count out of a row with its columns."""
    return SeatCount(
        taken=row.taken,
        has_waiting=row.has_waiting,
        has_lapsed=row.has_lapsed,
        last_arrival=row.last_arrival,
    )


def _seats(taken: sa.ColumnElement[int]) -> list[sa.ColumnElement[Any]]:
    """The columns of a SeatCount, as parts of a statement."""
    of_webinar = Registration.webinar_id == OF_WEBINAR
    return [
        taken.label("taken"),
        sa.exists()
        .where(of_webinar, Registration.status == RegistrationStatus.WAITING)
        .label("has_waiting"),
        sa.exists()
        .where(of_webinar, Registration.held_until <= sa.bindparam("now", type_=UtcDateTime()))
        .label("has_lapsed"),
        sa.select(sa.func.max(Registration.queued_at))
        .where(of_webinar)
        .scalar_subquery()
        .label("last_arrival"),
    ]


OF_WEBINAR: sa.BindParameter[int] = sa.bindparam("webinar_id", type_=sa.Integer)
# Built once: putting a statement together takes as long as the database does to answer it.
SEATS_BY_LIMIT = {True: _seats(taken_in(OF_WEBINAR)), False: _seats(sa.literal(0))}
COUNT_SEATS = {is_limited: sa.select(*seats) for is_limited, seats in SEATS_BY_LIMIT.items()}


def list_lapsed(webinar_id: int, *, now: datetime) -> list[Registration]:
    """Return for whom a seat was kept that they didn't take in time, first come first."""
    return list(
        db.session.scalars(
            sa.select(Registration)
            .where(Registration.webinar_id == webinar_id, Registration.held_until <= now)
            .order_by(Registration.queued_at, Registration.id)
        )
    )


def list_webinars_with_lapsed(*, now: datetime, at_most: int) -> list[int]:
    """Return the ids of webinars in which a seat was kept for too long."""
    return list(
        db.session.scalars(
            sa.select(Registration.webinar_id)
            .where(Registration.held_until <= now)
            .distinct()
            .limit(at_most)
        )
    )


def list_waiting(webinar_id: int, *, at_most: int | None = None) -> list[Registration]:
    """Return who waits, first come first."""
    waiting = _with_status(webinar_id, RegistrationStatus.WAITING)
    return list(
        db.session.scalars(waiting.order_by(Registration.queued_at, Registration.id).limit(at_most))
    )


def list_offered(webinar_id: int) -> list[Registration]:
    """Return to whom a seat is offered."""
    return list(db.session.scalars(_with_status(webinar_id, RegistrationStatus.OFFERED)))


def count_waiting(webinar_id: int) -> int:
    return count_rows(_with_status(webinar_id, RegistrationStatus.WAITING))


def find_place_in_queue(registration: Registration) -> int | None:
    """Return the place in the waiting list, from 1; None for who isn't waiting."""
    if registration.status != RegistrationStatus.WAITING:
        return None
    before = sa.or_(
        Registration.queued_at < registration.queued_at,
        sa.and_(
            Registration.queued_at == registration.queued_at, Registration.id < registration.id
        ),
    )
    return 1 + count_rows(
        _with_status(registration.webinar_id, RegistrationStatus.WAITING).where(before)
    )


def _with_status(webinar_id: int, status: RegistrationStatus) -> sa.Select[Registration]:
    return sa.select(Registration).where(
        Registration.webinar_id == webinar_id, Registration.status == status
    )
