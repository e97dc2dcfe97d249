"""The hub: takes messages, and hands each listener of a channel the same bytes.

Everything here runs in one asyncio loop and knows neither Flask nor Redis nor HTTP. A batch of
messages becomes bytes once, however many listen. Counts, such as votes, wait for each other (at
most four pushes a second for a channel, of all kinds together); any other message goes at once and
takes the waiting counts along, so that batches always cover the messages in their order and an id
says "everything up to here".
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from eventapp.live.messages import (
    BEFORE_ALL,
    HELD_KINDS,
    Message,
    MessageId,
    Payload,
    to_json,
    write_id,
)
from eventapp.live.permits import Channel

RING_BATCHES = 256
RINGS_KEPT = 1000
QUEUE_BATCHES = 64
SECONDS_BETWEEN_VOTES = 0.25
SECONDS_BETWEEN_BEATS = 20.0

BEAT = b"event: beat\ndata: 1\n\n"
RESET = b"event: reset\ndata: 1\n\n"
FAREWELL = b"event: farewell\ndata: 1\n\n"
RENEW = b"event: renew\ndata: 1\n\n"

Key: TypeAlias = tuple[int, Channel]
Counted: TypeAlias = tuple[str, int]


class Listener:
    """One open stream. Its queue is bounded: whoever reads too slowly is dropped and comes back."""

    def __init__(self, *, queue_batches: int) -> None:
        self._queue: deque[bytes] = deque()
        self._queue_batches = queue_batches
        self._has_news = asyncio.Event()
        self.is_dropped = False
        self.on_drop: Callable[[], object] | None = None

    def put(self, data: bytes) -> bool:
        """Queue `data`; False when the listener is too far behind and has been dropped."""
        if len(self._queue) >= self._queue_batches:
            self.drop()
        else:
            self._queue.append(data)
            self._has_news.set()
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
        self._queue.append(data)
        self.is_dropped = True
        self._has_news.set()

    async def take(self) -> bytes:
        """Wait for news; empty when the stream has ended."""
        while not self._queue:
            if self.is_dropped:
                return b""
            self._has_news.clear()
            await self._has_news.wait()
        data = b"".join(self._queue)
        self._queue.clear()
        return data


@dataclass
class Ring:
    """One channel: its recent batches, its listeners, and the counts that wait.

    After `floor` every batch is still here.
    """

    floor: MessageId
    batches: deque[tuple[MessageId, bytes]] = field(default_factory=deque)
    listeners: set[Listener] = field(default_factory=set)
    waiting: dict[Counted, Payload] = field(default_factory=dict)
    waiting_id: MessageId = BEFORE_ALL
    last_push: float = float("-inf")
    timer: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        return not self.listeners and self.timer is None


class Hub:
    """All channels of all webinars. `since` is the id before which this hub knows nothing."""

    def __init__(
        self,
        *,
        since: MessageId = BEFORE_ALL,
        ring_batches: int = RING_BATCHES,
        queue_batches: int = QUEUE_BATCHES,
        seconds_between_votes: float = SECONDS_BETWEEN_VOTES,
        seconds_between_beats: float = SECONDS_BETWEEN_BEATS,
    ) -> None:
        self._since = since
        self._newest = since
        self._ring_batches = ring_batches
        self._queue_batches = queue_batches
        self._seconds_between_votes = seconds_between_votes
        self._seconds_between_beats = seconds_between_beats
        self._rings: OrderedDict[Key, Ring] = OrderedDict()
        self._is_closed = False

    @property
    def listener_count(self) -> int:
        return sum(len(ring.listeners) for ring in self._rings.values())

    @property
    def is_untouched(self) -> bool:
        """Whether it hasn't begun, and nobody has come to listen."""
        return self._since == BEFORE_ALL and not self._rings

    def begin(self, since: MessageId) -> None:
        """Start anew at `since`: whoever saw less is told to fetch the state."""
        self._since = self._newest = since

    def listen(self, webinar_id: int, channel: Channel, *, after: MessageId | None) -> Listener:
        """Open a stream that goes on after the message `after`, or with a reset where it can't."""
        listener = Listener(queue_batches=self._queue_batches)
        ring = self._ring((webinar_id, channel))
        for data in self._missed(ring, after):
            listener.put(data)
        if self._is_closed:
            listener.put_last(FAREWELL)
        else:
            ring.listeners.add(listener)
        return listener

    def leave(self, webinar_id: int, channel: Channel, listener: Listener) -> None:
        ring = self._rings.get((webinar_id, channel))
        if ring is not None:
            ring.listeners.discard(listener)

    def deliver(self, message: Message) -> None:
        """Take a message; ids rise from call to call."""
        self._newest = message.id
        ring = self._ring((message.webinar_id, message.channel))
        if message.payload["kind"] in HELD_KINDS:
            self._hold(ring, message)
        else:
            self._push(ring, message.id, [*self._take_waiting(ring), message.payload])

    def reset_all(self, since: MessageId) -> None:
        """Messages may have been lost: everyone fetches the state, and nothing is replayed."""
        self.begin(since)
        for ring in self._rings.values():
            ring.floor = since
            ring.batches.clear()
            self._send(ring, RESET)

    def beat(self) -> None:
        for ring in self._rings.values():
            self._send(ring, BEAT)

    async def keep_beating(self) -> None:
        """Keep quiet streams open through proxies, and let clients notice a dead one."""
        while True:
            await asyncio.sleep(self._seconds_between_beats)
            self.beat()

    def close(self) -> None:
        """Send what waits and a farewell; open streams end, and clients come back elsewhere."""
        self._is_closed = True
        for ring in self._rings.values():
            self._flush(ring)
            for listener in ring.listeners:
                listener.put_last(FAREWELL)
            ring.listeners.clear()

    def _ring(self, key: Key) -> Ring:
        ring = self._rings.get(key)
        if ring is None:
            ring = self._rings[key] = Ring(floor=self._since)
            self._forget_oldest()
        self._rings.move_to_end(key)
        return ring

    def _forget_oldest(self) -> None:
        """Drop rings nobody listens to; `since` rises, so whoever returns to one is reset."""
        too_many = len(self._rings) - RINGS_KEPT
        if too_many <= 0:
            return
        idle = [key for key, ring in self._rings.items() if ring.is_idle]
        for key in idle[:too_many]:
            del self._rings[key]
            self._since = self._newest

    def _missed(self, ring: Ring, after: MessageId | None) -> list[bytes]:
        if after is None or after < ring.floor:
            return [RESET]
        missed = b"".join(data for batch_id, data in ring.batches if batch_id > after)
        return [missed] if missed else []

    def _hold(self, ring: Ring, message: Message) -> None:
        """Keep the newest count of each thing until it is time for the next push."""
        payload = message.payload
        counted = (payload["kind"], payload["id"])
        held = ring.waiting.get(counted)
        if held is None or held["revision"] < payload["revision"]:
            ring.waiting[counted] = payload
        ring.waiting_id = message.id
        if ring.timer is not None:
            return
        loop = asyncio.get_running_loop()
        due = ring.last_push + self._seconds_between_votes
        if due <= loop.time():
            self._flush(ring)
        else:
            ring.timer = loop.call_at(due, self._flush, ring)

    def _flush(self, ring: Ring) -> None:
        if ring.waiting:
            self._push(ring, ring.waiting_id, self._take_waiting(ring))

    def _take_waiting(self, ring: Ring) -> list[Payload]:
        if ring.timer is not None:
            ring.timer.cancel()
            ring.timer = None
        waiting = list(ring.waiting.values())
        ring.waiting.clear()
        return waiting

    def _push(self, ring: Ring, batch_id: MessageId, payloads: list[Payload]) -> None:
        data = f"id: {write_id(batch_id)}\ndata: {to_json(payloads)}\n\n".encode()
        ring.last_push = asyncio.get_running_loop().time()
        ring.batches.append((batch_id, data))
        if len(ring.batches) > self._ring_batches:
            ring.floor = ring.batches.popleft()[0]
        self._send(ring, data)

    def _send(self, ring: Ring, data: bytes) -> None:
        slow = [listener for listener in ring.listeners if not listener.put(data)]
        ring.listeners.difference_update(slow)
