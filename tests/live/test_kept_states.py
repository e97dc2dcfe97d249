"""The state that many pages are handed at once is never older than what each of them has heard."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from eventapp import create_app
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.live import actions, kept_states
from eventapp.live.bus import bus_of, newest_id
from eventapp.live.hub import Hub
from eventapp.live.messages import MessageId, read_id, write_id
from eventapp.live.permits import Channel
from eventapp.live.queries import get_webinar_with_agenda
from eventapp.live.states import build_room_state
from eventapp.questions.models import QuestionStatus
from eventapp.webinars.models import RoomAccess, WebinarStatus
from eventapp.webinars.queries import get_webinar
from tests.factories import (
    AgendaItemFactory,
    QuestionFactory,
    RegistrationFactory,
    UserFactory,
    WebinarFactory,
)
from tests.live.lines import Line, listen
from tests.plugins.app import settings_for

STATE = "/webinars/hall/live/state.json"
JSON = {"Accept": "application/json"}
FROM_ELSEWHERE = "999999999999999-0"


@pytest.fixture(autouse=True)
def patient(monkeypatch) -> None:
    """A state is kept for longer than a slow machine takes for a test."""
    monkeypatch.setattr(kept_states, "SECONDS_KEPT", 60.0)


@pytest.fixture(params=["memory", "redis"])
def hall(request, tmp_path, migrated_sqlite) -> Iterator[Flask]:
    """A live webinar, "hall", with a published question, once with each bus."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    redis_url = request.getfixturevalue("redis_url") if request.param == "redis" else ""
    app = create_app(
        settings_for(tmp_path, REDIS_URL=redis_url),
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        RATELIMIT_ENABLED=False,
    )
    with app.app_context():
        webinar = WebinarFactory(slug="hall", status=WebinarStatus.LIVE)
        AgendaItemFactory(webinar=webinar)
        QuestionFactory(webinar_id=webinar.id, text="Who pays?", votes=3)
        UserFactory()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def statements(hall) -> Iterator[list[str]]:
    told: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            told.append(statement)

    with hall.app_context():
        engine = db.engine
    db.event.listen(engine, "before_cursor_execute", note)
    yield told
    db.event.remove(engine, "before_cursor_execute", note)


def fetch(client, heard: str = "") -> dict[str, Any]:
    headers = JSON | ({"Last-Event-ID": heard} if heard else {})
    state: dict[str, Any] = client.get(STATE, headers=headers).json
    return state


def number(text: str) -> MessageId:
    message_id = read_id(text)
    assert message_id is not None
    return message_id


def texts(state: dict[str, Any]) -> list[str]:
    return [question["text"] for question in state["questions"]]


def ask_unheard(app: Flask, text: str = "Meanwhile?") -> None:
    """A question that no bus tells of."""
    with app.app_context():
        QuestionFactory(webinar_id=1, text=text)


def put_on_air(app: Flask, question_id: int = 1) -> str:
    """Put a question on air, and return the id up to which who heard of it has heard."""
    with app.app_context():
        with transaction():
            actions.put_question_on_air(question_id, webinar_id=1, actor_id=1, now=clock.now())
        return newest_id()


def test_state_is_what_the_page_is_drawn_from(hall):
    with hall.app_context():
        ada = RegistrationFactory(webinar=get_webinar(1))
        key = f"registration:{ada.id}"
        QuestionFactory(webinar_id=1, asker_key=key, status=QuestionStatus.PENDING)
        QuestionFactory(webinar_id=1, asker_key=key)
        QuestionFactory(webinar_id=1, asker_key="guest:other", status=QuestionStatus.PENDING)
        joined = {"1": ada.uid}
    client = hall.test_client()
    with client.session_transaction() as session:
        session["registrations"] = joined
    client.post("/webinars/hall/live/questions/1/vote", headers=JSON)
    guest = hall.test_client()

    states = [fetch(each) for each in (client, guest)]

    with hall.test_request_context():
        webinar = get_webinar_with_agenda(1)
        whole = [
            build_room_state(webinar, after="", viewer=viewer, now=clock.now())
            for viewer in (key, "")
        ]
    for state, drawn in zip(states, whole, strict=True):
        by_id = [sorted(s.pop("questions"), key=lambda q: q["id"]) for s in (state, drawn)]
        assert by_id[0] == by_id[1]
        assert set(state) == set(drawn)
        assert {k: v for k, v in state.items() if k not in {"after", "stream"}} == {
            k: v for k, v in drawn.items() if k not in {"after", "stream"}
        }


