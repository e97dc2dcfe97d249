"""A room's page as static/js/live-stream.js keeps it: with the same waits and the same rules.

What it hears is kept as it came; what it shows is worked out at the end, once for all pages that
heard the same.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from bench.live.events import NEWS, Batch
from bench.live.house import ROOM, Site
from bench.live.listeners import Listener, Seat, connect, write_request
from bench.live.people import Person

# As in static/js/live-stream.js; in seconds.
FIRST_WAIT = 0.5
LONGEST_WAIT = 5.0
LONGEST_OF_A_CROWD = 2.5
LEAST_WAIT_AFTER_RESET = 0.2
WAIT_AFTER_RESET = 0.4
WAIT_AFTER_FAREWELL = 1.0
WAIT_AFTER_RENEW = 1.0
SECONDS_FOR_A_STATE = 15.0
FAILURES_BEFORE_A_STATE = 2

Question: TypeAlias = tuple[str, int]


@dataclass(frozen=True, eq=False)
class State:
    """The questions of a state, as the page draws itself from them."""

    questions: list[dict[str, Any]]


@lru_cache(maxsize=4096)
def keep_state(questions: str) -> State:
    """Return one object for all states that say the same."""
    return State(questions=json.loads(questions))


Heard: TypeAlias = Batch | State


class OpenPage:
    """One page. `back_at` is when it was last opened or last learnt something."""

    def __init__(self, person: Person, site: Site, *, streams_port: int) -> None:
        self.person = person
        self.heard: list[Heard] = []
        self.back_at = 0.0
        self.is_open = False
        self.resets = 0
        self.states_failed = 0
        self._site = site
        self._streams_port = streams_port
        self._stream = self._after = ""
        self._listener: Listener | None = None
        self._failures = 0
        self._crowd = 0.0
        self._is_outdated = False
        self._is_closed = False
        self._states_under_way = 0
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_settled(self) -> bool:
        return self.is_open and not self._states_under_way

    async def wait_until_settled(self) -> None:
        while not self.is_settled:  # noqa: ASYNC110 - it may come and go several times
            await asyncio.sleep(0.05)

    async def load(self) -> None:
        """Open the room's page and draw it; its stream is opened by `listen`."""
        await self.person.enter(self._site.pages.port, ROOM)
        await self._fetch_state()

    def listen(self) -> None:
        self._start(self._open())

    def close(self) -> None:
        """Leave, as who closes the tab."""
        self._is_closed = True
        self._leave()
        for task in self._tasks:
            task.cancel()

    async def _open(self) -> None:
        if self._is_outdated or self._failures > FAILURES_BEFORE_A_STATE:
            try:
                await self._fetch_state()
            except (OSError, EOFError):
                self._retry()
                return
        listener = Listener(
            write_request(f"{self._stream}&after={self._after}"),
            hear=self._hear,
            on_open=self._note_open,
            on_end=self._note_end,
        )
        self._listener = listener
        seat = Seat(address=self.person.address, port=self._streams_port, path="")
        try:
            await connect(listener, seat)
        except OSError:
            self._retry()

    async def _fetch_state(self) -> None:
        self._states_under_way += 1
        before = len(self.heard)
        try:
            async with asyncio.timeout(SECONDS_FOR_A_STATE):
                state = await self.person.get_json(
                    self._site.pages.port, f"{ROOM}/state.json", after=self._after
                )
        except (OSError, EOFError):
            self.states_failed += 1
            raise
        finally:
            self._states_under_way -= 1
        self._stream = state["stream"]
        self._after = max(self._after, state["after"], key=_read_id)
        self._is_outdated = False
        # News that came meanwhile may be newer than the state.
        self.heard.insert(before, keep_state(_write_questions(state["questions"])))
        self.back_at = time.perf_counter()

    def _retry(self) -> None:
        self._failures += 1
        longest = max(LONGEST_WAIT, LONGEST_OF_A_CROWD * self._crowd)
        wait = min(longest, FIRST_WAIT * 2**self._failures)
        self._open_after(max(_spread(wait), random.random() * self._crowd))

    def _open_after(self, seconds: float) -> None:
        self._leave()
        if not self._is_closed:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(seconds, lambda: self._start(self._open()))

    def _leave(self) -> None:
        self.is_open = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()

    def _note_open(self, _listener: Listener) -> None:
        self.is_open = True
        self._failures = 0
        self.back_at = time.perf_counter()

    def _note_end(self, listener: Listener) -> None:
        if listener is not self._listener:
            return
        if listener.status not in {0, 200}:
            self._is_outdated = True
        self._retry()

    def _hear(self, batch: Batch, now: float) -> None:
        if batch.kind == NEWS:
            self._after = batch.id
            self.heard.append(batch)
            self.back_at = now
        elif batch.kind == "beat":
            self._crowd = batch.sign.get("wait", 0) / 1000
        elif batch.kind == "reset":
            self._resync_soon(batch.sign)
        elif batch.kind == "farewell":
            wait = batch.sign.get("wait", WAIT_AFTER_FAREWELL * 1000)
            self._open_after(random.random() * wait / 1000)
        elif batch.kind == "renew":
            self._is_outdated = True
            self._open_after(_spread(WAIT_AFTER_RENEW))

    def _resync_soon(self, sign: dict[str, Any]) -> None:
        self.resets += 1
        self._after = sign.get("after", self._after)
        self._states_under_way += 1
        within = sign.get("wait", WAIT_AFTER_RESET * 1000) / 1000
        asyncio.get_running_loop().call_later(
            LEAST_WAIT_AFTER_RESET + random.random() * within,
            lambda: self._start(self._resync()),
        )

    async def _resync(self) -> None:
        self._states_under_way -= 1
        try:
            await self._fetch_state()
        except (OSError, EOFError):
            self._is_outdated = True
            self._retry()

    def _start(self, doing: Any) -> None:
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _read_id(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split("-"))) if text else ()


