"""One question to everyone: how long until the last of so many listeners has it, and what it costs.

The same listeners then sit in front of a bare server that writes the same bytes to as many streams.
"""

from __future__ import annotations

import asyncio
import gc
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench.live.events import Batch
from bench.live.house import ROOM, Server, Site, bare
from bench.live.listeners import Crowd, Opening, Seat
from bench.live.people import Person, address_of

OPENED_PER_SECOND = 1000
ROUNDS = 8
WARM_UP_ROUNDS = 1
SECONDS_TO_HEAR = 30.0
SECONDS_OF_REST = 0.3
# Streams of one person's browser, which may have the room open in more than one tab.
TABS = 4
AT_ONCE = 16
TEXT = "How much of this would work in a town of five thousand people, and who would pay for it?"


@dataclass(frozen=True, kw_only=True)
class Size:
    """What one question cost at a number of listeners; times in milliseconds.

    `processor` is microseconds of the streams' processes per listener and question, `memory` their
    kilobytes per stream; both 0 for the bare server.
    """

    listeners: int
    opening: Opening
    half: float
    most: float
    longest: float
    processor: float = 0.0
    memory: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Growth:
    """One form of the site and the bare server, at the same sizes."""

    name: str
    ours: list[Size]
    theirs: list[Size]

    @property
    def ratio(self) -> float:
        """How much longer 95 % of the largest audience wait for ours."""
        return self.ours[-1].most / self.theirs[-1].most


async def measure_growth(name: str, site: Site, sizes: Sequence[int]) -> Growth:
    """Ask at each of `sizes`, which rise; then the same on as many bare servers."""
    seats = await find_seats(site, count=sizes[-1])
    crowd = Crowd()
    askers = itertools.count(1)
    memory_before = site.measure_memory()
    ours = []

    async def ask() -> float:
        return await _ask(site, next(askers))

    for size in sizes:
        opening = await crowd.open(seats[len(crowd.listeners) : size], per_second=OPENED_PER_SECOND)
        before = site.measure_processor()
        rounds = await _repeat(crowd, ask)
        took = site.measure_processor() - before
        ours.append(
            _summarise(
                crowd,
                opening,
                rounds,
                processor=took / (ROUNDS + WARM_UP_ROUNDS) / size * 1e6,
                memory=(site.measure_memory() - memory_before) / size,
            )
        )
    sent = crowd.last_news
    crowd.close()
    if sent is None:
        raise RuntimeError("nothing was heard")
    with bare(processes=len(site.streams)) as servers:
        theirs = await _measure_bare(servers, sent, sizes)
    return Growth(name=name, ours=ours, theirs=theirs)


async def _measure_bare(servers: list[Server], sent: Batch, sizes: Sequence[int]) -> list[Size]:
    crowd = Crowd()
    poster = Person(number=0)

    async def post() -> float:
        began = time.perf_counter()
        await asyncio.gather(
            *(poster.ask(server.port, "POST", "/", body=sent.as_sent) for server in servers)
        )
        return began

    found = []
    for size in sizes:
        seats = [
            Seat(address=address_of(n), port=servers[n % len(servers)].port, path="/")
            for n in range(len(crowd.listeners), size)
        ]
        opening = await crowd.open(seats, per_second=OPENED_PER_SECOND)
        found.append(_summarise(crowd, opening, await _repeat(crowd, post)))
    crowd.close()
    return found


async def find_state(site: Site, person: Person) -> dict[str, str]:
    """Fetch the state that a page goes on from, and with it the address of its stream."""
    state: dict[str, str] = await person.get_json(site.pages.port, f"{ROOM}/state.json")
    return state


async def find_seats(site: Site, *, count: int) -> list[Seat]:
    """Let people fetch their streams' addresses, so many at a time, as their pages do."""
    people = [Person(number=number) for number in range((count + TABS - 1) // TABS)]
    turns = asyncio.Semaphore(AT_ONCE)

    async def fetch(person: Person) -> dict[str, str]:
        async with turns:
            return await find_state(site, person)

    states = await asyncio.gather(*map(fetch, people))
    return [
        Seat(
            address=people[number % len(people)].address,
            port=site.streams[number % len(site.streams)].port,
            path=f"{state['stream']}&after={state['after']}",
        )
        for number, state in zip(range(count), itertools.cycle(states), strict=False)
    ]


async def _ask(site: Site, number: int) -> float:
    """Put a question as person `number`; return when it was sent."""
    person = Person(number=number)
    await person.enter(site.pages.port, ROOM)
    began = time.perf_counter()
    answer = await person.post(
        site.pages.port,
        f"{ROOM}/questions",
        {"text": TEXT, "author_name": "", "submission_key": f"question-{number}"},
    )
    if answer.status != 201:
        raise RuntimeError(f"a question was answered with {answer.status}: {answer.body[:200]!r}")
    return began


async def _repeat(crowd: Crowd, send: Callable[[], Awaitable[float]]) -> list[list[float]]:
    """Return, for each round but the first, the milliseconds until each listener had the news."""
    rounds = []
    with _without_collecting():
        for _ in range(ROUNDS + WARM_UP_ROUNDS):
            crowd.begin()
            began = await send()
            await crowd.wait_for_all(seconds=SECONDS_TO_HEAR)
            rounds.append(sorted((at - began) * 1000 for at in crowd.receipts))
            await asyncio.sleep(SECONDS_OF_REST)
    return rounds[WARM_UP_ROUNDS:]


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep this process from looking for garbage while it takes the time."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _summarise(
    crowd: Crowd,
    opening: Opening,
    rounds: list[list[float]],
    *,
    processor: float = 0.0,
    memory: float = 0.0,
) -> Size:
    if crowd.lost:
        raise RuntimeError(f"{crowd.lost} streams were lost")
    return Size(
        listeners=len(crowd.listeners),
        opening=opening,
        half=statistics.median(percentile(each, 0.5) for each in rounds),
        most=statistics.median(percentile(each, 0.95) for each in rounds),
        longest=max(each[-1] for each in rounds),
        processor=processor,
        memory=memory,
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value that `share` of all don't exceed."""
    return ordered[max(0, round(len(ordered) * share) - 1)]
