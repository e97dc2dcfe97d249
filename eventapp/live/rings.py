"""One channel of one webinar: who listens, what was said of late, and the news that waits.

Everything is bounded, in number and in bytes: a listener that reads too slowly is dropped and comes
back, and a ring forgets its oldest batches.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from eventapp.live.messages import BEFORE_ALL, HELD_KINDS, MessageId, Payload

RING_BATCHES = 256
RING_BYTES = 128 * 1024
QUEUE_BATCHES = 64
QUEUE_BYTES = 128 * 1024

Counted: TypeAlias = tuple[str, int]


class Outlet(Protocol):
    """The connection of a stream. What is written while it is full piles up in it without bounds.

    `on_room` is called when it is full no more.
    """

    is_full: bool
    on_room: Callable[[], None] | None

    def write(self, data: bytes) -> None: ...


class Listener:
    """One open stream of `who` (empty: nobody in particular), and what it has yet to take.

    News is written straight to the connection; only while that is full does anything wait here. A
    batch is shared by all who are to take it, so the bytes counted here are at most its own.
    """

    __slots__ = (
        "_bytes",
        "_outlet",
        "_queue",
        "_queue_batches",
        "_queue_bytes",
        "has_ended",
        "on_end",
        "who",
    )

    def __init__(
        self,
        outlet: Outlet,
        *,
        who: str = "",
        queue_batches: int = QUEUE_BATCHES,
        queue_bytes: int = QUEUE_BYTES,
    ) -> None:
        self.who = who
        self.has_ended = False
        self.on_end: Callable[[], None] | None = None
        self._outlet = outlet
        self._queue: list[bytes] = []
        self._queue_batches = queue_batches
        self._queue_bytes = queue_bytes
        self._bytes = 0

    def put(self, data: bytes) -> bool:
        """Write `data` on, or queue it; False when the listener is dropped as too far behind."""
        if not self._outlet.is_full:
            self._outlet.write(data)
            return True
        if self._is_too_far_behind(data):
            self._queue.clear()
            self._end()
            return False
        self._queue.append(data)
        self._bytes += len(data)
        return True

    def put_last(self, data: bytes) -> None:
        """Say farewell: what is queued is still delivered, then the stream ends."""
        self._queue.append(data)
        if not self._outlet.is_full:
            self.go_on()
        self._end()

    def go_on(self) -> None:
        """Write what has waited, now that the connection takes in more."""
        if self._queue:
            waiting = b"".join(self._queue)
            self._queue.clear()
            self._bytes = 0
            self._outlet.write(waiting)

    def _is_too_far_behind(self, data: bytes) -> bool:
        """One message always has room, however large it is."""
        if not self._queue:
            return False
        is_behind = len(self._queue) >= self._queue_batches
        return is_behind or self._bytes + len(data) > self._queue_bytes

    def _end(self) -> None:
        self.has_ended = True
        if self.on_end is not None:
            self.on_end()


@dataclass
class Ring:
    """One channel: its recent batches, its listeners by who they are, and the news that waits.

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
    waiting: dict[Counted | MessageId, Payload] = field(default_factory=dict)
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
        """Keep `payload` for the next push; of the counts of one thing the newest, in its place."""
        self.waiting_id = message_id
        if payload["kind"] not in HELD_KINDS:
            self.waiting[message_id] = payload
            return
        counted = (payload["kind"], payload["id"])
        held = self.waiting.get(counted)
        if held is None or held["revision"] < payload["revision"]:
            self.waiting.pop(counted, None)
            self.waiting[counted] = payload

    def take_waiting(self) -> list[Payload]:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
        waiting = list(self.waiting.values())
        self.waiting.clear()
        return waiting
