from __future__ import annotations

import csv
import io

import pytest
from flask import Flask

from eventapp.core.db import db
from eventapp.polls.models import Poll, PollKind, PollStatus, ResultsShown
from eventapp.polls.queries import list_options, list_polls
from eventapp.webinars.models import RoomAccess, WebinarStatus
from tests.factories import PollFactory, WebinarFactory
from tests.live.conftest import stage_path

JSON = {"Accept": "application/json"}
NASTY = "</script><img src=x onerror=alert(1)>"
STATE = "/webinars/hubs/live/state.json"


@pytest.fixture
def live(app):
    with app.app_context():
        return WebinarFactory(slug="hubs", status=WebinarStatus.LIVE).id


@pytest.fixture
def add_poll(app, live):
    def add(**values: object) -> tuple[int, list[int]]:
        with app.app_context():
            poll = PollFactory(webinar_id=live, **values)
            return poll.id, [option.id for option in list_options(poll.id)]

    return add


def vote_of(client, poll_id: int, **data: object):
    return client.post(f"/webinars/hubs/live/polls/{poll_id}/vote", data=data, headers=JSON)


def close(app: Flask, poll_id: int) -> None:
    with app.app_context():
        db.session.get_one(Poll, poll_id).status = PollStatus.CLOSED
        db.session.commit()


def results_address(poll_id: int) -> str:
    return f"/webinars/hubs/live/polls/{poll_id}/results.json"


def test_room_shows_an_open_poll_and_no_draft(client, add_poll):
    add_poll(text="Which day?")
    add_poll(text="Not yet", status=PollStatus.DRAFT)

    page = client.get("/webinars/hubs/live").text

    assert ("Which day?" in page, "Not yet" in page) == (True, False)
    assert '<input type="radio" name="option_id"' in page


def test_room_escapes_what_polls_ask_and_people_write(client, add_poll):
    poll_id, _options = add_poll(text=NASTY, kind=PollKind.WORDS, options=[])
    vote_of(client, poll_id, words="<b>Trust</b>")

    page = client.get("/webinars/hubs/live").text

    assert "<img src=x" not in page
    assert "<b>Trust" not in page


def test_vote_is_answered_with_the_counts(client, add_poll):
    poll_id, [red, blue] = add_poll()

    answer = vote_of(client, poll_id, option_id=str(red)).json["poll"]

    assert answer["counts"] == {str(red): 1, str(blue): 0}
    assert (answer["voters"], answer["chosen"], answer["revision"]) == (1, [red], 1)


def test_vote_without_a_script_leads_back_to_the_poll(client, add_poll):
    poll_id, [red, _blue] = add_poll()

    answer = client.post(f"/webinars/hubs/live/polls/{poll_id}/vote", data={"option_id": str(red)})
    page = client.get(answer.location).text

    assert answer.location == f"/webinars/hubs/live#poll-{poll_id}"
    assert "Your answer has been counted." in page
    assert " checked>" in page


def test_refused_vote_without_a_script_says_why_in_the_room(client, add_poll):
    poll_id, _options = add_poll()

    answer = client.post(f"/webinars/hubs/live/polls/{poll_id}/vote")

    assert "Choose an answer first." in client.get(answer.location).text


@pytest.mark.parametrize("option", ["x", "-1", "99999999999999999999", "1.5", "\0"])
def test_vote_for_nothing_that_is_offered_is_refused(client, add_poll, option):
    poll_id, _options = add_poll()

    answer = vote_of(client, poll_id, option_id=option)

    assert (answer.status_code, answer.json["error"]) == (409, "Choose an answer first.")


def test_results_stay_hidden_from_who_has_not_voted(app, client, add_poll):
    poll_id, [red, _blue] = add_poll(results=ResultsShown.VOTED)
    theirs = app.test_client()

    mine = vote_of(client, poll_id, option_id=str(red)).json["poll"]
    [hidden] = theirs.get(STATE).json["polls"]
    refused = theirs.get(results_address(poll_id), headers=JSON)
    [seen] = client.get(STATE).json["polls"]
    again = client.get(results_address(poll_id), headers=JSON)

    assert (hidden["counts"], hidden["voters"]) == (None, None)
    assert refused.status_code == 409
    assert mine["counts"] == seen["counts"] == again.json["poll"]["counts"]
    assert mine["counts"][str(red)] == 1


def test_words_are_results_and_hidden_with_them(app, client, add_poll):
    poll_id, _options = add_poll(kind=PollKind.WORDS, options=[], results=ResultsShown.VOTED)
    vote_of(client, poll_id, words="Confidential")

    theirs = app.test_client()
    page, state = theirs.get("/webinars/hubs/live").text, theirs.get(STATE).text

    assert ("Confidential" in page, "Confidential" in state) == (False, False)
    assert client.get(STATE).json["polls"][0]["words"] == ["Confidential"]


def test_results_until_the_end_are_hidden_also_from_who_has_voted(app, client, add_poll):
    poll_id, [red, _blue] = add_poll(results=ResultsShown.CLOSED)
    mine = vote_of(client, poll_id, option_id=str(red)).json["poll"]
    stage = client.get(stage_path(app).replace("/stage", "/stage/state.json")).json["polls"][0]

    close(app, poll_id)

    [shown] = app.test_client().get(STATE).json["polls"]
    assert (mine["counts"], mine["chosen"]) == (None, [red])
    assert (stage["counts"], stage["voters"]) == (None, 1)
    assert shown["counts"][str(red)] == 1


