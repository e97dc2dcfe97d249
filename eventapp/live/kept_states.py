"""The room's state as everyone sees it, kept for a second at most and written as JSON once.

After a break, thousands of pages ask for it within the same seconds. Although it is a moment old, a
kept state is true: it has its own `after`, and its page goes on from there, through the ring or the
stream that it has open. So a page says up to where it has heard (a reset tells it an id as well),
and gets no state from before that; one that says nothing gets the state of this moment.

What is one viewer's own is read for each request, and for those alone who have an identity.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TypeAlias

import redis
import sqlalchemy as sa
from flask import Flask, current_app

from eventapp.core.db import db
from eventapp.core.i18n import current_language
from eventapp.live.bus import bus_of, newest_id
from eventapp.live.messages import MessageId, read_id, to_json
from eventapp.live.queries import get_webinar_with_agenda
from eventapp.live.states import OwnState, describe_for_all, mark_voted
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_public_webinar

SECONDS_KEPT = 1.0
MOST_ROOMS = 100
LOCKS = 64

Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class KeptState:
    """One room's state for all; `webinar` holds columns alone and belongs to no session.

    `made_at` (seconds, monotonic) is before anything was read.
    """

    webinar: Webinar
    after: str
    made_at: float
    parts: dict[str, str]
    questions: dict[int, dict[str, Any]]
    written: dict[int, str]
    written_voted: dict[int, str] = field(default_factory=dict)

    @property
    def after_id(self) -> MessageId | None:
        return read_id(self.after)

    def write_for(self, own: OwnState, *, stream: str) -> str:
        """Return the whole state of one viewer as JSON, as `build_room_state` describes it."""
        questions = self.written | {n: self._write_voted(n) for n in own.voted if n in self.written}
        questions |= {number: to_json(question) for number, question in own.questions.items()}
        parts = {
            "after": to_json(self.after),
            "stream": to_json(stream),
            **self.parts,
            **{key: to_json(part) for key, part in own.parts.items()},
            "questions": f"[{','.join(questions.values())}]",
        }
        return f"{{{','.join(f'{to_json(key)}:{part}' for key, part in parts.items())}}}"

    def _write_voted(self, number: int) -> str:
        written = self.written_voted.get(number)
        if written is None:
            written = self.written_voted[number] = to_json(mark_voted(self.questions[number]))
        return written


class KeptStates:
    """The newest state of each room; those not asked for longest go first. Safe for threads."""

    def __init__(self) -> None:
        self._states: OrderedDict[Key, KeptState] = OrderedDict()
        self._lock = Lock()
        self._making = [Lock() for _ in range(LOCKS)]

    def find(self, key: Key) -> KeptState | None:
        with self._lock:
            return self._states.get(key)

    def keep(self, key: Key, state: KeptState) -> None:
        with self._lock:
            self._states[key] = state
            self._states.move_to_end(key)
            while len(self._states) > MOST_ROOMS:
                self._states.popitem(last=False)

    def making(self, key: Key) -> Lock:
        """Return what is held while the state of `key` is made, so that many make it once."""
        return self._making[hash(key) % LOCKS]


def init_app(app: Flask) -> None:
    app.extensions["eventapp.kept_states"] = KeptStates()


def get_room_state(slug: str, *, heard: MessageId | None) -> KeptState:
    """Return the state of a room for all, which misses nothing up to `heard`.

    None stands for this moment. Raises NotFound where there is no such room in public.
    """
    states: KeptStates = current_app.extensions["eventapp.kept_states"]
    key = (slug, current_language())
    asked_at = time.monotonic()
    state = states.find(key)
    if state is not None and _is_good(state, heard=heard, asked_at=asked_at):
        return state
    with states.making(key):
        state = states.find(key)
        if state is None or not _is_good(state, heard=heard, asked_at=asked_at):
            state = _make(slug)
            states.keep(key, state)
    return state


def _is_good(state: KeptState, *, heard: MessageId | None, asked_at: float) -> bool:
    """What was begun after somebody asked misses nothing that they can have heard of."""
    if state.made_at >= asked_at:
        return True
    is_young = time.monotonic() - state.made_at < SECONDS_KEPT
    return is_young and heard is not None and not _is_behind(state, heard)


def _is_behind(state: KeptState, heard: MessageId) -> bool:
    """An id above all that the bus has given says nothing: it isn't from here."""
    if state.after_id is not None and heard <= state.after_id:
        return False
    try:
        return state.after_id is None or bus_of(current_app).newest_id() > state.after_id
    except redis.RedisError:
        return True


def _make(slug: str) -> KeptState:
    made_at = time.monotonic()
    after = newest_id()
    # On SQLite a read sees the database as it was when it began: before that id, it may miss news.
    db.session.rollback()
    webinar = get_webinar_with_agenda(get_public_webinar(slug).id)
    shared = describe_for_all(webinar)
    questions = {question["id"]: question for question in shared.pop("questions")}
    return KeptState(
        webinar=_copy(webinar),
        after=after,
        made_at=made_at,
        parts={key: to_json(part) for key, part in shared.items()},
        questions=questions,
        written={number: to_json(question) for number, question in questions.items()},
    )


def _copy(webinar: Webinar) -> Webinar:
    """Return a webinar of the same columns, which no session will load or expire."""
    columns = sa.inspect(Webinar).column_attrs
    return Webinar(**{column.key: getattr(webinar, column.key) for column in columns})
