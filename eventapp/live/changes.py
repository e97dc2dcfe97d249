"""How things stand, as plain values: what the log keeps of every act.

A state is a dict with the kind of thing, what names it, and each field that an act may change; of a
thing that isn't there it says so instead. An undo gives back what an act changed, field by field.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeAlias

import sqlalchemy as sa

from eventapp.core.db import Base, UtcDateTime, db
from eventapp.polls.models import Poll, PollOption
from eventapp.questions.models import Question, QuestionReply, ReplyStatus, Room, SilencedAsker
from eventapp.webinars.models import Webinar

State: TypeAlias = dict[str, Any]

THING = "thing"
IS_GONE = "is_gone"


@dataclass(frozen=True, kw_only=True)
class Thing:
    """A kind of thing that the log tells of: `key` names one, `fields` are what it keeps of it.

    People's names are not among them, and counts are kept with what is counted.
    """

    model: type[Base]
    key: tuple[str, ...] = ("id",)
    fields: tuple[str, ...]


THINGS = {
    "question": Thing(
        model=Question,
        fields=(
            "text",
            "original_text",
            "status",
            "has_blocked_word",
            "is_pinned",
            "label",
            "agenda_item_id",
            "speaker_id",
            "merged_into_id",
            "on_air_at",
            "answered_at",
        ),
    ),
    "reply": Thing(model=QuestionReply, fields=("question_id", "kind", "status", "text")),
    "room": Thing(
        model=Room,
        key=("webinar_id",),
        fields=(
            "is_open_early",
            "shows_names_to_desk",
            "is_closed",
            "slow_seconds",
            "blocked_words",
            "stage_secret",
        ),
    ),
    "webinar": Thing(model=Webinar, fields=("is_moderated",)),
    "silenced": Thing(
        model=SilencedAsker, key=("webinar_id", "asker_key"), fields=("silenced_at",)
    ),
    "poll": Thing(
        model=Poll,
        fields=(
            "webinar_id",
            "position",
            "text",
            "kind",
            "status",
            "results",
            "opened_at",
            "closed_at",
        ),
    ),
    "option": Thing(model=PollOption, fields=("poll_id", "position", "text", "key", "is_hidden")),
}
NAME_OF = {thing.model: name for name, thing in THINGS.items()}


def remember(*rows: Base) -> list[State]:
    """Return how each of `rows` stands now; a row that isn't stored (yet, or any more) is gone.

    A room without a row has the settings it would have with one.
    """
    return [_describe(row) for row in rows]


def remember_absence(*rows: Base) -> list[State]:
    """Return how `rows` stood before they were made."""
    return [_key_of(row) | {IS_GONE: True} for row in rows]


def to_text(states: Sequence[State]) -> str:
    return json.dumps(states, ensure_ascii=False)


def from_text(text: str) -> list[State]:
    """Return the states that an entry holds; none of one written before the log kept them."""
    states: list[State] = json.loads(text or "[]")
    return [state for state in states if THING in state]


def key_of(state: State) -> tuple[Any, ...]:
    """Return what tells the thing of `state` from all others of its kind."""
    return tuple(state[name] for name in THINGS[state[THING]].key)


def put_back(before: Sequence[State], after: Sequence[State]) -> list[tuple[Base, State]]:
    """Give back what an act changed, and return each row that it gave back with how it stood.

    All are locked first, in the order in which the act touched them. What has changed once more
    since the act, by the audience, stays as it is. What the act deleted
    is made anew, what it made is deleted; of a reply, which may have been read, it is set aside.
    """
    rows = [_find_for_change(state) for state in before]
    left_by_act = {(state[THING], key_of(state)): state for state in after}
    given_back = [
        _put_one_back(row, state, left_by_act[state[THING], key_of(state)])
        for row, state in zip(rows, before, strict=True)
        if (state[THING], key_of(state)) in left_by_act
    ]
    db.session.flush()
    return [pair for pair in given_back if pair is not None]


def _describe(row: Base) -> State:
    if not (sa.inspect(row).persistent or isinstance(row, Room)):
        return _key_of(row) | {IS_GONE: True}
    thing = THINGS[NAME_OF[type(row)]]
    return _key_of(row) | {name: _to_plain(getattr(row, name)) for name in thing.fields}


def _key_of(row: Base) -> State:
    name = NAME_OF[type(row)]
    return {THING: name} | {key: getattr(row, key) for key in THINGS[name].key}


def _put_one_back(row: Base | None, before: State, after: State) -> tuple[Base, State] | None:
    if before == after:
        return None
    if before.get(IS_GONE):
        return _unmake(row) if row is not None else None
    if after.get(IS_GONE):
        return _make_anew(before) if row is None else None
    return _change_back(row, before, after) if row is not None else None


def _find_for_change(state: State) -> Base | None:
    return db.session.get(
        THINGS[state[THING]].model, key_of(state), populate_existing=True, with_for_update=True
    )


def _change_back(row: Base, before: State, after: State) -> tuple[Base, State] | None:
    stood = _describe(row)
    own = [
        name
        for name in THINGS[before[THING]].fields
        if name in before and before[name] != after.get(name) and stood[name] == after.get(name)
    ]
    for name in own:
        setattr(row, name, _to_value(type(row), name, before[name]))
    return (row, stood) if own else None


def _unmake(row: Base) -> tuple[Base, State]:
    stood = _describe(row)
    if isinstance(row, QuestionReply):
        row.status = ReplyStatus.DISMISSED
    else:
        db.session.delete(row)
    return row, stood


def _make_anew(state: State) -> tuple[Base, State]:
    thing = THINGS[state[THING]]
    names = [name for name in (*thing.key, *thing.fields) if name in state]
    row = thing.model(**{name: _to_value(thing.model, name, state[name]) for name in names})
    stood = _describe(row)
    db.session.add(row)
    db.session.flush()
    return row, stood


def _to_plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _to_value(model: type[Base], name: str, plain: Any) -> Any:
    """Return the value that `plain` stands for; None for a row that has been deleted since."""
    column = sa.inspect(model).columns[name]
    if plain is None or any(not _is_there(key.column, plain) for key in column.foreign_keys):
        return None
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(plain)
    return column.type.python_type(plain) if isinstance(column.type, sa.Enum) else plain


def _is_there(column: sa.Column[Any], value: Any) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(column == value))))
