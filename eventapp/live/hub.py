"""The hub: takes messages, and hands each listener of a channel the same bytes.

Everything here runs in one asyncio loop and knows neither Flask nor Redis. A batch of messages
becomes bytes once, however many listen: the bytes of a chunk, so that nothing is left to do for
each listener but to write them. A channel is pushed to at most four times a second: what comes
sooner after a push waits for the next, in its order, and of each count only the newest; so an id
says "everything up to here".

Where many would come back at the same moment, the hub says over how long they spread themselves:
`wait`, in milliseconds, of which each takes a random part.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from functools import partial
from typing import Any, TypeAlias

from eventapp.live.messages import (
    BEFORE_ALL,
    Message,
    MessageId,
    Payload,
    to_json,
    write_id,
)
from eventapp.live.permits import Channel
from eventapp.live.rings import (
    QUEUE_BATCHES,
    QUEUE_BYTES,
    RING_BATCHES,
    RING_BYTES,
    Listener,
    Outlet,
    Ring,
)

RINGS_KEPT = 1000
STREAMS_EACH = 8
SECONDS_BETWEEN_PUSHES = 0.25
SECONDS_BETWEEN_BEATS = 20.0
# A thousand streams a second are opened without trouble, and some hundred states fetched.
MILLISECONDS_A_STREAM = 1.0
MILLISECONDS_A_STATE = 2.5
LEAST_WAIT = 500
LONGEST_WAIT = 60_000

Key: TypeAlias = tuple[int, Channel]


def as_chunk(data: bytes) -> bytes:
    """Return `data` as one chunk of a body that goes on (RFC 9112, 7.1)."""
    return b"%x\r\n%s\r\n" % (len(data), data)


HELLO = as_chunk(b": hello\n\n")
RENEW = as_chunk(b"event: renew\ndata: 1\n\n")
CROWDED = as_chunk(b"event: crowded\ndata: 1\n\n")


class Hub:
    """All channels of all webinars. `since` is the id before which this hub knows nothing."""

    def __init__(
        self,
        *,
        since: MessageId = BEFORE_ALL,
        ring_batches: int = RING_BATCHES,
        ring_bytes: int = RING_BYTES,
        queue_batches: int = QUEUE_BATCHES,
        queue_bytes: int = QUEUE_BYTES,
        streams_each: int = STREAMS_EACH,
        seconds_between_pushes: float = SECONDS_BETWEEN_PUSHES,
        seconds_between_beats: float = SECONDS_BETWEEN_BEATS,
    ) -> None:
        self._since = since
        self._newest = since
        self._new_ring = partial(Ring, most_batches=ring_batches, most_bytes=ring_bytes)
        self._new_listener = partial(Listener, queue_batches=queue_batches, queue_bytes=queue_bytes)
        self._streams_each = streams_each
        self._seconds_between_pushes = seconds_between_pushes
        self._seconds_between_beats = seconds_between_beats
        self._rings: OrderedDict[Key, Ring] = OrderedDict()
        self._present: dict[int, int] = {}
        self.listener_count = 0
        self.is_closed = False

    @property
    def is_untouched(self) -> bool:
        """Whether it hasn't begun, and nobody has come to listen."""
        return self._since == BEFORE_ALL and not self._rings

    def begin(self, since: MessageId) -> None:
        """Start anew at `since`: whoever saw less is told to fetch the state."""
        self._since = self._newest = since

    def listen(
        self,
        webinar_id: int,
        channel: Channel,
        outlet: Outlet,
        *,
        after: MessageId | None,
        who: str = "",
    ) -> Listener:
        """Open a stream that goes on after the message `after`, or with a reset where it can't.

        It is told first how many are here. Where `who` has too many open, the oldest ends: its page
        waits until it is looked at again.
        """
        listener = self._new_listener(outlet, who=who)
        outlet.on_room = listener.go_on
        ring = self._ring((webinar_id, channel))
        missed = self._missed(ring, after)
        if self.is_closed:
            listener.put_last(HELLO + missed + self._farewell())
            return listener
        ring.add(listener)
        self.listener_count += 1
        listener.put(HELLO + self._greet(webinar_id) + missed)
        oldest = ring.find_oldest(who, most=self._streams_each)
        if oldest is not None:
            self._let_go(ring, oldest)
            oldest.put_last(CROWDED)
        return listener

    def leave(self, webinar_id: int, channel: Channel, listener: Listener) -> None:
        ring = self._rings.get((webinar_id, channel))
        if ring is not None:
            self._let_go(ring, listener)

    def deliver(self, message: Message) -> None:
        """Take a message; ids rise from call to call."""
        self._newest = message.id
        ring = self._ring((message.webinar_id, message.channel))
        ring.hold(message.payload, message.id)
        if ring.timer is not None:
            return
        loop = asyncio.get_running_loop()
        due = ring.last_push + self._seconds_between_pushes
        if due <= loop.time():
            self._flush(ring)
        else:
            ring.timer = loop.call_at(due, self._flush, ring)

    def reset_all(self, since: MessageId) -> None:
        """Messages may have been lost: everyone fetches the state, and nothing is replayed.

        `since` is above every id that has been handed out with a state until now.
        """
        self.begin(since)
        reset = self._reset()
        for ring in self._rings.values():
            ring.forget(since)
            self._send(ring, reset)

    def count_present(self) -> dict[int, int]:
        """Return by webinar how many people have its room open here."""
        return {
            webinar_id: ring.people
            for (webinar_id, channel), ring in self._rings.items()
            if channel is Channel.ROOM and ring.listeners
        }

    def show_present(self, present: Mapping[int, int]) -> None:
        """Tell how many are present in all, by webinar, where that is news.

        Whoever came while that was added up is here all the same.
        """
        self._present = dict(present)
        for (webinar_id, _channel), ring in self._rings.items():
            count = max(self._present.get(webinar_id, 0), self._count_people(webinar_id))
            if ring.listeners and count != ring.shown_present:
                ring.shown_present = count
                self._send(ring, _write_present(count))

    def beat(self) -> None:
        beat = self._beat()
        for ring in self._rings.values():
            self._send(ring, beat)

    async def keep_beating(self) -> None:
        """Keep quiet streams open through proxies, and let clients notice a dead one."""
        while True:
            await asyncio.sleep(self._seconds_between_beats)
            self.beat()

    def close(self) -> None:
        """Send what waits and a farewell; open streams end, and clients come back elsewhere."""
        farewell = self._farewell()
        self.is_closed = True
        for ring in self._rings.values():
            self._flush(ring)
            for listener in list(ring.listeners):
                self._let_go(ring, listener)
                listener.put_last(farewell)

    def _ring(self, key: Key) -> Ring:
        ring = self._rings.get(key)
        if ring is None:
            ring = self._rings[key] = self._new_ring(floor=self._since)
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

    def _let_go(self, ring: Ring, listener: Listener) -> None:
        if ring.discard(listener):
            self.listener_count -= 1

    def _missed(self, ring: Ring, after: MessageId | None) -> bytes:
        """An id that is yet to come is another server's, or of before its clock was set back.

        Before a hub has begun it knows no better: who comes then is reset as it begins.
        """
        has_begun = self._newest != BEFORE_ALL
        if after is None or after < ring.floor or (has_begun and after > self._newest):
            return self._reset()
        return ring.join_missed(after)

    def _flush(self, ring: Ring) -> None:
        if ring.waiting:
            self._push(ring, ring.waiting_id, ring.take_waiting())

    def _push(self, ring: Ring, batch_id: MessageId, payloads: list[Payload]) -> None:
        data = as_chunk(f"id: {write_id(batch_id)}\ndata: {to_json(payloads)}\n\n".encode())
        ring.last_push = asyncio.get_running_loop().time()
        ring.keep(batch_id, data)
        self._send(ring, data)

    def _send(self, ring: Ring, data: bytes) -> None:
        slow = [listener for listener in ring.listeners if not listener.put(data)]
        for listener in slow:
            self._let_go(ring, listener)

    def _greet(self, webinar_id: int) -> bytes:
        own = self._count_people(webinar_id)
        return self._beat() + _write_present(max(own, self._present.get(webinar_id, 0)))

    def _count_people(self, webinar_id: int) -> int:
        ring = self._rings.get((webinar_id, Channel.ROOM))
        return ring.people if ring is not None else 0

    def _reset(self) -> bytes:
        """Tell a page to fetch a state that is no older than what this hub has seen."""
        wait = self._spread(MILLISECONDS_A_STATE)
        return _write_event("reset", {"after": write_id(self._newest), "wait": wait})

    def _beat(self) -> bytes:
        return _write_event("beat", {"wait": self._spread(MILLISECONDS_A_STREAM)})

    def _farewell(self) -> bytes:
        return _write_event("farewell", {"wait": self._spread(MILLISECONDS_A_STREAM)})

    def _spread(self, milliseconds_each: float) -> int:
        return min(max(round(self.listener_count * milliseconds_each), LEAST_WAIT), LONGEST_WAIT)


def _write_present(count: int) -> bytes:
    return _write_event("present", count)


def _write_event(name: str, data: Any) -> bytes:
    return as_chunk(f"event: {name}\ndata: {to_json(data)}\n\n".encode())