def test_room_for_attendees_takes_no_votes_of_strangers(app, client, live, add_poll):
    poll_id, [red, _blue] = add_poll()
    with app.app_context():
        WebinarFactory(slug="closed", room_access=RoomAccess.REGISTERED)

    elsewhere = client.post(
        f"/webinars/closed/live/polls/{poll_id}/vote", data={"option_id": red}, headers=JSON
    )

    assert elsewhere.status_code == 409


def test_room_asks_for_ten_polls_what_it_asks_for_one(client, add_poll, count_queries):
    add_poll()
    client.get(STATE)
    one = count_queries(lambda: client.get(STATE))

    for _number in range(9):
        add_poll(status=PollStatus.CLOSED)

    assert count_queries(lambda: client.get(STATE)) == one


def test_organiser_prepares_a_poll(app, organiser, live):
    address = f"/manage/webinars/{live}/polls/"
    form = {
        "text": "Which day?",
        "kind": "several",
        "options": "Monday\r\n\r\n Tuesday ",
        "results": "voted",
    }

    answer = organiser.post(f"{address}new", data=form)

    assert answer.location == address
    assert "Which day?" in organiser.get(address).text
    with app.app_context():
        [poll] = list_polls(live)
        assert (poll.kind, poll.results) == (PollKind.SEVERAL, ResultsShown.VOTED)
        assert [option.text for option in list_options(poll.id)] == ["Monday", "Tuesday"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"text": " "}, "Please write what you ask."),
        ({"options": "Monday"}, "Write at least two answers"),
        ({"options": "Monday\nmonday"}, "Two of these answers are the same."),
        ({"kind": "guess"}, "Not a valid choice."),
    ],
)
def test_poll_that_asks_nothing_comes_back_as_it_was_typed(organiser, live, changes, said):
    form = {"text": "Which day?", "kind": "one", "options": "Mon\nTue", "results": "always"}

    page = organiser.post(f"/manage/webinars/{live}/polls/new", data=form | changes)

    assert said in page.text


@pytest.mark.parametrize("kind", ["rating", "words"])
def test_poll_of_a_kind_without_answers_needs_none(app, organiser, live, kind):
    form = {"text": "How was it?", "kind": kind, "options": "", "results": "always"}

    organiser.post(f"/manage/webinars/{live}/polls/new", data=form)

    with app.app_context():
        [poll] = list_polls(live)
        offered = [option.text for option in list_options(poll.id)]
    assert offered == (["1", "2", "3", "4", "5"] if kind == "rating" else [])


def test_organiser_changes_a_draft_and_no_open_poll(organiser, live, add_poll):
    draft, _options = add_poll(status=PollStatus.DRAFT)
    running, _options = add_poll()
    form = {"text": "New words", "kind": "one", "options": "Mon\nTue", "results": "always"}

    for poll_id in (draft, running):
        organiser.post(f"/manage/webinars/{live}/polls/{poll_id}", data=form)
    page = organiser.get(f"/manage/webinars/{live}/polls/").text

    assert (page.count(">New words</a>"), page.count(">Which of these?<")) == (1, 1)
    assert "it can&#39;t be changed any more" in page


def test_polls_ask_for_fifty_what_they_ask_for_one(organiser, live, add_poll, count_queries):
    address = f"/manage/webinars/{live}/polls/"
    add_poll()
    organiser.get(address)
    one = count_queries(lambda: organiser.get(address))

    for _number in range(49):
        add_poll(status=PollStatus.CLOSED)

    assert count_queries(lambda: organiser.get(address)) == one


def test_moderator_opens_and_closes_a_poll_from_the_desk(organiser, live, add_poll):
    poll_id, _options = add_poll(status=PollStatus.DRAFT)
    address = f"/manage/webinars/{live}/live/polls/{poll_id}"

    opened = organiser.post(f"{address}/open", headers=JSON).json["polls"]
    refused = organiser.post(f"{address}/open", headers=JSON)
    closed = organiser.post(f"{address}/close", headers=JSON).json["polls"]

    assert [opened[0]["status"], closed[0]["status"]] == ["open", "closed"]
    assert (refused.status_code, refused.json["error"]) == (409, "This poll is already open.")


def test_moderator_hides_a_word(app, client, organiser, live, add_poll):
    poll_id, _options = add_poll(kind=PollKind.WORDS, options=[])
    vote_of(client, poll_id, words="Rude")
    [word] = client.get(STATE).json["polls"][0]["options"]

    desk = organiser.post(
        f"/manage/webinars/{live}/live/polls/{poll_id}/words/{word['id']}/hide", headers=JSON
    ).json

    assert desk["polls"][0]["options"][0]["hidden"] is True
    assert app.test_client().get(STATE).json["polls"][0]["options"] == []


@pytest.mark.parametrize("path", ["", "/live/polls/1/open", "/polls/results.csv"])
def test_strangers_neither_prepare_nor_run_polls(client, live, path):
    address = f"/manage/webinars/{live}{path or '/polls/'}"

    answer = client.post(address) if path.endswith("open") else client.get(address)

    assert answer.status_code in {302, 403}


def test_results_are_a_table_that_no_spreadsheet_works_out(client, organiser, live, add_poll):
    poll_id, [cell, _blue] = add_poll(text="=1+1", options=["@SUM(A1)", "Blue"])
    vote_of(client, poll_id, option_id=str(cell))

    answer = organiser.get(f"/manage/webinars/{live}/polls/results.csv")

    heading, first, _second = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert heading[:2] == ["Poll", "Kind"]
    assert first == ["'=1+1", "One choice", "Open", "1", "'@SUM(A1)", "1", "100", ""]
    assert answer.headers["Content-Disposition"] == "attachment; filename=hubs-polls.csv"
