"""How fast people register: the form, what they send, the page after it; 16 at a time, 300 at once.

Everything is as in the scaled form: two web processes, PostgreSQL that has written a commit to the
disk before it says so, and Redis. The bare application takes the same three steps on the same
server and database.
"""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bench import running
from bench.figures import Figure
from bench.visitors import HURRIED_SECONDS
from tests.servers.postgres import DURABLE, PostgresServer
from tests.servers.redis import RedisServer

ROUNDS = 5
SECONDS = 3.0
WARM_UP_SECONDS = 2.0
PROCESSES = 2
SLUG = "accessible-public-services"
FORM = f"/webinars/{SLUG}/register"
LEAST_RATE = 80
LEAST_RATIO = 0.3
SEATS = 50
PEOPLE = 300
MOST_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True)
class House:
    """The folder and the shared parts of one measurement."""

    folder: Path
    database_url: str
    redis_url: str

    def execute(self, statement: str, **values: object) -> None:
        with self._connect() as connection:
            connection.execute(sa.text(statement), values)

    def count_seated(self) -> int:
        counted = "SELECT count(*) FROM registrations WHERE status = 'confirmed'"
        with self._connect() as connection:
            found: int = connection.execute(sa.text(counted)).scalar_one()
            return found

    def _connect(self) -> AbstractContextManager[sa.Connection]:
        return sa.create_engine(self.database_url, poolclass=sa.NullPool).begin()

    def set_capacity(self, seats: int | None) -> None:
        self.execute(
            "UPDATE webinars SET capacity = :seats WHERE slug = :slug", seats=seats, slug=SLUG
        )

    def ask_the_least(self) -> None:
        """Leave the form with name, address and organisation, for one person, open to anyone."""
        self.execute("DELETE FROM form_fields")
        self.execute("DELETE FROM registration_policies")

    def empty(self) -> None:
        self.execute("TRUNCATE registrations, outbox_jobs, outgoing_mails CASCADE")


def measure_registering() -> list[Figure]:
    with _house() as house:
        numbers = itertools.count(1, 1_000_000)
        with running.web(
            house.folder,
            database_url=house.database_url,
            redis_url=house.redis_url,
            processes=PROCESSES,
        ) as ours:
            size = running.size_of(ours + FORM)
            with running.bare(
                database_url=house.database_url, page_bytes=size, processes=PROCESSES
            ) as theirs:
                figures = _compare(house, ours + FORM, f"{theirs}/form", numbers)
            with running.worker(
                house.folder, database_url=house.database_url, redis_url=house.redis_url
            ):
                figures.append(_measure_with_worker(house, ours + FORM, numbers))
            figures.append(_measure_rush(house, ours + FORM, numbers))
    return figures


@contextmanager
def _house() -> Iterator[House]:
    with ExitStack() as stack:
        postgres = PostgresServer(**DURABLE)
        stack.callback(postgres.stop)
        redis = RedisServer()
        stack.callback(redis.stop)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = postgres.url(postgres.create_database())
        running.prepare(folder, database_url=url)
        house = House(folder=folder, database_url=url, redis_url=redis.url)
        house.set_capacity(None)
        house.ask_the_least()
        yield house


def _compare(house: House, ours: str, theirs: str, numbers: Iterator[int]) -> list[Figure]:
    """Measure both in turns, without a worker, and compare the medians."""
    for address in (ours, theirs):
        _measure_rate(address, numbers, seconds=WARM_UP_SECONDS)
    mine, other = [], []
    for _ in range(ROUNDS):
        house.empty()
        mine.append(_measure_rate(ours, numbers))
        other.append(_measure_rate(theirs, numbers))
    rate, bare = statistics.median(mine), statistics.median(other)
    ratio = statistics.median(m / o for m, o in zip(mine, other, strict=True))
    return [
        Figure(
            what="registrations, PostgreSQL, no worker",
            value=f"{rate:.0f}/s",
            compared="form, POST, page after it; 16 people at a time, 2 web processes",
            wanted=f"≥ {LEAST_RATE}/s",
            is_met=rate >= LEAST_RATE,
        ),
        Figure(
            what="registrations, against a bare application",
            value=f"{ratio:.2f} ×",
            compared=f"{rate:.0f}/s to {bare:.0f}/s; the same three steps, one row each",
            wanted=f"≥ {LEAST_RATIO} ×",
            is_met=ratio >= LEAST_RATIO,
        ),
    ]


def _measure_with_worker(house: House, ours: str, numbers: Iterator[int]) -> Figure:
    house.empty()
    rates = [_measure_rate(ours, numbers) for _ in range(ROUNDS)]
    return Figure(
        what="registrations, PostgreSQL, a worker beside them",
        value=f"{statistics.median(rates):.0f}/s",
        compared="the worker writes every confirmation meanwhile, on the same cores",
    )


def _measure_rush(house: House, ours: str, numbers: Iterator[int]) -> Figure:
    seconds, seated = [], set()
    for _ in range(ROUNDS):
        house.empty()
        house.set_capacity(SEATS)
        seconds.append(_drive(ours, next(numbers), "--people", str(PEOPLE)))
        seated.add(house.count_seated())
    median = statistics.median(seconds)
    return Figure(
        what=f"{PEOPLE} people at once for {SEATS} seats",
        value=f"{median:.1f} s",
        compared=f"until everyone has seen the last page; {seated} got a seat",
        wanted=f"< {MOST_SECONDS:.0f} s, exactly {SEATS}",
        is_met=median < MOST_SECONDS and seated == {SEATS},
    )


def _measure_rate(address: str, numbers: Iterator[int], *, seconds: float = SECONDS) -> float:
    return _drive(address, next(numbers), "--seconds", str(seconds))


def _drive(address: str, first: int, *options: str) -> float:
    finished = subprocess.run(
        [sys.executable, "-m", "bench.visitors", address, str(first), *options],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=HURRIED_SECONDS + 30,
    )
    return float(finished.stdout)
