"""The bus: how news gets from Flask's threads to the hub.

In one process the bus gives ids itself and hands messages to the hub's loop. With Redis, every
process appends to one stream (`XADD … MAXLEN ~`) and every hub tails it (`XREAD`), so that all of
them see the same messages under the same ids.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections import Counter
from collections.abc import Awaitable, Sequence
from itertools import groupby
from typing import Any, Protocol, cast

import redis
import redis.asyncio
from flask import Flask, current_app
from structlog import get_logger

from eventapp.core import clock
from eventapp.live.hub import Hub
from eventapp.live.messages import (
    BEFORE_ALL,
    Message,
    MessageId,
    News,
    read_id,
    to_json,
    write_id,
)
from eventapp.live.permits import Channel

STREAM = "eventapp:live"
STREAM_LENGTH = 10_000
MARK = b"m"
LOST = b"lost"
PREFILL = 1_000
READ_MILLISECONDS = 10_000
READ_AT_MOST = 500
SECONDS_TO_ANSWER = 1.0
SECONDS_BEFORE_RETRY = 1.0
# How many are present, at each process; kept for three of its counts.
PRESENT = "eventapp:live:present"
SECONDS_PRESENT = 15

log = get_logger(__name__)


class Bus(Protocol):
    def publish(self, news: Sequence[News]) -> None:
        """Send `news` to every hub; called from any thread, after the commit."""

    def newest_id(self) -> MessageId:
        """Return the id up to which a state that is read from now on is complete."""

    async def feed(self, hub: Hub) -> None:
        """Deliver everything that is published to `hub`, in order, until cancelled."""

    async def share_present(self, present: dict[int, int]) -> dict[int, int]:
        """Note how many listen at this process, by webinar; return how many do at all of them."""


class MemoryBus:
    """The bus of a single process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest = (_milliseconds(), 0)
        self._hub: Hub | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def publish(self, news: Sequence[News]) -> None:
        with self._lock:
            messages = [self._name(item) for item in news]
            if self._loop is not None and self._hub is not None:
                self._loop.call_soon_threadsafe(_deliver_all, self._hub, messages)

    def _name(self, item: News) -> Message:
        self._newest = _next_id(self._newest)
        return Message(
            id=self._newest,
            webinar_id=item.webinar_id,
            channel=item.channel,
            payload=item.payload,
        )

    def newest_id(self) -> MessageId:
        with self._lock:
            return self._newest

    async def feed(self, hub: Hub) -> None:
        with self._lock:
            self._hub, self._loop = hub, asyncio.get_running_loop()
            hub.reset_all(self._newest)
        try:
            await asyncio.Event().wait()
        finally:
            with self._lock:
                self._hub = self._loop = None

    async def share_present(self, present: dict[int, int]) -> dict[int, int]:
        return present


