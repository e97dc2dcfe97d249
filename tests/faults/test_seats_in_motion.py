"""People come and leave while an organiser changes the number of seats, at 4 web processes.

A plan mixes all of it in an order that a seed decides, and many hands work through it side by
side, so how the steps meet is chance. Meanwhile the database is looked at again and again, each
time by one statement, which sees one moment.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from threading import Event
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from bench.visitors import HIDDEN, Browser, address_of, client_of, has_registered, register
from eventapp.accounts.actions import create_organiser
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.core.outbox import OutboxJob
from eventapp.core.tokens import derive_token
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.forms import local_time
from eventapp.webinars.models import Webinar
from tests.faults.conftest import SEATS, SLUG

PEOPLE = 120
LEAVING = 48
CHANGES = 10
FEW = range(10, 25)
MANY = range(25, 41)
AT_ONCE = 20
PROCESSES = 4
SECONDS_BETWEEN_LOOKS = 0.02
FORM = f"/webinars/{SLUG}/register"
SIGN_IN = "/manage/sign-in"
SIGNING_IN = {"email": "olga@example.org", "password": "a long enough password"}


# -- what is planned -------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Steps in an order that chance decides, and the capacities that they lead through.

    Each capacity comes once, so that it tells which changes have been made.
    """

    steps: list[str]
    capacities: list[int]


