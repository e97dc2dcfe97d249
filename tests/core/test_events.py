from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, dataclass, fields

import pytest

from eventapp import reactions
from eventapp.core.db import after_commit, record, transaction
from eventapp.core.events import Event, ReactionTable, name_of
from eventapp.registrations import reactions as registration_reactions
from eventapp.registrations.events import AttendeeRegistered
from eventapp.webinars.events import WebinarWentLive

EXAMPLES = {"int": 1, "str": "x", "bool": True, "tuple[str, ...]": ("a", "b"), "float": 1.5}


def example_of(field_type: str) -> object:
    return EXAMPLES.get(field_type)


@pytest.mark.parametrize("event_type", list(Event.by_name.values()), ids=list(Event.by_name))
def test_every_event_survives_being_written_down(event_type):
    event = event_type(**{field.name: example_of(str(field.type)) for field in fields(event_type)})

    written = json.loads(json.dumps(event.to_payload()))
    again = Event.from_payload(event_type.__name__, written)

    assert again.to_payload() == {**event.to_payload(), **written}


def test_facts_do_not_change():
    event = WebinarWentLive(webinar_id=1)

    with pytest.raises(FrozenInstanceError):
        event.webinar_id = 2  # type: ignore[misc]


def test_reaction_is_stored_under_its_feature_and_name():
    name = name_of(registration_reactions.send_confirmation)

    assert name == "registrations.send_confirmation"


def test_stored_reaction_is_found_again():
    found = reactions.TABLE.find_reaction("AttendeeRegistered", "registrations.send_confirmation")

    assert found is registration_reactions.send_confirmation


def test_reaction_that_is_not_connected_is_not_found():
    assert reactions.TABLE.find_reaction("AttendeeRegistered", "registrations.sing") is None


def test_names_of_reactions_to_one_event_differ():
    for connected in reactions.TABLE.reactions.values():
        names = [name_of(reaction) for reaction in connected]
        assert len(names) == len(set(names))


def test_pushes_go_out_after_the_commit_and_in_order(in_app):
    told = []
    in_app.extensions["eventapp.reactions"] = ReactionTable(
        reactions={},
        pushes={AttendeeRegistered: (lambda event: told.append(event.registration_id),)},
    )

    with transaction():
        for number in (1, 2):
            record(AttendeeRegistered(registration_id=number, webinar_id=1, sequence=0))
        after_commit(lambda: told.append("before the pushes"))
        inside = list(told)

    assert inside == []
    assert told == ["before the pushes", 1, 2]


def test_push_that_fails_does_not_stop_the_next(in_app):
    told = []

    def fail(_event):
        raise ConnectionError

    in_app.extensions["eventapp.reactions"] = ReactionTable(
        reactions={},
        pushes={AttendeeRegistered: (fail, lambda event: told.append(event.registration_id))},
    )

    with transaction():
        record(AttendeeRegistered(registration_id=1, webinar_id=1, sequence=0))

    assert told == [1]


def test_event_without_fields_of_its_own_is_an_event():
    @dataclass(frozen=True, kw_only=True)
    class NothingHappened(Event):
        pass

    try:
        assert Event.from_payload("NothingHappened", {}) == NothingHappened()
    finally:
        Event.by_name.pop("NothingHappened")
