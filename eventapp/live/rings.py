"""One channel of one webinar: who listens, what was said of late, and the counts that wait.

Everything is bounded, in number and in bytes: a listener that reads too slowly is dropped and comes
back, and a ring forgets its oldest batches.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from eventapp.live.messages import BEFORE_ALL, MessageId, Payload

RING_BATCHES = 256
RING_BYTES = 128 * 1024
QUEUE_BATCHES = 64
QUEUE_BYTES = 128 * 1024

Counted: TypeAlias = tuple[str, int]


class Listener:
    """One open stream of `who` (empty: nobody in particular), and what it has yet to take.

    A batch is shared by all who are to take it, so the bytes counted here are at most its own.
    """

    def __init__(
        self,
        *,
        who: str = "",
        queue_batches: int = QUEUE_BATCHES,
        queue_bytes: int = QUEUE_BYTES,
    ) -> None:
        self.who = who
        self._queue: deque[bytes] = deque()
        self._queue_batches = queue_batches
        self._queue_bytes = queue_bytes
        self._bytes = 0
        self._has_news = asyncio.Event()
        self.is_dropped = False
        self.on_drop: Callable[[], object] | None = None

    def put(self, data: bytes) -> bool:
        """Queue `data`; False when the listener is too far behind and has been dropped."""
        is_behind = len(self._queue) >= self._queue_batches
        if is_behind or (self._queue and self._bytes + len(data) > self._queue_bytes):
            self.drop()
        else:
            self._append(data)
        return not self.is_dropped

    def drop(self) -> None:
        """End the stream at once, also where its writer hangs on a full connection (`on_drop`)."""
        self.is_dropped = True
        self._queue.clear()
        self._has_news.set()
        if self.on_drop is not None:
            self.on_drop()

    def put_last(self, data: bytes) -> None:
        """Say farewell: what is queued is still delivered, then the stream ends."""
        self._append(data)
        self.is_dropped = True

    async def take(self) -> bytes:
        """Wait for news; empty when the stream has ended."""
        while not self._queue:
            if self.is_dropped:
                return b""
            self._has_news.clear()
            await self._has_news.wait()
        data = self._queue[0] if len(self._queue) == 1 else b"".join(self._queue)
        self._queue.clear()
        self._bytes = 0
        return data

    def _append(self, data: bytes) -> None:
        self._queue.append(data)
        self._bytes += len(data)
        self._has_news.set()


@dataclass
class Ring:
    """One channel: its recent batches, its listeners by who they are, and the counts that wait.

    After `floor` every batch is still here. `shown_present` is the number last told.
    """

    floor: MessageId
    most_batches: int = RING_BATCHES
    most_bytes: int = RING_BYTES
    batches: deque[tuple[MessageId, bytes]] = field(default_factory=deque)
    bytes_kept: int = 0
    joined_batches: int = 0
    joined: bytes = b""
    listeners: set[Listener] = field(default_factory=set)
    streams: dict[str, list[Listener]] = field(default_factory=dict)
    waiting: dict[Counted, Payload] = field(default_factory=dict)
    waiting_id: MessageId = BEFORE_ALL
    last_push: float = float("-inf")
    timer: asyncio.TimerHandle | None = None
    shown_present: int | None = None

    @property
    def is_idle(self) -> bool:
        return not self.listeners and self.timer is None

    @property
    def people(self) -> int:
        """How many listen: whoever has several streams counts once, a nameless stream for one."""
        nameless = len(self.streams.get("", ()))
        return len(self.streams) - (nameless > 0) + nameless

    def add(self, listener: Listener) -> None:
        self.listeners.add(listener)
        self.streams.setdefault(listener.who, []).append(listener)

    def discard(self, listener: Listener) -> bool:
        """Let `listener` go; False if it had gone before."""
        if listener not in self.listeners:
            return False
        self.listeners.remove(listener)
        streams = self.streams[listener.who]
        streams.remove(listener)
        if not streams:
            del self.streams[listener.who]
        return True

    def find_oldest(self, who: str, *, most: int) -> Listener | None:
        """Return the oldest stream of `who`, if there are more than `most` of them."""
        streams = self.streams.get(who, [])
        return streams[0] if who and len(streams) > most else None

    def keep(self, batch_id: MessageId, data: bytes) -> None:
        self.batches.append((batch_id, data))
        self.bytes_kept += len(data)
        self.joined_batches, self.joined = 0, b""
        while len(self.batches) > self.most_batches or self.bytes_kept > self.most_bytes:
            self.floor, forgotten = self.batches.popleft()
            self.bytes_kept -= len(forgotten)

    def forget(self, since: MessageId) -> None:
        """Start anew at `since`; what waits was read into any state that is read from now on."""
        self.floor = since
        self.batches.clear()
        self.bytes_kept = 0
        self.joined_batches, self.joined = 0, b""
        self.take_waiting()

    def join_missed(self, after: MessageId) -> bytes:
        """Return what came after `after`, which is not before `floor`.

        Those who return together missed the same, and share the bytes of it too.
        """
        missed = [data for batch_id, data in self.batches if batch_id > after]
        if len(missed) != self.joined_batches:
            self.joined_batches, self.joined = len(missed), b"".join(missed)
        return self.joined

    def hold(self, payload: Payload, message_id: MessageId) -> None:
        """Keep the newest count of each thing until it is time for the next push."""
        counted = (payload["kind"], payload["id"])
        held = self.waiting.get(counted)
        if held is None or held["revision"] < payload["revision"]:
            self.waiting[counted] = payload
        self.waiting_id = message_id

    def take_waiting(self) -> list[Payload]:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        waiting = list(self.waiting.values())
        self.waiting.clear()
        return waiting
