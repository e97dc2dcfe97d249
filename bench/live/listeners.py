"""Streams held open by this process, as cheaply as Python can: it shares the server's cores."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bench.live.events import NEWS, Batch, Reader, read_whole

END_OF_HEAD = b"\r\n\r\n"
SECONDS_TO_OPEN = 30.0


@dataclass(frozen=True, kw_only=True)
class Seat:
    """Where somebody listens from and to: `path` carries the permit and where to go on after."""

    address: str
    port: int
    path: str


class Listener(asyncio.Protocol):
    """One stream. `status` is the server's, 0 before it has answered."""

    __slots__ = ("_hear", "_on_end", "_on_open", "_reader", "_request", "status", "transport")

    def __init__(
        self,
        request: bytes,
        *,
        hear: Callable[[Batch, float], object],
        on_open: Callable[[Listener], object],
        on_end: Callable[[Listener], object],
    ) -> None:
        self._request = request
        self._hear = hear
        self._on_open = on_open
        self._on_end = on_end
        self._reader: Reader | bytes | None = b""
        self.status = 0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if self._reader is None:
            batches = read_whole(data)
            if batches is not None:
                for batch in batches:
                    self._hear(batch, now)
                return
            self._reader = Reader()
        elif isinstance(self._reader, bytes):
            data = self._take_head(self._reader + data)
        if data and isinstance(self._reader, Reader):
            self._read(self._reader, data, now)

    def connection_lost(self, _error: Exception | None) -> None:
        self.transport = None
        self._on_end(self)

    def close(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    def _take_head(self, data: bytes) -> bytes:
        """Return what follows the head, once it is whole."""
        head, found, body = data.partition(END_OF_HEAD)
        if not found:
            self._reader = data
            return b""
        self.status = int(head[9:12])
        self._reader = Reader()
        if self.status == 200:
            self._on_open(self)
        elif self.transport is not None:
            self.transport.close()
        return body if self.status == 200 else b""

    def _read(self, reader: Reader, data: bytes, now: float) -> None:
        for batch in reader.feed(data):
            self._hear(batch, now)
        if reader.has_ended and self.transport is not None:
            self.transport.close()
        elif reader.is_at_rest:
            self._reader = None


def write_request(path: str, *, accept: str = "text/event-stream") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: {accept}\r\n\r\n".encode()


async def connect(listener: Listener, seat: Seat, *, receive_bytes: int | None = None) -> None:
    """Open the stream from the seat's own address. Raises OSError where nobody answers."""
    connection = socket.socket()
    try:
        if receive_bytes is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        connection.settimeout(0)
        connection.bind((seat.address, 0))
        loop = asyncio.get_running_loop()
        await loop.sock_connect(connection, ("127.0.0.1", seat.port))
        await loop.create_connection(lambda: listener, sock=connection)
    except BaseException:
        connection.close()
        raise


def _note(answered: asyncio.Future[None]) -> None:
    if not answered.done():
        answered.set_result(None)


@dataclass(frozen=True, kw_only=True)
class Opening:
    """How opening so many streams went; `errors` counts those that didn't open."""

    streams: int
    seconds: float
    slowest: float
    errors: int


@dataclass
class Crowd:
    """Listeners that only listen; `receipts` has what all of them heard since `begin`."""

    listeners: list[Listener] = field(default_factory=list)
    receipts: list[float] = field(default_factory=list)
    last_news: Batch | None = None
    lost: int = 0
    is_leaving: bool = False
    _expected: int = 0
    _all_heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def open(self, seats: Sequence[Seat], *, per_second: float) -> Opening:
        """Open one stream a seat, so many a second, and wait until each has been answered."""
        began = time.perf_counter()
        opening = []
        for number, seat in enumerate(seats):
            due = began + number / per_second
            wait = due - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            opening.append(asyncio.create_task(self._open_one(seat)))
        took = await asyncio.gather(*opening)
        opened = [seconds for seconds in took if seconds is not None]
        return Opening(
            streams=len(seats),
            seconds=time.perf_counter() - began,
            slowest=max(opened, default=0.0),
            errors=len(seats) - len(opened),
        )

    def begin(self) -> None:
        """Forget what was heard; everyone is to hear one piece of news."""
        self.receipts.clear()
        self._expected = len(self.listeners)
        self._all_heard.clear()

    async def wait_for_all(self, *, seconds: float) -> None:
        """Return once everyone has heard. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            await self._all_heard.wait()

    def close(self) -> None:
        self.is_leaving = True
        for listener in self.listeners:
            listener.close()
        self.listeners.clear()

    async def _open_one(self, seat: Seat) -> float | None:
        """Return the seconds until the stream was open; None where it didn't open."""
        began = time.perf_counter()
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        listener = Listener(
            write_request(seat.path),
            hear=self._hear,
            on_open=lambda _listener: _note(answered),
            on_end=lambda _listener: self._lose(answered),
        )
        try:
            async with asyncio.timeout(SECONDS_TO_OPEN):
                await connect(listener, seat)
                await answered
        except OSError:
            return None
        self.listeners.append(listener)
        return time.perf_counter() - began

    def _lose(self, answered: asyncio.Future[None]) -> None:
        if not answered.done():
            answered.set_exception(ConnectionError("ended before it was open"))
        elif not self.is_leaving:
            self.lost += 1

    def _hear(self, batch: Batch, now: float) -> None:
        if batch.kind != NEWS:
            return
        self.last_news = batch
        self.receipts.append(now)
        if len(self.receipts) == self._expected:
            self._all_heard.set()