def test_guest_costs_the_database_nothing_while_a_state_is_kept(hall, statements):
    client = hall.test_client()
    heard = fetch(client)["after"]
    statements.clear()

    state = fetch(client, heard)

    assert statements == []
    assert state["after"] == heard


def test_attendee_costs_the_database_who_they_are_and_what_is_theirs(hall, statements):
    with hall.app_context():
        joined = {"1": RegistrationFactory(webinar=get_webinar(1)).uid}
    client = hall.test_client()
    with client.session_transaction() as session:
        session["registrations"] = joined
    heard = fetch(client)["after"]
    statements.clear()

    fetch(client, heard)

    asked_of = [re.search(r"FROM (\w+)", statement)[1] for statement in statements]
    assert asked_of == ["registrations", "question_votes", "questions", "poll_votes"]


def test_state_is_kept_for_a_second_at_most(hall, monkeypatch):
    client = hall.test_client()
    heard = fetch(client)["after"]
    ask_unheard(hall)

    kept = fetch(client, heard)
    monkeypatch.setattr(kept_states, "SECONDS_KEPT", 0.0)
    later = fetch(client, heard)

    assert texts(kept) == ["Who pays?"]
    assert texts(later) == ["Who pays?", "Meanwhile?"]


def test_page_that_says_nothing_gets_the_state_of_this_moment(hall):
    client = hall.test_client()
    fetch(client)
    ask_unheard(hall)

    assert texts(fetch(client)) == ["Who pays?", "Meanwhile?"]


def test_page_gets_no_state_from_before_what_it_heard(hall):
    client = hall.test_client()
    before = fetch(client)["after"]
    heard = put_on_air(hall)

    state = fetch(client, heard)

    assert [q["status"] for q in state["questions"]] == ["on_air"]
    assert number(state["after"]) >= number(heard) > number(before)


def test_id_from_elsewhere_makes_no_new_state(hall, statements):
    client = hall.test_client()
    put_on_air(hall)
    fetch(client)
    statements.clear()

    fetch(client, FROM_ELSEWHERE)

    assert statements == []


def test_own_questions_and_votes_are_never_kept(hall):
    asker, other = hall.test_client(), hall.test_client()
    fetch(other)
    asker.post(
        "/webinars/hall/live/questions", data={"text": "Mine?", "submission_key": "k"}, headers=JSON
    )
    heard = fetch(asker)["after"]
    asker.post("/webinars/hall/live/questions/1/vote", headers=JSON)

    own, others = (fetch(client, heard) for client in (asker, other))

    assert [(q["text"], q["voted"], q["mine"]) for q in own["questions"]] == [
        ("Who pays?", True, False),
        ("Mine?", False, True),
    ]
    assert texts(others) == ["Who pays?"]


def test_vote_that_a_kept_state_misses_is_of_a_higher_revision(hall):
    client = hall.test_client()
    heard = fetch(client)["after"]

    voted = client.post("/webinars/hall/live/questions/1/vote", headers=JSON).json
    [question] = fetch(client, heard)["questions"]

    # So the page keeps what the vote was answered with (`keepNewest` in live-stream.js).
    assert (question["votes"], voted["votes"]) in {(3, 4), (4, 4)}
    assert question["revision"] <= voted["revision"]
    assert question["voted"] is True


def test_kept_state_opens_no_closed_room(hall):
    with hall.app_context():
        WebinarFactory(
            slug="closed", status=WebinarStatus.LIVE, room_access=RoomAccess.REGISTERED, id=2
        )
        joined = {"2": RegistrationFactory(webinar=get_webinar(2)).uid}
    client, guest = hall.test_client(), hall.test_client()
    with client.session_transaction() as session:
        session["registrations"] = joined
    address = "/webinars/closed/live/state.json"
    heard = client.get(address).json["after"]

    answers = [c.get(address, headers={"Last-Event-ID": heard}) for c in (client, guest)]

    assert [answer.status_code for answer in answers] == [200, 409]


def test_room_that_is_not_there_is_not_kept(hall):
    client = hall.test_client()

    assert client.get("/webinars/nowhere/live/state.json").status_code == 404
    with hall.app_context():
        WebinarFactory(slug="nowhere", status=WebinarStatus.LIVE)
    assert client.get("/webinars/nowhere/live/state.json").status_code == 200


