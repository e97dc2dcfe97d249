from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

import pytest

from eventapp.live.hub import CROWDED, Hub
from eventapp.live.messages import HELD_KINDS, Message, write_id
from eventapp.live.permits import Channel
from eventapp.live.rings import Listener

WEBINAR = 1


def question(number: int, *, channel: Channel = Channel.ROOM, webinar_id: int = WEBINAR) -> Message:
    payload = {"kind": "question", "id": number}
    return Message(id=(1, number), webinar_id=webinar_id, channel=channel, payload=payload)


def votes(number: int, *, count: int, of: int = 5, kind: str = "votes") -> Message:
    payload = {"kind": kind, "id": of, "votes": count, "revision": count}
    return Message(id=(1, number), webinar_id=WEBINAR, channel=Channel.ROOM, payload=payload)


def batch(number: int, *payloads: dict[str, Any]) -> bytes:
    data = json.dumps(payloads, separators=(",", ":"))
    return f"id: {write_id((1, number))}\ndata: {data}\n\n".encode()


def event(name: str, data: Any) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n".encode()


def reset(number: int, *, wait: int = 500) -> bytes:
    return event("reset", {"after": write_id((1, number)), "wait": wait})


BEAT = event("beat", {"wait": 500})
FAREWELL = event("farewell", {"wait": 500})


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scenario)


async def everything(listener: Listener, *, seconds: float = 0.0) -> list[bytes]:
    """All that reaches `listener` until nothing has for so long."""
    parts = []
    try:
        while data := await asyncio.wait_for(listener.take(), seconds + 0.02):
            parts.append(data)
    except TimeoutError:
        pass
    return [part + b"\n\n" for part in b"".join(parts).split(b"\n\n")[:-1]]


def test_listener_gets_what_follows_and_only_of_its_channel():
    async def scenario() -> None:
        hub = Hub()
        listener = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))

        hub.deliver(question(1))
        hub.deliver(question(2, channel=Channel.DESK))
        hub.deliver(question(3, webinar_id=2))

        assert await everything(listener) == [batch(1, {"kind": "question", "id": 1})]

    run(scenario())


def test_every_listener_is_handed_the_very_same_bytes():
    async def scenario() -> None:
        hub = Hub()
        first = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))
        second = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))

        hub.deliver(question(1))

        assert await first.take() is await second.take()

    run(scenario())


def test_returning_listener_gets_what_it_missed():
    async def scenario() -> None:
        hub = Hub()
        for number in (1, 2, 3):
            hub.deliver(question(number))

        listener = hub.listen(WEBINAR, Channel.ROOM, after=(1, 1))

        assert await everything(listener) == [
            batch(2, {"kind": "question", "id": 2}),
            batch(3, {"kind": "question", "id": 3}),
        ]

    run(scenario())


def test_listener_that_missed_more_than_the_ring_holds_is_reset():
    async def scenario() -> None:
        hub = Hub(ring_batches=2)
        for number in (1, 2, 3, 4):
            hub.deliver(question(number))

        late = hub.listen(WEBINAR, Channel.ROOM, after=(1, 1))
        in_time = hub.listen(WEBINAR, Channel.ROOM, after=(1, 2))

        assert await everything(late) == [reset(4)]
        assert len(await everything(in_time)) == 2

    run(scenario())


def test_listener_from_before_this_hub_is_reset():
    async def scenario() -> None:
        hub = Hub()
        hub.begin((1, 10))

        before = hub.listen(WEBINAR, Channel.ROOM, after=(1, 9))
        unknown = hub.listen(WEBINAR, Channel.ROOM, after=None)
        current = hub.listen(WEBINAR, Channel.ROOM, after=(1, 10))

        assert await everything(before) == [reset(10)]
        assert await everything(unknown) == [reset(10)]
        assert await everything(current) == []

    run(scenario())


def test_votes_are_pushed_at_most_once_in_an_interval_and_end_at_the_newest():
    async def scenario() -> None:
        hub = Hub(seconds_between_votes=0.05)
        listener = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))

        for number in range(1, 201):
            hub.deliver(votes(number, count=number))

        first, last = await everything(listener, seconds=0.1)
        assert first == batch(1, {"kind": "votes", "id": 5, "votes": 1, "revision": 1})
        assert last == batch(200, {"kind": "votes", "id": 5, "votes": 200, "revision": 200})

    run(scenario())


@pytest.mark.parametrize("kind", sorted(HELD_KINDS))
def test_every_kind_of_count_waits_and_ends_at_the_newest(kind):
    async def scenario() -> None:
        hub = Hub(seconds_between_votes=0.05)
        listener = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))

        for number in range(1, 201):
            hub.deliver(votes(number, count=number, kind=kind))

        _first, last = await everything(listener, seconds=0.1)
        assert last == batch(200, {"kind": kind, "id": 5, "votes": 200, "revision": 200})

    run(scenario())


