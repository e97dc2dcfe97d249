from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp import create_app
from eventapp.core.db import db
from eventapp.live.queries import list_log
from eventapp.questions.models import Question, QuestionStatus
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.models import RoomAccess, WebinarStatus
from tests.factories import (
    START,
    AgendaItemFactory,
    QuestionFactory,
    RegistrationFactory,
    SpeakerFactory,
    WebinarFactory,
)
from tests.live.conftest import stage_path
from tests.plugins.app import settings_for

JSON = {"Accept": "application/json"}
NASTY = "</script><img src=x onerror=alert(1)>"

# Before compression; each of fifty cards has places for its marks and for what is written under it.
MOST_BYTES_OF_ROOM = 86_000


@pytest.fixture
def live(app):
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        AgendaItemFactory(webinar=webinar, title="Welcome", speakers=[SpeakerFactory()])
        return webinar.id


@pytest.fixture
def add_question(app, live):
    def add(**values: object) -> int:
        with app.app_context():
            return QuestionFactory(webinar_id=live, **values).id

    return add


def status_of(app, question_id: int) -> QuestionStatus:
    with app.app_context():
        return db.session.get_one(Question, question_id).status


def test_room_escapes_what_people_write(client, add_question):
    add_question(text=NASTY, author_name=NASTY, status=QuestionStatus.ON_AIR)

    page = client.get("/webinars/hubs/live").text

    assert "<img src=x" not in page
    assert page.count("&lt;img src=x") == 4


def test_room_shows_what_is_public_and_nothing_that_waits(app, client, add_question):
    add_question(text="Who reads this?", status=QuestionStatus.PENDING)
    add_question(text="First!!", status=QuestionStatus.DISMISSED)
    add_question(text="Who pays?")

    page = client.get("/webinars/hubs/live").text
    state = client.get("/webinars/hubs/live/state.json").json
    stage = client.get(stage_path(app)).text

    assert [q["text"] for q in state["questions"]] == ["Who pays?"]
    for shown in (page, stage):
        assert ("Who pays?" in shown, "Who reads this?" in shown, "First!!" in shown) == (
            True,
            False,
            False,
        )


def test_asker_sees_the_own_question_while_it_waits(client, live):
    client.post("/webinars/hubs/live/questions", data={"text": "Mine?", "submission_key": "k"})

    mine = client.get("/webinars/hubs/live/state.json").json["questions"]
    theirs = client.application.test_client().get("/webinars/hubs/live/state.json").json

    assert [(q["text"], q["status"], q["mine"]) for q in mine] == [("Mine?", "pending", True)]
    assert theirs["questions"] == []


def test_asking_without_a_script_leads_back_to_the_room(client, live):
    answer = client.post(
        "/webinars/hubs/live/questions", data={"text": "Mine?", "submission_key": "k"}
    )

    assert (answer.status_code, answer.location) == (302, "/webinars/hubs/live")
    assert "A moderator will read your question" in client.get(answer.location).text


def test_refused_question_comes_back_as_it_was_typed(client, live):
    answer = client.post(
        "/webinars/hubs/live/questions", data={"text": "x" * 501, "submission_key": "k"}
    )

    assert answer.status_code == 409
    assert "Keep it to 500 characters" in answer.text
    assert "x" * 501 in answer.text


def test_refused_question_is_told_to_the_script(client, live):
    answer = client.post(
        "/webinars/hubs/live/questions", data={"text": " ", "submission_key": "k"}, headers=JSON
    )

    assert (answer.status_code, answer.json) == (
        409,
        {"error": "Write your question first.", "wait": 0},
    )


def test_vote_is_counted_and_taken_back(client, add_question):
    question_id = add_question()
    address = f"/webinars/hubs/live/questions/{question_id}/vote"

    voted = client.post(address, headers=JSON).json
    again = client.post(address, headers=JSON).json
    taken_back = client.post(f"{address}/take-back", headers=JSON).json

    assert [(a["votes"], a["has_voted"]) for a in (voted, again, taken_back)] == [
        (1, True),
        (1, True),
        (0, False),
    ]


def test_vote_for_a_question_of_another_webinar_is_not_found(app, client, add_question):
    question_id = add_question()
    with app.app_context():
        WebinarFactory(slug="other", status=WebinarStatus.LIVE)

    answer = client.post(f"/webinars/other/live/questions/{question_id}/vote", headers=JSON)

    assert answer.status_code == 404