def make_plan(chance):
    fewer, more = chance.sample(FEW, CHANGES // 2), chance.sample(MANY, CHANGES // 2)
    steps = ["come"] * PEOPLE + ["leave"] * LEAVING + ["change"] * CHANGES
    chance.shuffle(steps)
    turns = [number for pair in zip(fewer, more, strict=True) for number in pair]
    return Plan(steps=steps, capacities=[SEATS, *turns])


# -- who does it -----------------------------------------------------------------------------------


@dataclass
class Crowd:
    """Hands that work through a plan, and what each person saw in the end."""

    app: object
    url: str
    chance: random.Random
    organiser: Organiser
    came: dict[int, object] = field(default_factory=dict)
    left: dict[int, object] = field(default_factory=dict)

    async def work_through(self, plan):
        steps, self._numbers = iter(plan.steps), iter(range(PEOPLE))
        self._present, self._capacities = [], iter(plan.capacities[1:])
        self._changing = asyncio.Lock()

        async def lend_a_hand():
            for step in steps:
                await getattr(self, f"_{step}")()

        await asyncio.gather(*(lend_a_hand() for _ in range(AT_ONCE)))

    async def _come(self):
        number = next(self._numbers)
        self.came[number] = await register(self.url + FORM, number)
        self._present.append(number)

    async def _leave(self):
        """Cancel as one of those who are in, by their personal link; with nobody in, pass by."""
        if not self._present:
            return
        number = self._present.pop(self.chance.randrange(len(self._present)))
        path = f"{door_of(self.app, number)}cancel"
        async with open_browser(self.url, number) as browser:
            form = await browser.get(path)
            self.left[number] = await browser.follow(await browser.post(path, fields_of(form)))

    async def _change(self):
        async with self._changing:
            await self.organiser.change_capacity(next(self._capacities))


@dataclass
class Organiser:
    """An organiser at the desk, and what they saw after each change."""

    browser: Browser
    path: str
    typed: dict[str, str]
    pages: list[object] = field(default_factory=list)

    async def sign_in(self):
        async with self.browser:
            form = await self.browser.get(SIGN_IN)
            await self.browser.post(SIGN_IN, fields_of(form) | SIGNING_IN)

    async def change_capacity(self, capacity):
        async with self.browser:
            form = await self.browser.get(f"{self.path}edit")
            page = await self.browser.post(
                f"{self.path}edit", fields_of(form) | self.typed | {"capacity": str(capacity)}
            )
            self.pages.append(await self.browser.follow(page))


def open_browser(url, number):
    parts = urlsplit(url)
    return Browser(parts.hostname, parts.port, client_of(number))


def fields_of(page):
    found = HIDDEN.search(page.body)
    return {"csrf_token": found.group(1).decode() if found else ""}


def door_of(app, number):
    """Return the path that the confirmation leads this person to."""
    with app.app_context():
        uid = db.session.scalar(
            sa.select(Registration.uid).where(Registration.email == address_of(number))
        )
        db.session.rollback()
        return f"/r/{derive_token('registration', uid)}/"


@pytest.fixture
def invite(app, webinar_id):
    """Give somebody an account at the desk; they haven't signed in yet."""

    def make(url):
        with app.app_context():
            with transaction():
                create_organiser(name="Olga Organiser", **SIGNING_IN, now=clock.now())
            webinar = db.session.get_one(Webinar, webinar_id)
            zone = webinar.time_zone
            typed = {
                "title": webinar.title,
                "starts_local": local_time(webinar.starts_at, zone).isoformat("T", "minutes"),
                "ends_local": local_time(webinar.ends_at, zone).isoformat("T", "minutes"),
                "time_zone": zone,
                "language": webinar.language,
                "join_url": webinar.join_url,
                "room_access": webinar.room_access.value,
                "contact_name": webinar.contact_name,
                "contact_email": webinar.contact_email,
            }
            db.session.rollback()
        path = f"/manage/webinars/{webinar_id}/"
        return Organiser(browser=open_browser(url, PEOPLE), path=path, typed=typed)

    return make


# -- who looks on ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Look:
    """What stood in the database at one moment; people in the order in which they arrived."""

    capacity: int
    people: dict[int, RegistrationStatus]

    def having(self, status):
        return [person for person, has in self.people.items() if has == status]

    @property
    def seated(self):
        return self.having(RegistrationStatus.CONFIRMED)

    @property
    def waiting(self):
        return self.having(RegistrationStatus.WAITING)

    @property
    def gone(self):
        return self.having(RegistrationStatus.CANCELLED)


def look(app, webinar_id):
    with app.app_context():
        rows = db.session.execute(
            sa.select(Webinar.capacity, Registration.id, Registration.status)
            .outerjoin(Registration, Registration.webinar_id == Webinar.id)
            .where(Webinar.id == webinar_id)
            .order_by(Registration.queued_at, Registration.id)
        ).all()
        db.session.rollback()
    people = {row.id: row.status for row in rows if row.id is not None}
    return Look(capacity=rows[0].capacity, people=people)


@contextmanager
def looking_on(app, webinar_id):
    """Look again and again until the block ends, and once after it; gives the looks."""
    is_over, looks = Event(), []

    def keep_looking():
        while not is_over.wait(SECONDS_BETWEEN_LOOKS):
            looks.append(look(app, webinar_id))

    with ThreadPoolExecutor(1) as beside:
        looking = beside.submit(keep_looking)
        try:
            yield looks
        finally:
            is_over.set()
    looking.result()
    looks.append(look(app, webinar_id))


# -- what is promised ------------------------------------------------------------------------------


def check_moment(seen):
    """No seat is free while somebody waits, and nobody has a seat who arrived after them.

    Nobody comes back in these plans, so who waits has waited since they arrived, and who arrived
    later and has a seat would have overtaken them.
    """
    here = [person for person in seen.people if person not in seen.gone]

    assert not seen.waiting or len(seen.seated) >= seen.capacity, seen
    assert here == seen.seated + seen.waiting, seen


def check_passage(before, after, capacities):
    """Seats are given up to the capacity, and only who cancels loses one.

    After a capacity was lowered more seats may be taken than there are; no more are given then.
    `capacities` are those that were in force at some time between the two moments.
    """
    assert len(after.seated) <= max(len(before.seated), *capacities, 0), (before, after)
    assert set(before.seated) <= {*after.seated, *after.gone}, (before, after)
    assert set(before.gone) <= set(after.gone), (before, after)


def list_in_force(before, after, capacities):
    """Return the capacities from that of one look to that of the next."""
    first, last = (capacities.index(seen.capacity) for seen in (before, after))
    assert first <= last, (before, after)
    return capacities[first : last + 1]


# -- what is left ----------------------------------------------------------------------------------


def list_rows(app):
    with app.app_context():
        rows = db.session.execute(
            sa.select(
                Registration.id, Registration.email, Registration.status, Registration.sequence
            )
        ).all()
        db.session.rollback()
    return rows


def list_owed(row):
    """Return what a person's changes of status ask for; each change has its number.

    There are no others than these: in at once or by promotion, and out.
    """
    owed = ["AttendeeRegistered", "AttendeePromoted", "RegistrationCancelled"]
    if row.status == RegistrationStatus.CANCELLED and row.sequence == 1:
        owed.remove("AttendeePromoted")
    return [(name, row.id, number) for number, name in enumerate(owed[: row.sequence + 1])]


def list_jobs(app):
    with app.app_context():
        jobs = db.session.execute(sa.select(OutboxJob.event, OutboxJob.payload)).all()
        db.session.rollback()
    return [(job.event, job.payload["registration_id"], job.payload["sequence"]) for job in jobs]


@pytest.mark.every_engine
@pytest.mark.parametrize("seed", [20260324])
def test_seats_are_given_as_promised_while_all_is_in_motion(app, serve, webinar_id, invite, seed):
    chance = random.Random(seed)
    plan = make_plan(chance)
    url = serve("eventapp.wsgi:app", processes=PROCESSES)
    organiser = invite(url)
    crowd = Crowd(app, url, chance, organiser)
    asyncio.run(organiser.sign_in())

    with looking_on(app, webinar_id) as looks:
        asyncio.run(crowd.work_through(plan))

    for seen in looks:
        check_moment(seen)
    for before, after in pairwise(looks):
        check_passage(before, after, list_in_force(before, after, plan.capacities))
    assert looks[-1].capacity == plan.capacities[-1]
    # What everyone saw is what they have.
    rows = list_rows(app)
    gone = [row.email for row in rows if row.status == RegistrationStatus.CANCELLED]
    assert all(has_registered(page) for page in crowd.came.values())
    assert {page.status for page in crowd.left.values()} == {200}
    assert Counter((page.status, page.path) for page in organiser.pages) == {
        (200, organiser.path): CHANGES
    }
    assert sorted(row.email for row in rows) == sorted(map(address_of, range(PEOPLE)))
    assert sorted(gone) == sorted(map(address_of, crowd.left))
    # Each change of status is told of, once.
    jobs = list_jobs(app)
    assert sorted(jobs) == sorted(owed for row in rows for owed in list_owed(row))
    assert Counter(name for name, *_rest in jobs)["AttendeePromoted"] > 0