def test_counts_of_all_kinds_share_one_push_and_keep_apart_by_kind_and_id():
    async def scenario() -> None:
        hub = Hub(seconds_between_votes=0.05)
        listener = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(votes(1, count=1))

        hub.deliver(votes(2, count=2))
        hub.deliver(votes(3, count=7, kind="poll_votes"))
        hub.deliver(votes(4, count=3, of=6))
        hub.deliver(votes(5, count=9, kind="poll_votes"))

        assert (await everything(listener, seconds=0.1))[1:] == [
            batch(
                5,
                {"kind": "votes", "id": 5, "votes": 2, "revision": 2},
                {"kind": "poll_votes", "id": 5, "votes": 9, "revision": 9},
                {"kind": "votes", "id": 6, "votes": 3, "revision": 3},
            )
        ]

    run(scenario())


def test_late_count_does_not_replace_a_newer_one():
    async def scenario() -> None:
        hub = Hub(seconds_between_votes=0.05)
        listener = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(votes(1, count=1, of=4))

        hub.deliver(votes(2, count=8))
        hub.deliver(votes(3, count=7))

        last = (await everything(listener, seconds=0.1))[-1]
        assert last == batch(3, {"kind": "votes", "id": 5, "votes": 8, "revision": 8})

    run(scenario())


def test_other_news_goes_at_once_and_takes_waiting_votes_along():
    async def scenario() -> None:
        hub = Hub(seconds_between_votes=60)
        listener = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(votes(1, count=1))
        hub.deliver(votes(2, count=2))

        hub.deliver(question(3))

        assert (await everything(listener))[1:] == [
            batch(
                3,
                {"kind": "votes", "id": 5, "votes": 2, "revision": 2},
                {"kind": "question", "id": 3},
            )
        ]

    run(scenario())


def test_slow_listener_is_dropped_and_the_others_go_on():
    async def scenario() -> None:
        hub = Hub(queue_batches=3)
        slow = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))
        dropped = []
        slow.on_drop = lambda: dropped.append(True)
        quick = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))

        for number in range(1, 6):
            hub.deliver(question(number))
            await quick.take()

        assert dropped == [True]
        assert await slow.take() == b""
        assert hub.listener_count == 1

    run(scenario())


def test_heartbeat_reaches_quiet_streams():
    async def scenario() -> None:
        hub = Hub(seconds_between_beats=0.01)
        listener = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))
        beating = asyncio.create_task(hub.keep_beating())

        data = await asyncio.wait_for(listener.take(), 1)

        beating.cancel()
        assert data == BEAT

    run(scenario())


def test_closing_says_what_waits_and_farewell_and_ends_streams():
    async def scenario() -> None:
        hub = Hub(seconds_between_votes=60)
        listener = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(votes(1, count=1))
        hub.deliver(votes(2, count=2))

        hub.close()

        said = await everything(listener)
        assert said[1] == batch(2, {"kind": "votes", "id": 5, "votes": 2, "revision": 2})
        assert said[-1] == FAREWELL
        assert await listener.take() == b""
        assert hub.listener_count == 0

    run(scenario())


def test_reset_for_all_forgets_what_could_be_replayed():
    async def scenario() -> None:
        hub = Hub()
        listener = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(question(1))

        hub.reset_all((1, 5))

        returning = hub.listen(WEBINAR, Channel.ROOM, after=(1, 1))
        assert (await everything(listener))[-1] == reset(5)
        assert await everything(returning) == [reset(5)]

    run(scenario())


def test_listener_from_a_time_that_is_yet_to_come_is_reset():
    async def scenario() -> None:
        hub = Hub()
        hub.begin((1, 10))

        ahead = hub.listen(WEBINAR, Channel.ROOM, after=(1, 11))

        assert await everything(ahead) == [reset(10)]

    run(scenario())


def test_reset_for_all_drops_the_counts_that_wait():
    async def scenario() -> None:
        hub = Hub(seconds_between_votes=0.05)
        hub.deliver(votes(1, count=1))
        hub.deliver(votes(2, count=2))
        hub.reset_all((1, 5))

        listener = hub.listen(WEBINAR, Channel.ROOM, after=(1, 5))

        assert await everything(listener, seconds=0.1) == []

    run(scenario())


def test_those_who_return_together_are_handed_the_very_same_bytes():
    async def scenario() -> None:
        hub = Hub()
        for number in (1, 2, 3):
            hub.deliver(question(number))
        first, second = (hub.listen(WEBINAR, Channel.ROOM, after=(1, 1)) for _ in range(2))
        later = hub.listen(WEBINAR, Channel.ROOM, after=(1, 2))

        assert await first.take() is await second.take()
        assert await later.take() == batch(3, {"kind": "question", "id": 3})

    run(scenario())