def test_phone_that_returns_keeps_its_votes(client, add_question):
    question_id = add_question()
    answer = client.post(f"/webinars/hubs/live/questions/{question_id}/vote")

    assert "Expires=" in answer.headers["Set-Cookie"]
    [question] = client.get("/webinars/hubs/live/state.json").json["questions"]
    assert question["voted"] is True


def test_forms_without_a_token_are_refused(tmp_path, database_url, app, live):
    strict = create_app(settings_for(tmp_path, database_url), TESTING=True, RATELIMIT_ENABLED=False)

    answer = strict.test_client().post(
        "/webinars/hubs/live/questions", data={"text": "x", "submission_key": "k"}, headers=JSON
    )

    assert answer.status_code == 400
    with strict.app_context():
        db.session.remove()
        db.engine.dispose()


def test_closed_room_shows_a_guest_the_way_in(app, client):
    with app.app_context():
        WebinarFactory(slug="closed", status=WebinarStatus.LIVE, room_access=RoomAccess.REGISTERED)

    page = client.get("/webinars/closed/live")
    statuses = [
        client.get("/webinars/closed/live/state.json").status_code,
        client.get("/webinars/closed/live/stage").status_code,
        client.post("/webinars/closed/live/questions", data={"text": "x"}).status_code,
    ]

    assert page.status_code == 403
    assert "permit=" not in page.text
    assert "Register" in page.text
    assert statuses == [409, 409, 409]


def test_closed_room_lets_its_attendee_in_under_the_own_name(app, client):
    with app.app_context():
        registration = RegistrationFactory(
            name="Ada Attendee",
            webinar__slug="closed",
            webinar__status=WebinarStatus.LIVE,
            webinar__room_access=RoomAccess.REGISTERED,
        )
        joined = {str(registration.webinar_id): registration.uid}
    with client.session_transaction() as session:
        session["registrations"] = joined

    page = client.get("/webinars/closed/live")

    assert page.status_code == 200
    assert "As Ada Attendee" in page.text


def test_closed_stage_opens_with_the_key_from_the_desk(app, client, organiser):
    with app.app_context():
        webinar_id = WebinarFactory(
            slug="closed", status=WebinarStatus.LIVE, room_access=RoomAccess.REGISTERED
        ).id

    desk = organiser.get(f"/manage/webinars/{webinar_id}/live").text
    address = re.search(r'href="(/webinars/closed/live/stage\?key=[^"]+)"', desk)[1]

    assert client.get(address).status_code == 200
    assert client.get(address.replace("key=", "key=x")).status_code == 409


def test_draft_has_no_room(app, client):
    with app.app_context():
        WebinarFactory(slug="draft", status=WebinarStatus.DRAFT)

    assert client.get("/webinars/draft/live").status_code == 404


def test_room_before_its_time_waits_for_the_opening(app, client, stopped_clock):
    with app.app_context():
        WebinarFactory(slug="soon")
    stopped_clock.at(START - timedelta(hours=1))

    early = client.get("/webinars/soon/live").text
    stopped_clock.at(START - timedelta(minutes=15))
    open_now = client.get("/webinars/soon/live").text

    assert ("data-opens=" in early, 'data-ask=""' in early) == (True, False)
    assert ("data-opens=" in open_now, 'data-ask=""' in open_now) == (False, True)


def test_state_is_answered_by_304_until_it_changes(client, add_question):
    first = client.get("/webinars/hubs/live/state.json")
    known = {"If-None-Match": first.headers["ETag"]}

    unchanged = client.get("/webinars/hubs/live/state.json", headers=known)
    add_question()
    changed = client.get("/webinars/hubs/live/state.json", headers=known)

    assert (unchanged.status_code, changed.status_code) == (304, 200)


@pytest.mark.parametrize("address", ["/webinars/hubs/live", "/webinars/hubs/live/state.json", ""])
def test_audience_pages_ask_the_same_number_of_queries_however_full(
    app, client, add_question, count_queries, address
):
    address = address or stage_path(app)
    add_question()
    with client.session_transaction() as session:
        session["guest"] = "0" * 32
    few = count_queries(lambda: client.get(address))
    for number in range(50):
        add_question(votes=number)

    assert count_queries(lambda: client.get(address)) == few


@pytest.mark.parametrize(
    ("page", "state", "more"),
    [
        # The form needs to know how the room takes questions.
        ("/webinars/hubs/live", "/webinars/hubs/live/state.json", 1),
        ("/webinars/hubs/live/stage", "/webinars/hubs/live/stage/state.json", 0),
    ],
)
def test_page_asks_hardly_more_queries_than_its_state(
    client, live, count_queries, page, state, more
):
    asked = count_queries(lambda: client.get(page)) - count_queries(lambda: client.get(state))

    assert asked == more


