from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from functools import partial
from typing import Any

import pytest

from eventapp.live.hub import CROWDED, Hub, as_chunk
from eventapp.live.messages import HELD_KINDS, Message, write_id
from eventapp.live.permits import Channel
from tests.live.lines import GREETINGS, Line, listen, read_chunks

WEBINAR = 1
# Most tests are not about what waits.
QuickHub = partial(Hub, seconds_between_pushes=0)


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


async def everything(line: Line, *, seconds: float = 0.0) -> list[bytes]:
    """All events that reach `line` within so long."""
    await asyncio.sleep(seconds)
    return [event + b"\n\n" for event in line.take().split(b"\n\n")[:-1]]


def test_listener_gets_what_follows_and_only_of_its_channel():
    async def scenario() -> None:
        hub = QuickHub()
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))

        hub.deliver(question(1))
        hub.deliver(question(2, channel=Channel.DESK))
        hub.deliver(question(3, webinar_id=2))

        assert await everything(listener) == [batch(1, {"kind": "question", "id": 1})]

    run(scenario())


def test_every_listener_is_handed_the_very_same_bytes():
    async def scenario() -> None:
        hub = QuickHub()
        first = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        second = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))

        hub.deliver(question(1))

        assert first.carried[0] is second.carried[0]

    run(scenario())


def test_returning_listener_gets_what_it_missed():
    async def scenario() -> None:
        hub = QuickHub()
        for number in (1, 2, 3):
            hub.deliver(question(number))

        listener = listen(hub, WEBINAR, Channel.ROOM, after=(1, 1))

        assert await everything(listener) == [
            batch(2, {"kind": "question", "id": 2}),
            batch(3, {"kind": "question", "id": 3}),
        ]

    run(scenario())


def test_listener_that_missed_more_than_the_ring_holds_is_reset():
    async def scenario() -> None:
        hub = QuickHub(ring_batches=2)
        for number in (1, 2, 3, 4):
            hub.deliver(question(number))

        late = listen(hub, WEBINAR, Channel.ROOM, after=(1, 1))
        in_time = listen(hub, WEBINAR, Channel.ROOM, after=(1, 2))

        assert await everything(late) == [reset(4)]
        assert len(await everything(in_time)) == 2

    run(scenario())


def test_listener_from_before_this_hub_is_reset():
    async def scenario() -> None:
        hub = QuickHub()
        hub.begin((1, 10))

        before = listen(hub, WEBINAR, Channel.ROOM, after=(1, 9))
        unknown = listen(hub, WEBINAR, Channel.ROOM, after=None)
        current = listen(hub, WEBINAR, Channel.ROOM, after=(1, 10))

        assert await everything(before) == [reset(10)]
        assert await everything(unknown) == [reset(10)]
        assert await everything(current) == []

    run(scenario())


def test_votes_are_pushed_at_most_once_in_an_interval_and_end_at_the_newest():
    async def scenario() -> None:
        hub = Hub(seconds_between_pushes=0.05)
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))

        for number in range(1, 201):
            hub.deliver(votes(number, count=number))

        first, last = await everything(listener, seconds=0.1)
        assert first == batch(1, {"kind": "votes", "id": 5, "votes": 1, "revision": 1})
        assert last == batch(200, {"kind": "votes", "id": 5, "votes": 200, "revision": 200})

    run(scenario())


@pytest.mark.parametrize("kind", sorted(HELD_KINDS))
def test_every_kind_of_count_waits_and_ends_at_the_newest(kind):
    async def scenario() -> None:
        hub = Hub(seconds_between_pushes=0.05)
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))

        for number in range(1, 201):
            hub.deliver(votes(number, count=number, kind=kind))

        _first, last = await everything(listener, seconds=0.1)
        assert last == batch(200, {"kind": kind, "id": 5, "votes": 200, "revision": 200})

    run(scenario())


