"""Event streams (server-sent events) as an ASGI application; the only part that is asyncio.

A stream is opened with a signed permit in its address, so neither database nor session is asked.
It goes on after `Last-Event-ID` (or `?after=`, for a page's first connection), and ends with its
permit: the page is told to fetch its state, which is given only to who is still signed in and holds
a new permit.

Streams are counted by who holds them and by address. Of one person's the oldest gives way, since
they look at the newest; at an address with too many the new one is refused, since nobody there
should lose theirs to it.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Protocol, TypeAlias
from urllib.parse import parse_qs

from flask import Flask
from structlog import get_logger
from werkzeug.http import parse_list_header

from config import Settings
from eventapp.core import clock
from eventapp.core.limits import network_of
from eventapp.live.bus import SECONDS_BEFORE_RETRY, bus_of
from eventapp.live.hub import RENEW, Hub
from eventapp.live.messages import MessageId, read_id
from eventapp.live.permits import Channel, Permit, read_permit
from eventapp.live.rings import Listener, Outlet

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]

STREAM_PATHS = {
    Channel.ROOM: re.compile(r"/webinars/[^/]+/live/stream"),
    Channel.STAGE: re.compile(r"/webinars/[^/]+/live/stage/stream"),
    Channel.DESK: re.compile(r"/manage/webinars/\d+/live/stream"),
}
MOST_LISTENERS = 20_000
SECONDS_FOR_A_FAREWELL = 2.0
SECONDS_BETWEEN_COUNTS = 5.0

STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

log = get_logger(__name__)


class Connection(Outlet, Protocol):
    """What carries a stream, as the server's scope names it (`connection`)."""

    def abort(self) -> None:
        """Close without waiting for what is still to be read."""


def is_stream(scope: Scope) -> bool:
    return find_channel(scope["path"]) is not None


def find_channel(path: str) -> Channel | None:
    for channel, pattern in STREAM_PATHS.items():
        if pattern.fullmatch(path):
            return channel
    return None


def find_client(scope: Scope, *, trusted_proxies: int) -> str:
    """Return whom a limit by address counts, as `core/limits` does for pages.

    Of `X-Forwarded-For` only what so many trusted proxies added counts.
    """
    said = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for")
    forwarded = parse_list_header(said.decode("latin-1"))
    if trusted_proxies and len(forwarded) >= trusted_proxies:
        return network_of(forwarded[-trusted_proxies])
    return network_of((scope.get("client") or ("",))[0])


def build_stream_app(app: Flask, hub: Hub | None = None) -> StreamApp:
    """Return the application that answers event streams."""
    return StreamApp(app, hub or Hub())


class StreamApp:
    """Answers streams; at its start (lifespan) it connects the hub to the bus."""

    def __init__(self, app: Flask, hub: Hub) -> None:
        self.hub = hub
        self._bus = bus_of(app)
        self._secret_key: str = app.config["SECRET_KEY"]
        settings: Settings = app.config["EVENTAPP"]
        self._trusted_proxies = settings.trusted_proxies
        self._streams_per_address = settings.streams_per_address
        self._addresses: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def start(self) -> None:
        self._tasks = [
            asyncio.create_task(self._keep_feeding()),
            asyncio.create_task(self._keep_counting()),
            asyncio.create_task(self.hub.keep_beating()),
        ]

    async def _keep_feeding(self) -> None:
        """Feed the hub until the server stops; a feed that ends before is begun again."""
        while True:
            try:
                await self._bus.feed(self.hub)
                log.error("live_feed_ended")
            except Exception:
                log.exception("live_feed_ended")
            await asyncio.sleep(SECONDS_BEFORE_RETRY)

    async def _keep_counting(self) -> None:
        """Tell pages how many are present, at all processes together."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_COUNTS)
            try:
                self.hub.show_present(await self._bus.share_present(self.hub.count_present()))
            except Exception:
                log.exception("live_count_failed")

    async def stop(self) -> None:
        self.hub.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # Whoever listened here is counted where they come back.
        await self._bus.share_present({})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Open the stream; `HEAD` tells how that would go, which a page's event source doesn't."""
        permit = self._find_permit(scope)
        address = find_client(scope, trusted_proxies=self._trusted_proxies)
        if scope["method"] not in {"GET", "HEAD"}:
            await _refuse(send, 405, "Streams are only read.")
        elif permit is None:
            await _refuse(send, 403, "This stream needs a permit. Reload the page to get one.")
        elif self.hub.is_closed:
            await _refuse(send, 503, "This server is stopping. The page tries again by itself.")
        elif self.hub.listener_count >= MOST_LISTENERS:
            await _refuse(send, 503, "Too many are listening. The page tries again by itself.")
        elif self._addresses[address] >= self._streams_per_address:
            await _refuse(send, 429, "Too many listen from here. The page tries again by itself.")
        elif scope["method"] == "HEAD":
            await _begin(send)
            await _finish(send)
        else:
            with self._counted(address):
                await self._stream(permit, scope, receive, send)

    @contextmanager
    def _counted(self, address: str) -> Iterator[None]:
        self._addresses[address] += 1
        try:
            yield
        finally:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    def _find_permit(self, scope: Scope) -> Permit | None:
        """Return the permit in the address, if it is for this very channel."""
        text = _parse_query(scope).get("permit", [""])[0]
        permit = read_permit(text, secret_key=self._secret_key, now=clock.now())
        if permit is None or permit.channel is not find_channel(scope["path"]):
            return None
        return permit

    async def _stream(self, permit: Permit, scope: Scope, receive: Receive, send: Send) -> None:
        await _begin(send)
        # Of Uvicorn's connection, which writes past `send`: that would check and frame each time.
        outlet: Connection = scope["connection"]
        listener = self.hub.listen(
            permit.webinar_id,
            permit.channel,
            outlet,
            after=_find_after(scope),
            who=permit.who,
        )
        left = (permit.ends_at - clock.now()).total_seconds()
        try:
            await _wait_for_end(listener, receive, seconds=left)
        finally:
            self.hub.leave(permit.webinar_id, permit.channel, listener)
        if not await _finish(send):
            outlet.abort()


async def _begin(send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": STREAM_HEADERS})


async def _wait_for_end(listener: Listener, receive: Receive, *, seconds: float) -> None:
    """Return when the page has gone, or the hub has ended the stream, or its permit has."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(0 if listener.has_ended else seconds) as limit:
            listener.on_end = lambda: limit.reschedule(loop.time())
            while (await receive())["type"] != "http.disconnect":
                pass
    except TimeoutError:
        listener.on_end = None
        if not listener.has_ended:
            listener.put_last(RENEW)
    listener.on_end = None


async def _finish(send: Send) -> bool:
    """Close the stream; False where the listener takes nothing in any more, not even that."""
    try:
        await asyncio.wait_for(
            send({"type": "http.response.body", "body": b"", "more_body": False}),
            SECONDS_FOR_A_FAREWELL,
        )
    except TimeoutError:
        return False
    return True


def _parse_query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope["query_string"].decode("latin-1"))


def _find_after(scope: Scope) -> MessageId | None:
    query = _parse_query(scope)
    for name, value in scope["headers"]:
        if name == b"last-event-id":
            return read_id(value.decode("latin-1"))
    return read_id(query.get("after", [""])[0])


async def _refuse(send: Send, status: int, said: str) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"content-security-policy", b"default-src 'none'"),
        (b"x-content-type-options", b"nosniff"),
        (b"retry-after", b"5"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": said.encode(), "more_body": False})