def test_desk_asks_beside_its_state_for_the_speakers_alone(organiser, live, count_queries):
    desk = f"/manage/webinars/{live}/live"

    counts = [count_queries(lambda a=a: organiser.get(a)) for a in (desk, f"{desk}/state.json")]

    assert counts[0] == counts[1] + 1


def test_desk_misses_nothing_that_is_asked_while_it_looks_who_is_there(
    app, organiser, live, add_question
):
    asked: list[int] = []

    def ask_meanwhile(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "FROM users" in statement and not asked:
            asked.append(add_question(text="Meanwhile?"))

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "after_cursor_execute", ask_meanwhile)
    state = organiser.get(f"/manage/webinars/{live}/live/state.json").json
    sa.event.remove(engine, "after_cursor_execute", ask_meanwhile)

    assert [question["text"] for question in state["questions"]] == ["Meanwhile?"]


def test_desk_asks_the_same_number_of_queries_however_full(
    organiser, live, add_question, count_queries
):
    add_question()
    few = count_queries(lambda: organiser.get(f"/manage/webinars/{live}/live"))
    for _number in range(50):
        add_question()

    assert count_queries(lambda: organiser.get(f"/manage/webinars/{live}/live")) == few


def test_room_with_fifty_questions_stays_light(client, add_question):
    for _number in range(50):
        add_question()

    assert len(client.get("/webinars/hubs/live").data) < MOST_BYTES_OF_ROOM


def test_desk_is_for_organisers(client, live, add_question):
    question_id = add_question(status=QuestionStatus.PENDING)
    desk = f"/manage/webinars/{live}/live"

    statuses = [
        client.get(desk).status_code,
        client.get(f"{desk}/state.json").status_code,
        client.post(f"{desk}/questions/{question_id}/approve").status_code,
        client.post(f"{desk}/end").status_code,
    ]

    assert statuses == [302, 302, 403, 403]
    assert status_of(client.application, question_id) is QuestionStatus.PENDING


def test_desk_acts_without_a_script_and_leads_back(app, organiser, live, add_question):
    question_id = add_question(status=QuestionStatus.PENDING)

    answer = organiser.post(f"/manage/webinars/{live}/live/questions/{question_id}/on-air")

    assert (answer.status_code, answer.location) == (302, f"/manage/webinars/{live}/live")
    assert status_of(app, question_id) is QuestionStatus.ON_AIR


def test_second_moderator_is_told_who_was_faster(organiser, live, add_question):
    question_id = add_question(status=QuestionStatus.PENDING)
    address = f"/manage/webinars/{live}/live/questions/{question_id}/approve"
    organiser.post(address, headers=JSON)

    answer = organiser.post(address, headers=JSON)

    assert answer.status_code == 409
    assert answer.json["error"] == "This question is already published."


def test_desk_undoes_what_its_button_says(app, organiser, live, add_question):
    question_id = add_question()
    desk = f"/manage/webinars/{live}/live"
    state = organiser.post(f"{desk}/questions/{question_id}/dismiss", headers=JSON).json

    organiser.post(f"{desk}/undo/{state['run']['undo']['entry']}")

    assert state["run"]["undo"]["label"].startswith("Set aside: How transferable")
    assert status_of(app, question_id) is QuestionStatus.APPROVED


def test_desk_runs_the_show(app, organiser, live):
    desk = f"/manage/webinars/{live}/live"
    item_id = organiser.get(f"{desk}/state.json").json["run"]["item"]
    page = organiser.get(desk).text
    [start] = re.findall(r'formaction="([^"]+/agenda/\d+/start)"', page)

    organiser.post(f"{desk}/recording/start")
    organiser.post(start)
    run = organiser.get(f"{desk}/state.json").json["run"]
    organiser.post(f"{desk}/end")

    assert item_id is None
    assert run["title"] == "Welcome"
    assert run["recording"].startswith("Recording since")
    with app.app_context():
        assert [e.kind.value for e in list_log(live)] == [
            "recording_started",
            "agenda_item_started",
            "webinar_ended",
        ]