def test_counts_of_all_kinds_share_one_push_and_keep_apart_by_kind_and_id():
    async def scenario() -> None:
        hub = Hub(seconds_between_pushes=0.05)
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(votes(1, count=1))

        hub.deliver(votes(2, count=2))
        hub.deliver(votes(3, count=7, kind="poll_votes"))
        hub.deliver(votes(4, count=3, of=6))
        hub.deliver(votes(5, count=9, kind="poll_votes"))

        assert (await everything(listener, seconds=0.1))[1:] == [
            batch(
                5,
                {"kind": "votes", "id": 5, "votes": 2, "revision": 2},
                {"kind": "votes", "id": 6, "votes": 3, "revision": 3},
                {"kind": "poll_votes", "id": 5, "votes": 9, "revision": 9},
            )
        ]

    run(scenario())


def test_late_count_does_not_replace_a_newer_one():
    async def scenario() -> None:
        hub = Hub(seconds_between_pushes=0.05)
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(votes(1, count=1, of=4))

        hub.deliver(votes(2, count=8))
        hub.deliver(votes(3, count=7))

        last = (await everything(listener, seconds=0.1))[-1]
        assert last == batch(3, {"kind": "votes", "id": 5, "votes": 8, "revision": 8})

    run(scenario())


def test_all_news_is_pushed_at_most_once_in_an_interval_and_in_its_order():
    async def scenario() -> None:
        hub = Hub(seconds_between_pushes=0.05)
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(votes(1, count=1))

        hub.deliver(votes(2, count=2))
        hub.deliver(question(3))
        hub.deliver(question(3, channel=Channel.DESK))
        hub.deliver(question(4))

        assert await everything(listener, seconds=0.1) == [
            batch(1, {"kind": "votes", "id": 5, "votes": 1, "revision": 1}),
            batch(
                4,
                {"kind": "votes", "id": 5, "votes": 2, "revision": 2},
                {"kind": "question", "id": 3},
                {"kind": "question", "id": 4},
            ),
        ]

    run(scenario())


def test_count_comes_after_what_it_is_a_count_of():
    """A page that doesn't know a question yet can't keep its votes."""

    async def scenario() -> None:
        hub = Hub(seconds_between_pushes=0.05)
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(votes(1, count=1, of=4))

        hub.deliver(votes(2, count=1))
        hub.deliver(question(3))
        hub.deliver(votes(4, count=2))

        assert (await everything(listener, seconds=0.1))[1:] == [
            batch(
                4,
                {"kind": "question", "id": 3},
                {"kind": "votes", "id": 5, "votes": 2, "revision": 2},
            )
        ]

    run(scenario())


def test_news_after_a_rest_goes_at_once():
    async def scenario() -> None:
        hub = Hub(seconds_between_pushes=0.05)
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(question(1))
        await asyncio.sleep(0.06)

        hub.deliver(question(2))

        assert listener.take().count(b"id: ") == 2

    run(scenario())


def test_slow_listener_is_dropped_and_the_others_go_on():
    async def scenario() -> None:
        hub = Hub(queue_batches=3, seconds_between_pushes=0)
        slow, quick = (listen(hub, WEBINAR, Channel.ROOM, after=(0, 0)) for _ in range(2))
        dropped = []
        slow.listener.on_end = lambda: dropped.append(True)
        slow.is_full = True

        for number in range(1, 6):
            hub.deliver(question(number))

        slow.empty()
        assert dropped == [True]
        assert slow.take() == b""
        assert quick.take().count(b"id: ") == 5
        assert hub.listener_count == 1

    run(scenario())


def test_what_waited_for_a_full_connection_goes_on_in_its_order():
    async def scenario() -> None:
        hub = Hub(seconds_between_pushes=0)
        line = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        line.is_full = True
        for number in (1, 2):
            hub.deliver(question(number))
        before = line.take()

        line.empty()
        hub.deliver(question(3))

        assert before == b""
        assert await everything(line) == [
            batch(number, {"kind": "question", "id": number}) for number in (1, 2, 3)
        ]

    run(scenario())


