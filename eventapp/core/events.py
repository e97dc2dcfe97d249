"""Facts, and what follows from them.

A feature records a frozen `Event` in the transaction that made it true. The application's table
(`eventapp/reactions.py`) connects each event to *effects*, which must be true together with the
fact and run in its transaction; to *reactions*, which must not be lost and are written as outbox
jobs with the fact; and to *pushes*, which tell open pages after the commit and may be lost, since
every page can fetch the true state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar, TypeAlias

from flask import Flask, current_app
from sqlalchemy.orm import Session


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact in the past tense. Fields are plain values that JSON can hold; rows go by their id."""

    by_name: ClassVar[dict[str, type[Event]]] = {}

    def __init_subclass__(cls) -> None:
        cls.by_name[cls.__name__] = cls

    def to_payload(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_payload(cls, name: str, payload: Mapping[str, Any]) -> Event:
        return cls.by_name[name](**payload)


Effect: TypeAlias = Callable[[Any], None]
Reaction: TypeAlias = Callable[[Any], None]
Push: TypeAlias = Callable[[Any], None]
Announcement: TypeAlias = Callable[[], None]
ConsequenceWriter: TypeAlias = Callable[[Session, Event, Sequence[Reaction]], list[Announcement]]


@dataclass(frozen=True, kw_only=True)
class ReactionTable:
    """Which effects, reactions and pushes follow which event."""

    reactions: Mapping[type[Event], Sequence[Reaction]]
    pushes: Mapping[type[Event], Sequence[Push]]
    effects: Mapping[type[Event], Sequence[Effect]] = field(default_factory=dict)
    silent: frozenset[type[Event]] = field(default_factory=frozenset)

    def find_reaction(self, event_name: str, reaction_name: str) -> Reaction | None:
        for reaction in self.reactions.get(Event.by_name[event_name], ()):
            if name_of(reaction) == reaction_name:
                return reaction
        return None


def name_of(reaction: Reaction) -> str:
    """The name a reaction is stored under: its feature and its own name."""
    feature = reaction.__module__.removeprefix("eventapp.").removesuffix(".reactions")
    return f"{feature}.{reaction.__name__}"


def init_app(app: Flask, table: ReactionTable, *, write: ConsequenceWriter) -> None:
    app.extensions["eventapp.reactions"] = table
    app.extensions["eventapp.write_consequences"] = write


def reaction_table() -> ReactionTable:
    table: ReactionTable = current_app.extensions["eventapp.reactions"]
    return table


def run_effects(recorded: Sequence[Event]) -> None:
    """Make true what belongs to each fact, in its transaction; that may record further facts."""
    effects = reaction_table().effects
    for fact in recorded:
        for effect in effects.get(type(fact), ()):
            effect(fact)


def write_consequences(session: Session, recorded: Sequence[Event]) -> list[Announcement]:
    """Write the reactions to `recorded` in this transaction; return what to do after the commit."""
    table = reaction_table()
    write: ConsequenceWriter = current_app.extensions["eventapp.write_consequences"]
    announcements: list[Announcement] = []
    for fact in recorded:
        announcements += write(session, fact, table.reactions.get(type(fact), ()))
        announcements += [_push(push, fact) for push in table.pushes.get(type(fact), ())]
    return announcements


def _push(push: Push, fact: Event) -> Announcement:
    return lambda: push(fact)
