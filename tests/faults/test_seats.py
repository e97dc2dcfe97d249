"""300 people at once for 50 seats, at 4 web processes; and the control without the lock."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
import sqlalchemy as sa

from bench.visitors import has_registered, register
from eventapp.core.db import db
from eventapp.registrations.models import Registration, RegistrationStatus
from tests.faults.conftest import SEATS, SLUG

PEOPLE = 300
PROCESSES = 4
FORM = f"/webinars/{SLUG}/register"
TRIES = 3


async def come_at_once(form_address, people, *, first=0):
    """Return the page that each saw in the end."""
    return await asyncio.gather(
        *(register(form_address, number) for number in range(first, first + people))
    )


def list_arrivals(app):
    with app.app_context():
        rows = db.session.execute(
            sa.select(Registration.id, Registration.status).order_by(
                Registration.queued_at, Registration.id
            )
        ).all()
        db.session.rollback()
    return rows


@pytest.mark.every_engine
def test_exactly_as_many_get_in_as_there_are_seats(app, serve):
    url = serve("eventapp.wsgi:app", processes=PROCESSES)

    pages = asyncio.run(come_at_once(url + FORM, PEOPLE))

    arrivals = list_arrivals(app)
    assert Counter(page.status for page in pages) == {200: PEOPLE}
    assert all(has_registered(page) for page in pages)
    # Ids are given while the lock is held, so in its order everyone comes after the last.
    assert [row.id for row in arrivals] == sorted(row.id for row in arrivals)
    assert [row.status for row in arrivals] == [
        *[RegistrationStatus.CONFIRMED] * SEATS,
        *[RegistrationStatus.WAITING] * (PEOPLE - SEATS),
    ]


@pytest.mark.on_postgresql
def test_without_the_lock_more_get_in_than_there_are_seats(app, serve):
    """The control. SQLite locks the whole database for every write, so nothing races there."""
    url = serve("tests.faults.without_lock:app", processes=1)

    for attempt in range(TRIES):
        asyncio.run(come_at_once(url + FORM, 2 * SEATS, first=attempt * 2 * SEATS))
        statuses = Counter(row.status for row in list_arrivals(app))
        if statuses[RegistrationStatus.CONFIRMED] > SEATS:
            break

    assert statuses[RegistrationStatus.CONFIRMED] > SEATS