def test_farewell_waits_behind_what_a_full_connection_has_yet_to_take():
    async def scenario() -> None:
        hub = Hub()
        line = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        line.is_full = True
        hub.deliver(question(1))
        hub.close()

        line.empty()

        assert line.listener.has_ended
        assert await everything(line) == [batch(1, {"kind": "question", "id": 1}), FAREWELL]

    run(scenario())


def test_heartbeat_reaches_quiet_streams():
    async def scenario() -> None:
        hub = Hub(seconds_between_beats=0.01)
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        beating = asyncio.create_task(hub.keep_beating())

        said = await everything(listener, seconds=0.05)

        beating.cancel()
        assert said[0] == BEAT

    run(scenario())


def test_closing_says_what_waits_and_farewell_and_ends_streams():
    async def scenario() -> None:
        hub = Hub(seconds_between_pushes=60)
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(votes(1, count=1))
        hub.deliver(votes(2, count=2))

        hub.close()

        said = await everything(listener)
        assert said[1] == batch(2, {"kind": "votes", "id": 5, "votes": 2, "revision": 2})
        assert said[-1] == FAREWELL
        assert listener.take() == b""
        assert hub.listener_count == 0

    run(scenario())


def test_reset_for_all_forgets_what_could_be_replayed():
    async def scenario() -> None:
        hub = QuickHub()
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        hub.deliver(question(1))

        hub.reset_all((1, 5))

        returning = listen(hub, WEBINAR, Channel.ROOM, after=(1, 1))
        assert (await everything(listener))[-1] == reset(5)
        assert await everything(returning) == [reset(5)]

    run(scenario())


def test_listener_from_a_time_that_is_yet_to_come_is_reset():
    async def scenario() -> None:
        hub = QuickHub()
        hub.begin((1, 10))

        ahead = listen(hub, WEBINAR, Channel.ROOM, after=(1, 11))

        assert await everything(ahead) == [reset(10)]

    run(scenario())


def test_reset_for_all_drops_the_counts_that_wait():
    async def scenario() -> None:
        hub = Hub(seconds_between_pushes=0.05)
        hub.deliver(votes(1, count=1))
        hub.deliver(votes(2, count=2))
        hub.reset_all((1, 5))

        listener = listen(hub, WEBINAR, Channel.ROOM, after=(1, 5))

        assert await everything(listener, seconds=0.1) == []

    run(scenario())


def test_those_who_return_together_are_handed_the_same():
    async def scenario() -> None:
        hub = QuickHub()
        for number in (1, 2, 3):
            hub.deliver(question(number))
        first, second = (listen(hub, WEBINAR, Channel.ROOM, after=(1, 1)) for _ in range(2))
        later = listen(hub, WEBINAR, Channel.ROOM, after=(1, 2))

        assert first.take() == second.take()
        assert later.take() == batch(3, {"kind": "question", "id": 3})

    run(scenario())


def test_ring_is_bounded_in_bytes():
    async def scenario() -> None:
        size = len(as_chunk(batch(1, {"kind": "question", "id": 1})))
        hub = Hub(ring_bytes=2 * size, seconds_between_pushes=0)
        for number in (1, 2, 3, 4):
            hub.deliver(question(number))

        late = listen(hub, WEBINAR, Channel.ROOM, after=(1, 1))
        in_time = listen(hub, WEBINAR, Channel.ROOM, after=(1, 2))

        assert await everything(late) == [reset(4)]
        assert len(await everything(in_time)) == 2

    run(scenario())


def test_queue_is_bounded_in_bytes():
    async def scenario() -> None:
        size = len(as_chunk(batch(1, {"kind": "question", "id": 1})))
        hub = Hub(queue_bytes=2 * size, seconds_between_pushes=0)
        slow = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        slow.is_full = True

        counts = []
        for number in (1, 2, 3):
            hub.deliver(question(number))
            counts.append(hub.listener_count)

        assert counts == [1, 1, 0]

    run(scenario())


