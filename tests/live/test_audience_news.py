"""What the streams carry of polls and reactions, and what never goes to the room."""

from __future__ import annotations

import json
from typing import Any

import pytest

from eventapp.core.db import transaction
from eventapp.live import actions
from eventapp.live.queries import list_log
from eventapp.polls.models import PollKind, PollStatus, ResultsShown
from eventapp.polls.queries import list_options
from eventapp.webinars.models import WebinarStatus
from tests.factories import START, PollFactory, UserFactory, WebinarFactory
from tests.live.conftest import stage_path

JSON = {"Accept": "application/json"}
ROOM = "/webinars/hubs/live"


@pytest.fixture
def live(app):
    with app.app_context():
        return WebinarFactory(slug="hubs", status=WebinarStatus.LIVE, went_live_at=START).id


@pytest.fixture
def listen(site, app, client, organiser, live):
    """Open the stream of a page; what it hears is in `.news`."""
    states = {
        "room": (client, f"{ROOM}/state.json"),
        "stage": (client, stage_path(app).replace("/stage", "/stage/state.json")),
        "desk": (organiser, f"/manage/webinars/{live}/live/state.json"),
    }

    def open_stream(page: str) -> Any:
        browser, address = states[page]
        state = browser.get(address).json
        return site.open_stream(state["stream"], after=state["after"])

    return open_stream


def add_poll(app, webinar_id: int, **values: Any) -> tuple[int, list[int]]:
    with app.app_context():
        poll = PollFactory(webinar_id=webinar_id, **values)
        return poll.id, [option.id for option in list_options(poll.id)]


def vote(client, poll_id: int, **data: Any) -> None:
    assert client.post(f"{ROOM}/polls/{poll_id}/vote", data=data, headers=JSON).status_code == 200


def change(app, act: Any, *ids: int, webinar_id: int) -> None:
    with app.app_context():
        actor = UserFactory().id
        with transaction():
            act(*ids, webinar_id=webinar_id, actor_id=actor, now=START)


def is_votes(item: dict[str, Any]) -> bool:
    return item["kind"] == "poll_votes"


def is_closed(item: dict[str, Any]) -> bool:
    return item["kind"] == "poll" and item["status"] == "closed"


def test_votes_of_an_open_result_grow_on_every_page(app, client, live, listen):
    poll_id, [red, blue] = add_poll(app, live)
    streams = [listen(page) for page in ("room", "stage", "desk")]

    vote(client, poll_id, option_id=red)

    for stream in streams:
        told = stream.wait_for(is_votes)
        assert (told["id"], told["revision"], told["voters"]) == (poll_id, 1, 1)
        assert told["counts"] == {str(red): 1, str(blue): 0}


@pytest.mark.parametrize("results", [ResultsShown.VOTED, ResultsShown.CLOSED])
def test_hidden_results_never_reach_the_rooms_channel(app, client, live, listen, results):
    poll_id, _options = add_poll(
        app, live, kind=PollKind.WORDS, options=[], results=results, status=PollStatus.DRAFT
    )
    room, stage, desk = (listen(page) for page in ("room", "stage", "desk"))
    change(app, actions.open_poll, poll_id, webinar_id=live)

    vote(client, poll_id, words="Confidential")
    counted = desk.wait_for(is_votes)
    on_stage = stage.wait_for(is_votes)
    before = json.dumps([room.news, stage.news])
    change(app, actions.close_poll, poll_id, webinar_id=live)
    at_last = room.wait_for(is_closed)

    assert counted["options"][0]["text"] == "Confidential"
    assert on_stage == {"kind": "poll_votes", "id": poll_id, "revision": 2, "voters": 1}
    assert ("Confidential" in before, any(map(is_votes, room.news))) == (False, False)
    assert [option["text"] for option in at_last["options"]] == ["Confidential"]


def test_hidden_word_leaves_the_room_and_stays_at_the_desk(app, client, live, listen):
    poll_id, _options = add_poll(app, live, kind=PollKind.WORDS, options=[])
    vote(client, poll_id, words="Rude")
    [word] = client.get(f"{ROOM}/state.json").json["polls"][0]["options"]
    room, desk = listen("room"), listen("desk")

    change(app, actions.hide_word, poll_id, word["id"], webinar_id=live)

    in_room = room.wait_for(lambda item: item["kind"] == "poll")
    at_desk = desk.wait_for(lambda item: item["kind"] == "poll")
    assert (in_room["options"], in_room["counts"]) == ([], {})
    assert [(o["text"], o["hidden"]) for o in at_desk["options"]] == [("Rude", True)]


def test_poll_that_was_opened_by_mistake_is_gone_from_the_room(app, live, listen):
    poll_id, _options = add_poll(app, live, status=PollStatus.DRAFT)
    room = listen("room")
    change(app, actions.open_poll, poll_id, webinar_id=live)
    with app.app_context():
        entry = list_log(live)[-1].id
        actor = UserFactory().id
        with transaction():
            actions.undo_act(live, entry_id=entry, actor_id=actor, now=START)

    gone = room.wait_for(lambda item: item.get("status") == "gone")

    assert gone == {"kind": "poll", "id": poll_id, "revision": 2, "status": "gone"}


def test_draft_is_told_to_moderators_alone(app, live, listen):
    room, desk = listen("room"), listen("desk")
    content = {
        "text": "Not yet",
        "kind": PollKind.RATING,
        "options": [],
        "results": ResultsShown.ALWAYS,
    }
    with app.app_context():
        actor = UserFactory().id
        with transaction():
            actions.write_poll(live, actor_id=actor, now=START, **content)

    at_desk = desk.wait_for(lambda item: item["kind"] == "poll")

    assert (at_desk["text"], at_desk["type"], at_desk["status"]) == ("Not yet", "rating", "draft")
    assert [item for item in room.news if item["kind"] == "poll"] == []


def test_reactions_are_told_in_sum_to_every_page(client, listen):
    streams = [listen(page) for page in ("room", "stage", "desk")]

    client.post(f"{ROOM}/reactions/applause", data={"count": "3"}, headers=JSON)
    client.post(f"{ROOM}/reactions/heart", headers=JSON)

    for stream in streams:
        told = stream.wait_for(lambda item: item["kind"] == "reactions" and item["revision"] == 4)
        assert told["counts"] == {"applause": 3, "laugh": 0, "heart": 1, "surprise": 0}
