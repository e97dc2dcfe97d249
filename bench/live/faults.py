"""What listeners see when something is taken away: a process, Redis, or their own attention."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]

from bench.live.asking import AT_ONCE, find_seats
from bench.live.house import Site
from bench.live.listeners import Crowd, Listener, connect, write_request
from bench.live.people import Person
from bench.live.voting import Room, fill_room
from eventapp.live.bus import RedisBus
from eventapp.live.messages import News
from eventapp.live.permits import Channel

AWAY_SECONDS = 2.0
SECONDS_TO_COME_BACK = 60.0
QUESTIONS_BEFORE = 20
VOTES_BEFORE = 100
VOTES_MEANWHILE = 20

HEALTHY = 50
PIECES = 3000
PIECES_BEFORE = 400
PIECES_AT_ONCE = 5
PIECE = "Nobody reads this. " * 200
RECEIVE_BYTES = 4096
SECONDS_BETWEEN_PIECES = 0.02
SECONDS_TO_BE_DROPPED = 40.0


@dataclass(frozen=True, kw_only=True)
class Back:
    """How pages came back; seconds are counted from when what was away could be reached again."""

    listeners: int
    true_pages: int
    half: float
    last: float
    away: float
    resets: int
    states_failed: int


@dataclass(frozen=True, kw_only=True)
class Unread:
    """What a listener that never reads cost, in kilobytes of memory.

    `grown` while `pushed` were pushed, `grown_later` while as much was pushed again.
    """

    pushed: float
    grown: float
    grown_later: float
    is_dropped: bool
    others: int
    others_lost: int


async def measure_kill(site: Site, *, listeners: int) -> Back:
    """Kill a process that holds streams, and start it again; what is posted meanwhile counts."""
    victim = site.streams[0]

    def begin_again() -> None:
        victim.start()
        victim.wait_until_listening()

    return await _take_away(site, victim.kill, begin_again, listeners=listeners)


async def measure_redis_restart(site: Site, *, listeners: int) -> Back:
    assert site.redis is not None
    return await _take_away(site, site.redis.stop, site.redis.start, listeners=listeners)


async def _take_away(
    site: Site, take: Callable[[], None], give_back: Callable[[], None], *, listeners: int
) -> Back:
    room = await fill_room(site, listeners=listeners)
    for page in room.pages[:QUESTIONS_BEFORE]:
        await room.ask(page.person)
    await _vote(room, count=VOTES_BEFORE)
    began = time.perf_counter()
    await asyncio.to_thread(take)
    if site.redis is not None:
        await _vote(room, count=VOTES_MEANWHILE)
        await room.ask(room.pages[0].person)
    await asyncio.sleep(AWAY_SECONDS)
    await asyncio.to_thread(give_back)
    returned = time.perf_counter()
    true_pages = await room.wait_until_true(seconds=SECONDS_TO_COME_BACK)
    waits = [max(0.0, page.back_at - returned) for page in room.pages]
    back = Back(
        listeners=listeners,
        true_pages=max(0, true_pages),
        half=statistics.median(waits),
        last=max(waits),
        away=returned - began,
        resets=sum(page.resets for page in room.pages),
        states_failed=sum(page.states_failed for page in room.pages),
    )
    room.close()
    return back


async def _vote(room: Room, *, count: int) -> None:
    turns = asyncio.Semaphore(AT_ONCE)

    async def vote(person: Person) -> None:
        async with turns:
            await room.vote(person)

    people = [room.pages[number % len(room.pages)].person for number in range(count)]
    await asyncio.gather(*map(vote, people))


async def measure_unread(site: Site, *, pieces: int) -> Unread:
    """Push twice so many pieces to a listener that never reads, and to some that do."""
    assert site.redis is not None
    bus = RedisBus(site.redis.url)
    server = site.streams[0]
    seat, *others = await find_seats(site, count=HEALTHY + 1)
    crowd = Crowd()
    await crowd.open(others, per_second=100)
    await _push(bus, site, pieces=PIECES_BEFORE)
    before = site.measure_memory()
    unread = Listener(
        write_request(seat.path),
        hear=lambda _batch, _now: None,
        on_open=_stop_reading,
        on_end=lambda _listener: None,
    )
    await connect(unread, seat, receive_bytes=RECEIVE_BYTES)
    port = unread.transport.get_extra_info("sockname")[1] if unread.transport else 0
    await _push(bus, site, pieces=pieces)
    half = site.measure_memory()
    await _push(bus, site, pieces=pieces)
    after = site.measure_memory()
    found = Unread(
        pushed=pieces * len(PIECE) / 1000,
        grown=half - before,
        grown_later=after - half,
        is_dropped=await _is_dropped(server.pid, port),
        others=HEALTHY,
        others_lost=crowd.lost,
    )
    unread.close()
    crowd.close()
    return found


def _stop_reading(listener: Listener) -> None:
    if listener.transport is not None:
        listener.transport.pause_reading()


async def _push(bus: RedisBus, site: Site, *, pieces: int) -> None:
    payload = {"kind": "question", "id": 0, "revision": 0, "text": PIECE}
    news = News(webinar_id=site.webinar_id, channel=Channel.ROOM, payload=payload)
    for _ in range(pieces // PIECES_AT_ONCE):
        await asyncio.to_thread(bus.publish, [news] * PIECES_AT_ONCE)
        await asyncio.sleep(SECONDS_BETWEEN_PIECES)


async def _is_dropped(pid: int, port: int) -> bool:
    """Whether the server lets go of the connection from `port`, in time."""
    until = time.monotonic() + SECONDS_TO_BE_DROPPED
    while _holds(pid, port):
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.2)
    return True


def _holds(pid: int, port: int) -> bool:
    connections = psutil.Process(pid).net_connections("tcp")
    return any(each.raddr and each.raddr.port == port for each in connections)