def test_ring_is_bounded_in_bytes():
    async def scenario() -> None:
        size = len(batch(1, {"kind": "question", "id": 1}))
        hub = Hub(ring_bytes=2 * size)
        for number in (1, 2, 3, 4):
            hub.deliver(question(number))

        late = hub.listen(WEBINAR, Channel.ROOM, after=(1, 1))
        in_time = hub.listen(WEBINAR, Channel.ROOM, after=(1, 2))

        assert await everything(late) == [reset(4)]
        assert len(await everything(in_time)) == 2

    run(scenario())


def test_queue_is_bounded_in_bytes():
    async def scenario() -> None:
        size = len(batch(1, {"kind": "question", "id": 1}))
        hub = Hub(queue_bytes=2 * size)
        slow = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))
        quick = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))

        for number in (1, 2, 3):
            hub.deliver(question(number))
            await quick.take()

        assert await slow.take() == b""
        assert hub.listener_count == 1

    run(scenario())


def test_message_larger_than_a_queue_reaches_who_keeps_up():
    async def scenario() -> None:
        hub = Hub(queue_bytes=10)
        listener = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0))

        hub.deliver(question(1))

        assert await everything(listener) == [batch(1, {"kind": "question", "id": 1})]

    run(scenario())


def test_the_more_listen_the_longer_they_spread_themselves():
    async def scenario() -> None:
        hub = Hub()
        hub.begin((1, 10))
        listeners = [hub.listen(WEBINAR, Channel.ROOM, after=(1, 10)) for _ in range(2000)]

        hub.beat()
        hub.reset_all((1, 11))
        hub.close()

        assert await everything(listeners[0]) == [
            event("beat", {"wait": 2000}),
            reset(11, wait=5000),
            event("farewell", {"wait": 2000}),
        ]

    run(scenario())


def test_oldest_stream_of_one_person_gives_way():
    async def scenario() -> None:
        hub = Hub(streams_each=2)
        streams = [hub.listen(WEBINAR, Channel.ROOM, after=(0, 0), who="ada") for _ in range(3)]
        other = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0), who="bob")
        nameless = [hub.listen(WEBINAR, Channel.ROOM, after=(0, 0)) for _ in range(4)]

        hub.deliver(question(1))

        said = batch(1, {"kind": "question", "id": 1})
        assert await everything(streams[0]) == [CROWDED]
        assert await streams[0].take() == b""
        for listener in (*streams[1:], other, *nameless):
            assert await everything(listener) == [said]
        assert hub.listener_count == 7

    run(scenario())


def test_people_are_counted_once_in_however_many_tabs():
    async def scenario() -> None:
        hub = Hub()
        tabs = [hub.listen(WEBINAR, Channel.ROOM, after=(0, 0), who="ada") for _ in range(2)]
        hub.listen(WEBINAR, Channel.ROOM, after=(0, 0), who="bob")
        hub.listen(WEBINAR, Channel.DESK, after=(0, 0), who="olga")
        hub.listen(2, Channel.ROOM, after=(0, 0), who="ada")

        both = hub.count_present()
        hub.leave(WEBINAR, Channel.ROOM, tabs[0])
        one = hub.count_present()
        hub.leave(WEBINAR, Channel.ROOM, tabs[1])
        hub.leave(WEBINAR, Channel.ROOM, tabs[1])

        assert both == one == {WEBINAR: 2, 2: 1}
        assert hub.count_present() == {WEBINAR: 1, 2: 1}
        assert hub.listener_count == 3

    run(scenario())


def test_number_present_is_told_to_every_channel_and_only_when_it_changed():
    async def scenario() -> None:
        hub = Hub()
        room = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0), who="ada")
        desk = hub.listen(WEBINAR, Channel.DESK, after=(0, 0), who="olga")

        for present in ({WEBINAR: 7}, {WEBINAR: 7, 2: 1}, {WEBINAR: 6}, {}):
            hub.show_present(present)

        told = [event("present", count) for count in (7, 6, 1)]
        assert await everything(room) == await everything(desk) == told

    run(scenario())


def test_who_came_while_it_was_added_up_is_counted():
    async def scenario() -> None:
        hub = Hub()
        added_up = hub.count_present()
        ada = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0), who="ada")

        hub.show_present(added_up)

        assert await everything(ada) == [event("present", 1)]

    run(scenario())


def test_number_present_is_in_no_ring():
    async def scenario() -> None:
        hub = Hub()
        hub.listen(WEBINAR, Channel.ROOM, after=(0, 0), who="ada")
        hub.show_present({WEBINAR: 7})

        returning = hub.listen(WEBINAR, Channel.ROOM, after=(0, 0), who="bob")

        assert await everything(returning) == []

    run(scenario())


@pytest.mark.parametrize(("elsewhere", "told"), [({}, 1), ({WEBINAR: 5}, 5)])
def test_new_listener_is_told_at_once_how_many_are_present(elsewhere, told):
    async def scenario() -> None:
        hub = Hub()
        hub.show_present(elsewhere)
        hub.listen(WEBINAR, Channel.ROOM, after=(0, 0), who="ada")

        assert hub.greet(WEBINAR) == BEAT + event("present", told)

    run(scenario())
