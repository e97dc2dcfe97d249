"""Reading what decides how people get in, once their webinar is locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.registrations.models import Registration, RegistrationPolicy
from eventapp.registrations.queries.seats import (
    OF_WEBINAR,
    SEATS_BY_LIMIT,
    SeatCount,
    read_seats,
)
from eventapp.registrations.queries.terms import TERMS, read_policy
from eventapp.registrations.rules import Policy
from eventapp.webinars.models import Webinar


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """The terms, the seats, and whether any of those who come is registered already."""

    policy: Policy
    seats: SeatCount
    is_anyone_known: bool


def get_entrance(webinar: Webinar, email_keys: Sequence[str], *, now: datetime) -> Entrance:
    """Read all that registering asks for in one statement, since everybody else waits for it.

    Whoever calls holds the webinar's lock. The terms can't be read with the lock itself: PostgreSQL
    answers that statement as things were when it began to wait.
    """
    row = db.session.execute(
        SELECT_ENTRANCE[webinar.capacity is not None],
        {"webinar_id": webinar.id, "email_keys": email_keys, "now": now},
    ).one()
    return Entrance(
        policy=read_policy(row), seats=read_seats(row), is_anyone_known=row.is_anyone_known
    )


def _select_entrance(seats: Sequence[sa.ColumnElement[Any]]) -> sa.Select[*tuple[Any, ...]]:
    is_one_of_them = Registration.email_key.in_(sa.bindparam("email_keys", expanding=True))
    return (
        sa.select(
            *TERMS,
            *seats,
            sa.exists()
            .where(Registration.webinar_id == OF_WEBINAR, is_one_of_them)
            .label("is_anyone_known"),
        )
        .outerjoin_from(Webinar.__table__, RegistrationPolicy.__table__)
        .where(Webinar.id == OF_WEBINAR)
    )


SELECT_ENTRANCE = {
    is_limited: _select_entrance(seats) for is_limited, seats in SEATS_BY_LIMIT.items()
}