def test_many_who_come_at_once_are_handed_one_state_or_two(hall, statements):
    clients = [hall.test_client() for _ in range(16)]
    fetch(clients[0])
    alone = len(statements)
    statements.clear()
    gate = threading.Barrier(len(clients))
    states: list[dict[str, Any]] = []

    def come(client) -> None:
        gate.wait()
        states.append(fetch(client))

    threads = [threading.Thread(target=come, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [texts(state) for state in states] == [["Who pays?"]] * len(clients)
    assert len(statements) <= 4 * alone


# The stream, where a page goes on after its state.


async def follow(app: Flask, scenario: Callable[[Hub], Any]) -> Any:
    """Run `scenario` in a thread of its own while a hub is fed."""
    hub = Hub(ring_batches=2, seconds_between_pushes=0)
    feeding = asyncio.create_task(bus_of(app).feed(hub))
    await asyncio.sleep(0.2)
    try:
        return await asyncio.to_thread(scenario, hub), hub
    finally:
        await asyncio.sleep(0.2)
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)


async def hear(hub: Hub, after: str) -> bytes:
    return await hear_on(listen(hub, 1, Channel.ROOM, after=number(after)))


async def hear_on(line: Line) -> bytes:
    await asyncio.sleep(0.1)
    return line.take()


def test_page_goes_on_from_a_kept_state_through_the_ring(hall):
    client = hall.test_client()

    def scenario(_hub: Hub) -> str:
        made = fetch(client)["after"]
        put_on_air(hall)
        kept = fetch(client, made)
        assert [q["status"] for q in kept["questions"]] == ["approved"]
        assert kept["after"] == made
        return made

    async def run() -> bytes:
        made, hub = await follow(hall, scenario)
        return await hear(hub, made)

    assert b'"status":"on_air"' in asyncio.run(run())


def test_page_with_a_kept_state_from_before_the_ring_is_told_to_ask_again(hall):
    with hall.app_context():
        QuestionFactory.create_batch(4, webinar_id=1)
    client = hall.test_client()

    def scenario(_hub: Hub) -> str:
        made = fetch(client)["after"]
        for question_id in (1, 2, 3, 4):
            put_on_air(hall, question_id)
        return made

    async def run() -> tuple[str, bytes]:
        made, hub = await follow(hall, scenario)
        return made, await hear(hub, made)

    made, said = asyncio.run(run())

    assert said.startswith(b"event: reset")
    asked = json.loads(said.split(b"data: ")[1])["after"]
    assert number(asked) > number(made)
    assert [q["status"] for q in fetch(client, asked)["questions"]].count("on_air") == 1


def test_no_state_from_before_a_reset_is_handed_out_after_it(hall):
    """Not even where what was lost had no id, as while Redis was away."""
    client = hall.test_client()
    hub = Hub()

    async def begin_anew() -> tuple[bytes, bytes]:
        line = listen(hub, 1, Channel.ROOM, after=None)
        line.take()
        feeding = asyncio.create_task(bus_of(hall).feed(hub))
        told = await hear_on(line)
        returning = await hear(hub, made)
        feeding.cancel()
        await asyncio.gather(feeding, return_exceptions=True)
        return told, returning

    put_on_air(hall)
    made = fetch(client)["after"]
    if hall.config["EVENTAPP"].redis_url:
        ask_unheard(hall)
    told, returning = asyncio.run(begin_anew())

    asked = json.loads(told.split(b"data: ")[1])["after"]
    assert texts(fetch(client, asked)) == texts(fetch(client))
    if hall.config["EVENTAPP"].redis_url:
        assert returning.startswith(b"event: reset")
        assert number(asked) > number(made)


def test_kept_state_has_its_etag(hall):
    client = hall.test_client()
    first = client.get(STATE)
    known = {"If-None-Match": first.headers["ETag"], "Last-Event-ID": first.json["after"]}

    unchanged = client.get(STATE, headers=known)
    put_on_air(hall)
    changed = client.get(
        STATE, headers=known | {"Last-Event-ID": write_id(bus_of(hall).newest_id())}
    )

    assert (unchanged.status_code, changed.status_code) == (304, 200)


def test_reader_of_another_language_gets_a_state_of_its_own(hall, statements):
    client = hall.test_client()
    heard = fetch(client)["after"]
    statements.clear()

    answer = client.get(STATE, headers={"Last-Event-ID": heard, "Accept-Language": "nl"})

    assert answer.status_code == 200


def test_permit_in_a_kept_state_is_of_this_moment(hall, stopped_clock):
    client = hall.test_client()
    first = fetch(client)
    stopped_clock.moment += timedelta(hours=3)

    later = fetch(client, first["after"])

    assert later["stream"] != first["stream"]