def _spread(seconds: float) -> float:
    return seconds * (0.5 + random.random())


def _write_questions(questions: Iterable[dict[str, Any]]) -> str:
    """Leave out what is the viewer's own."""
    kept = ("id", "status", "votes", "revision")
    return json.dumps([{name: question[name] for name in kept} for question in questions])


def work_out(pages: Sequence[OpenPage]) -> list[dict[int, Question]]:
    """Return what each page shows: status and votes of every question on it."""
    known: dict[tuple[int, ...], dict[int, Question]] = {}
    shown = []
    for page in pages:
        key = tuple(map(id, page.heard))
        if key not in known:
            known[key] = draw(page.heard)
        shown.append(known[key])
    return shown


def draw(heard: Iterable[Heard]) -> dict[int, Question]:
    """Draw a page as static/js/live-room.js does: of several payloads the newest revision holds."""
    shown: dict[int, dict[str, Any]] = {}
    newest: dict[int, int] = {}
    for each in heard:
        if isinstance(each, State):
            _draw_state(shown, newest, each)
        else:
            for item in each.news:
                _draw_news(shown, newest, item)
    return {number: (item["status"], item["votes"]) for number, item in shown.items()}


def _draw_state(shown: dict[int, dict[str, Any]], newest: dict[int, int], state: State) -> None:
    present = {question["id"] for question in state.questions}
    for number in [n for n in shown if n <= max(present, default=0) and n not in present]:
        del shown[number]
    for question in state.questions:
        if question["revision"] >= newest.get(question["id"], -1):
            newest[question["id"]] = question["revision"]
            shown[question["id"]] = dict(question)


def _draw_news(
    shown: dict[int, dict[str, Any]], newest: dict[int, int], item: dict[str, Any]
) -> None:
    number = item.get("id")
    if number is None or item["revision"] <= newest.get(number, -1):
        return
    if item["kind"] == "question":
        shown[number] = {"status": item["status"], "votes": item["votes"]}
    elif item["kind"] == "gone":
        shown.pop(number, None)
    elif item["kind"] == "votes" and number in shown:
        shown[number]["votes"] = item["votes"]
    else:
        return
    newest[number] = item["revision"]