@pytest.mark.parametrize(
    ("status", "can_run", "can_record"),
    [
        (WebinarStatus.DRAFT, False, False),
        (WebinarStatus.PUBLISHED, False, True),
        (WebinarStatus.LIVE, True, True),
        (WebinarStatus.ENDED, False, False),
    ],
)
def test_desk_offers_only_what_can_be_done(app, organiser, status, can_run, can_record):
    with app.app_context():
        webinar = WebinarFactory(status=status)
        AgendaItemFactory(webinar=webinar)
        QuestionFactory(webinar_id=webinar.id)
        address = f"/manage/webinars/{webinar.id}/live"

    page = organiser.get(address).text

    offered = [part in page for part in ('data-act="on-air"', "<kbd>o</kbd>", 'data-act="dismiss"')]
    assert offered == [can_run, can_run, True]
    assert (re.search(r"/agenda/\d+/start", page) is not None) == can_run
    assert ("/recording/start" in page) == can_record


def test_unknown_act_is_not_found(organiser, live, add_question):
    question_id = add_question()

    answer = organiser.post(f"/manage/webinars/{live}/live/questions/{question_id}/explode")

    assert answer.status_code == 404


def test_log_shows_undone_acts_as_undone(organiser, live, add_question):
    desk = f"/manage/webinars/{live}/live"
    state = organiser.post(f"{desk}/recording/start", headers=JSON).json
    organiser.post(f"{desk}/undo/{state['run']['undo']['entry']}")

    page = organiser.get(f"{desk}/log").text

    assert page.count("Recording started") == 1
    assert page.count("badge") >= 1
    assert page.index("Recording started") < page.index("Undone")


def test_stage_has_no_style_of_its_own_in_its_code(app, client, live):
    page = client.get(stage_path(app)).text

    assert "<svg" in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("status", "is_shown"),
    [
        (RegistrationStatus.CONFIRMED, True),
        (RegistrationStatus.WAITING, False),
        (RegistrationStatus.CANCELLED, False),
        (None, False),
    ],
)
def test_meeting_is_shown_to_people_with_a_seat_alone(app, client, status, is_shown):
    with app.app_context():
        webinar = WebinarFactory(slug="hall", status=WebinarStatus.LIVE)
        joined = {}
        if status is not None:
            registration = RegistrationFactory(webinar=webinar, status=status)
            joined = {str(webinar.id): registration.uid}
    with client.session_transaction() as session:
        session["registrations"] = joined

    page = client.get("/webinars/hall/live").text

    assert ("meet.example.org" in page) == is_shown


@pytest.mark.every_engine
def test_attendees_are_seen_in_the_room(app, client, stopped_clock):
    with app.app_context():
        webinar = WebinarFactory(slug="hall", status=WebinarStatus.LIVE)
        ada = RegistrationFactory(webinar=webinar, joined_at=START, last_seen_at=START).uid
        RegistrationFactory(webinar=webinar, joined_at=START, last_seen_at=START)
        joined = {str(webinar.id): ada}
    with client.session_transaction() as session:
        session["registrations"] = joined
    stopped_clock.at(START + timedelta(minutes=20))

    page = client.get("/webinars/hall/live").text
    answer = client.post("/webinars/hall/live/seen", headers=JSON)

    assert 'data-seen="/webinars/hall/live/seen"' in page
    assert answer.status_code == 200
    with app.app_context():
        seen = db.session.scalars(
            sa.select(Registration.last_seen_at).order_by(Registration.id)
        ).all()
    assert seen == [START + timedelta(minutes=20), START]


@pytest.mark.parametrize(
    ("status", "ended_at", "is_seen"),
    [(WebinarStatus.LIVE, None, True), (WebinarStatus.ENDED, START + timedelta(minutes=9), False)],
)
def test_attendee_without_javascript_is_seen_until_the_end(
    app, client, stopped_clock, status, ended_at, is_seen
):
    with app.app_context():
        webinar = WebinarFactory(slug="hall", status=status, ended_at=ended_at)
        ada = RegistrationFactory(webinar=webinar, joined_at=START, last_seen_at=START)
        ada_id, joined = ada.id, {str(webinar.id): ada.uid}
    with client.session_transaction() as session:
        session["registrations"] = joined
    stopped_clock.at(START + timedelta(minutes=20))

    page = client.get("/webinars/hall/live").text
    answer = client.post("/webinars/hall/live/seen")

    assert 'method="post" action="/webinars/hall/live/seen"' in page
    assert answer.location == "/webinars/hall/live"
    with app.app_context():
        seen = db.session.get_one(Registration, ada_id).last_seen_at
    assert (seen != START) is is_seen


def test_guests_leave_no_trace_of_being_there(client, live):
    page = client.get("/webinars/hubs/live").text
    answer = client.post("/webinars/hubs/live/seen", headers=JSON)

    assert "data-seen" not in page
    assert answer.status_code == 200