class RedisBus:
    """The bus of several processes, over one Redis stream."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._name = secrets.token_hex(8)
        self._has_lost = False
        self._client = redis.Redis.from_url(
            url, socket_timeout=SECONDS_TO_ANSWER, socket_connect_timeout=SECONDS_TO_ANSWER
        )

    def publish(self, news: Sequence[News]) -> None:
        """Append `news`; what was lost before makes every hub reset its listeners first.

        The hubs may have heard Redis all the while, if this process alone did not reach it.
        """
        try:
            self._append([{MARK: LOST}] * self._has_lost + _to_entries(news))
        except redis.RedisError:
            self._has_lost = True
            raise
        self._has_lost = False

    def _append(self, entries: Sequence[dict[Any, Any]]) -> None:
        with self._client.pipeline(transaction=False) as pipe:
            for fields in entries:
                pipe.xadd(STREAM, fields, maxlen=STREAM_LENGTH, approximate=True)
            pipe.execute()

    def newest_id(self) -> MessageId:
        entries: Any = self._client.xrevrange(STREAM, count=1)
        if entries:
            return _id_of(entries[0][0])
        now: Any = self._client.time()
        seconds, microseconds = now
        return (seconds * 1000 + microseconds // 1000, 0)

    async def feed(self, hub: Hub) -> None:
        """Tail the stream. After an outage everyone is reset: what was published then is lost."""
        while True:
            client = redis.asyncio.Redis.from_url(
                self._url, socket_timeout=READ_MILLISECONDS / 1000 + SECONDS_TO_ANSWER
            )
            try:
                last = await self._catch_up(client, hub)
                while True:
                    last = await self._read_on(client, hub, last)
            except (redis.RedisError, OSError) as error:
                log.warning("live_bus_unreachable", error=str(error))
                await asyncio.sleep(SECONDS_BEFORE_RETRY)
            finally:
                await client.aclose()

    async def share_present(self, present: dict[int, int]) -> dict[int, int]:
        """Each process has a key of its own, which goes soon after the process has."""
        client = redis.asyncio.Redis.from_url(
            self._url, socket_timeout=SECONDS_TO_ANSWER, socket_connect_timeout=SECONDS_TO_ANSWER
        )
        try:
            return await self._share(client, present)
        except (redis.RedisError, OSError) as error:
            log.warning("live_bus_unreachable", error=str(error))
            return present
        finally:
            await client.aclose()

    async def _share(self, client: redis.asyncio.Redis, present: dict[int, int]) -> dict[int, int]:
        async with client.pipeline(transaction=False) as pipe:
            pipe.set(f"{PRESENT}:{self._name}", to_json(present), ex=SECONDS_PRESENT)
            pipe.sadd(PRESENT, self._name)
            pipe.smembers(PRESENT)
            *_done, names = await pipe.execute()
        names = sorted(names)
        counts = await client.mget([f"{PRESENT}:{name.decode()}" for name in names])
        gone = [name for name, count in zip(names, counts, strict=True) if count is None]
        if gone:
            await cast(Awaitable[int], client.srem(PRESENT, *gone))
        return _add_up([count for count in counts if count is not None])

    async def _catch_up(self, client: redis.asyncio.Redis, hub: Hub) -> MessageId:
        """Take in what the stream still holds: a restarted hub goes on where another left."""
        if not hub.is_untouched:
            since = await _mark(client)
            hub.reset_all(since)
            return since
        entries: Any = await client.xrevrange(STREAM, count=PREFILL)
        if not entries:
            since = await _mark(client)
            hub.begin(since)
            return since
        hub.begin(_id_of(entries[-1][0]))
        for entry_id, fields in reversed(entries):
            _deliver(hub, entry_id, fields)
        return _id_of(entries[0][0])

    async def _read_on(self, client: redis.asyncio.Redis, hub: Hub, last: MessageId) -> MessageId:
        answer: Any = await client.xread(
            {STREAM: write_id(last)}, count=READ_AT_MOST, block=READ_MILLISECONDS
        )
        for _stream, entries in answer or ():
            for entry_id, fields in entries:
                _deliver(hub, entry_id, fields)
                last = _id_of(entry_id)
        return last


def bus_of(app: Flask) -> Bus:
    """Return the application's bus; made when first asked for."""
    bus: Bus | None = app.extensions.get("eventapp.live_bus")
    if bus is None:
        url = app.config["EVENTAPP"].redis_url
        bus = app.extensions.setdefault("eventapp.live_bus", RedisBus(url) if url else MemoryBus())
    return bus


def publish(*news: News) -> None:
    bus_of(current_app).publish(news)


def newest_id() -> str:
    """The id to write into a page or a state; ask for it before reading the state.

    While Redis is away it is one that every hub finds too old: the page fetches its state anew.
    """
    try:
        return write_id(bus_of(current_app).newest_id())
    except redis.RedisError as error:
        log.warning("live_bus_unreachable", error=str(error))
        return write_id(BEFORE_ALL)


def _next_id(before: MessageId) -> MessageId:
    return max((_milliseconds(), 0), (before[0], before[1] + 1))


def _milliseconds() -> int:
    return int(clock.now().timestamp() * 1000)


def _add_up(counts: Sequence[bytes]) -> dict[int, int]:
    total: Counter[int] = Counter()
    for count in counts:
        total.update({int(webinar_id): int(n) for webinar_id, n in json.loads(count).items()})
    return dict(total)


def _deliver_all(hub: Hub, messages: Sequence[Message]) -> None:
    for message in messages:
        hub.deliver(message)


def _to_entries(news: Sequence[News]) -> list[dict[Any, Any]]:
    """Write `news` as entries of the stream; what several channels hear is one entry."""
    said = groupby(news, key=lambda item: (item.webinar_id, to_json(item.payload)))
    return [
        {"w": webinar_id, "c": " ".join(item.channel.value for item in items), "p": payload}
        for (webinar_id, payload), items in said
    ]


async def _mark(client: redis.asyncio.Redis) -> MessageId:
    """Add an entry without news, and return its id.

    What was lost has no id. This one comes after it, so a state up to here is a state with it.
    """
    entry_id: Any = await client.xadd(STREAM, {MARK: "1"}, maxlen=STREAM_LENGTH, approximate=True)
    return _id_of(entry_id)


def _deliver(hub: Hub, entry_id: bytes, fields: dict[bytes, bytes]) -> None:
    """Hand an entry to the hub; one that can't be read, as of a newer version, is left out."""
    if MARK in fields:
        if fields[MARK] == LOST:
            hub.reset_all(_id_of(entry_id))
        return
    try:
        webinar_id, payload = int(fields[b"w"]), json.loads(fields[b"p"])
        for name in fields[b"c"].decode().split():
            message_id, channel = _id_of(entry_id), Channel(name)
            hub.deliver(
                Message(id=message_id, webinar_id=webinar_id, channel=channel, payload=payload)
            )
    except (KeyError, TypeError, ValueError):
        log.exception("live_entry_unreadable", entry_id=entry_id)


def _id_of(entry_id: bytes) -> MessageId:
    message_id = read_id(entry_id.decode())
    if message_id is None:
        message = f"not the id of a stream's entry: {entry_id!r}"
        raise ValueError(message)
    return message_id
