"""Pages of a webinar's list, and what stands on one person's page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from eventapp.core import lists
from eventapp.core.db import count_rows, db
from eventapp.registrations.desk_queries.wanted import (
    Sort,
    Wanted,
    matching,
    order_of,
    wanted_rows,
)
from eventapp.registrations.models import AccessCode, Registration, RegistrationStatus
from eventapp.registrations.queries import find_registration

PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """One page of a webinar's list; `counts` has every status, whichever is shown.

    `next_after` and `previous_before` are the ids that the neighbouring pages begin at; None where
    there is none. Among those who wait, `places` has the place in the queue of each one shown.
    """

    registrations: list[Registration]
    counts: dict[RegistrationStatus, int]
    total: int
    next_after: int | None
    previous_before: int | None
    places: dict[int, int] = field(default_factory=dict)

    @property
    def all_count(self) -> int:
        return sum(self.counts.values())


def list_page(
    webinar_id: int,
    wanted: Wanted,
    *,
    sort: Sort = Sort.NEWEST,
    after: int | None = None,
    before: int | None = None,
) -> ListPage:
    """Return a page of registrations: the first, or the one after or before a registration.

    It is the first also where that registration was erased meanwhile.

    Pages are found by what stands in the index, not counted off from the beginning: the thousandth
    takes as long as the first.
    """
    order = order_of(wanted, sort)
    is_backwards = after is None and before is not None
    statement = wanted_rows(webinar_id, wanted)
    anchor = before if is_backwards else after
    if anchor is not None:
        statement = statement.where(order.beyond(anchor, is_backwards=is_backwards))
    found = list(
        db.session.scalars(
            statement.order_by(*order.by(is_backwards=is_backwards)).limit(PER_PAGE + 1)
        )
    )
    if anchor is not None and not found and find_registration(anchor) is None:
        return list_page(webinar_id, wanted, sort=sort)
    has_more = len(found) > PER_PAGE
    shown = found[:PER_PAGE][::-1] if is_backwards else found[:PER_PAGE]
    has_next = bool(shown) and (is_backwards or has_more)
    has_previous = bool(shown) and (has_more if is_backwards else anchor is not None)
    counts = lists.count_by_status(
        matching(webinar_id, wanted), Registration.status, RegistrationStatus
    )
    return ListPage(
        registrations=shown,
        counts=counts,
        total=sum(counts.values()) if wanted.status is None else counts[wanted.status],
        next_after=shown[-1].id if has_next else None,
        previous_before=shown[0].id if has_previous else None,
        places=_places_of(webinar_id, shown) if _is_queue(wanted) else {},
    )


def _is_queue(wanted: Wanted) -> bool:
    return wanted.status == RegistrationStatus.WAITING


def _places_of(webinar_id: int, shown: Sequence[Registration]) -> dict[int, int]:
    """Return the place of each in the whole queue, whatever the list is narrowed to, by id."""
    place = sa.func.row_number().over(order_by=(Registration.queued_at, Registration.id))
    queue = (
        sa.select(Registration.id, place.label("place"))
        .where(
            Registration.webinar_id == webinar_id,
            Registration.status == RegistrationStatus.WAITING,
        )
        .subquery()
    )
    rows = db.session.execute(
        sa.select(queue.c.id, queue.c.place).where(queue.c.id.in_([each.id for each in shown]))
    )
    return {row.id: row.place for row in rows}


def count_held(webinar_id: int) -> int:
    """Return how many seats are held for people who haven't confirmed their address yet."""
    return count_rows(
        sa.select(Registration.id).where(
            Registration.webinar_id == webinar_id,
            Registration.status == RegistrationStatus.UNVERIFIED,
            Registration.held_until.is_not(None),
        )
    )


def list_registered_together(registration: Registration) -> list[Registration]:
    """Return whom this person registered as well."""
    return list(
        db.session.scalars(
            sa.select(Registration)
            .where(Registration.registered_by_id == registration.id)
            .order_by(Registration.id)
        )
    )


def find_code_by_id(code_id: int | None) -> AccessCode | None:
    return db.session.get(AccessCode, code_id) if code_id is not None else None