def test_message_larger_than_a_queue_waits_in_an_empty_one():
    async def scenario() -> None:
        hub = Hub(queue_bytes=10)
        listener = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0))
        listener.is_full = True

        hub.deliver(question(1))
        listener.empty()

        assert await everything(listener) == [batch(1, {"kind": "question", "id": 1})]

    run(scenario())


def test_the_more_listen_the_longer_they_spread_themselves():
    async def scenario() -> None:
        hub = QuickHub()
        hub.begin((1, 10))
        listeners = [listen(hub, WEBINAR, Channel.ROOM, after=(1, 10)) for _ in range(2000)]

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
        hub = QuickHub(streams_each=2)
        streams = [listen(hub, WEBINAR, Channel.ROOM, after=(0, 0), who="ada") for _ in range(3)]
        other = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0), who="bob")
        nameless = [listen(hub, WEBINAR, Channel.ROOM, after=(0, 0)) for _ in range(4)]

        hub.deliver(question(1))

        said = batch(1, {"kind": "question", "id": 1})
        assert await everything(streams[0]) == read_chunks(CROWDED)
        assert streams[0].take() == b""
        for listener in (*streams[1:], other, *nameless):
            assert await everything(listener) == [said]
        assert hub.listener_count == 7

    run(scenario())


def test_people_are_counted_once_in_however_many_tabs():
    async def scenario() -> None:
        hub = QuickHub()
        tabs = [listen(hub, WEBINAR, Channel.ROOM, after=(0, 0), who="ada") for _ in range(2)]
        listen(hub, WEBINAR, Channel.ROOM, after=(0, 0), who="bob")
        listen(hub, WEBINAR, Channel.DESK, after=(0, 0), who="olga")
        listen(hub, 2, Channel.ROOM, after=(0, 0), who="ada")

        both = hub.count_present()
        hub.leave(WEBINAR, Channel.ROOM, tabs[0].listener)
        one = hub.count_present()
        hub.leave(WEBINAR, Channel.ROOM, tabs[1].listener)
        hub.leave(WEBINAR, Channel.ROOM, tabs[1].listener)

        assert both == one == {WEBINAR: 2, 2: 1}
        assert hub.count_present() == {WEBINAR: 1, 2: 1}
        assert hub.listener_count == 3

    run(scenario())


def test_number_present_is_told_to_every_channel_and_only_when_it_changed():
    async def scenario() -> None:
        hub = QuickHub()
        room = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0), who="ada")
        desk = listen(hub, WEBINAR, Channel.DESK, after=(0, 0), who="olga")

        for present in ({WEBINAR: 7}, {WEBINAR: 7, 2: 1}, {WEBINAR: 6}, {}):
            hub.show_present(present)

        told = [event("present", count) for count in (7, 6, 1)]
        assert await everything(room) == await everything(desk) == told

    run(scenario())


def test_who_came_while_it_was_added_up_is_counted():
    async def scenario() -> None:
        hub = QuickHub()
        added_up = hub.count_present()
        ada = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0), who="ada")

        hub.show_present(added_up)

        assert await everything(ada) == [event("present", 1)]

    run(scenario())


def test_number_present_is_in_no_ring():
    async def scenario() -> None:
        hub = QuickHub()
        listen(hub, WEBINAR, Channel.ROOM, after=(0, 0), who="ada")
        hub.show_present({WEBINAR: 7})

        returning = listen(hub, WEBINAR, Channel.ROOM, after=(0, 0), who="bob")

        assert await everything(returning) == []

    run(scenario())


@pytest.mark.parametrize(("elsewhere", "told"), [({}, 1), ({WEBINAR: 5}, 5)])
def test_new_listener_is_told_at_once_how_many_are_present(elsewhere, told):
    hub = Hub()
    hub.show_present(elsewhere)
    line = Line()

    hub.listen(WEBINAR, Channel.ROOM, line, after=(0, 0), who="ada")

    said = read_chunks(b"".join(line.carried))
    assert said == [b": hello\n\n", BEAT, event("present", told)]
    assert len(said) == GREETINGS
