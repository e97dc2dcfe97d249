"""Every event is followed by something, or is listed as silent."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from eventapp.core.events import Event, name_of
from eventapp.reactions import TABLE

OF_REACTIONS = re.compile(r"eventapp\.\w+\.reactions(\.\w+)*")
PLAIN = re.compile(r"(int|str|bool|float)( \| None)?")

EVENTS = [event for event in Event.by_name.values() if event.__module__.startswith("eventapp.")]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_event_is_connected_or_silent(event: type[Event]):
    followed = (TABLE.effects, TABLE.reactions, TABLE.pushes)
    is_connected = any(column.get(event) for column in followed)

    assert is_connected != (event in TABLE.silent)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_event_lives_among_the_events_of_its_feature(event: type[Event]):
    assert re.fullmatch(r"eventapp\.\w+\.events(\.\w+)*", event.__module__)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_event_holds_what_json_can(event: type[Event]):
    kinds = {field.name: str(field.type) for field in fields(event)}

    assert {name: kind for name, kind in kinds.items() if not PLAIN.fullmatch(kind)} == {}


def test_event_names_are_different():
    """Jobs in the outbox know an event by its name alone."""
    ours = [e for e in Event.__subclasses__() if e.__module__.startswith("eventapp.")]

    assert len(EVENTS) == len(ours)


def test_what_follows_is_written_in_reactions():
    followers = [
        follower
        for column in (TABLE.effects, TABLE.reactions, TABLE.pushes)
        for row in column.values()
        for follower in row
    ]

    strays = {f.__module__ for f in followers if not OF_REACTIONS.fullmatch(f.__module__)}

    assert strays == set()


def test_reactions_are_found_again_by_their_name():
    for event, reactions in TABLE.reactions.items():
        for reaction in reactions:
            assert TABLE.find_reaction(event.__name__, name_of(reaction)) is reaction
