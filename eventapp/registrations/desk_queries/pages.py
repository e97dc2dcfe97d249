"""Pages of a webinar's list, and what stands on one person's page."""

from __future__ import annotations

from dataclasses import dataclass

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

PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """One page of a webinar's list; `counts` has every status, whichever is shown.

    `next_after` and `previous_before` are the ids that the neighbouring pages begin at; None where
    there is none. `first_place` is the place in the queue of the first one shown.
    """

    registrations: list[Registration]
    counts: dict[RegistrationStatus, int]
    total: int
    next_after: int | None
    previous_before: int | None
    first_place: int = 1

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
        first_place=_place_of(shown[0]) if has_previous and _is_queue(wanted) else 1,
    )


def _is_queue(wanted: Wanted) -> bool:
    return wanted == Wanted(status=RegistrationStatus.WAITING)


def _place_of(registration: Registration) -> int:
    order = order_of(Wanted(status=RegistrationStatus.WAITING), Sort.NEWEST)
    earlier = sa.select(Registration).where(
        Registration.webinar_id == registration.webinar_id,
        Registration.status == RegistrationStatus.WAITING,
        order.beyond(registration.id, is_backwards=True),
    )
    return 1 + count_rows(earlier)


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
