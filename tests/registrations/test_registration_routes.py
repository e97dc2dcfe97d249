from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape
from urllib.parse import unquote_plus

import pytest
import sqlalchemy as sa

from eventapp import create_app
from eventapp.core import mailer, outbox
from eventapp.core.db import db
from eventapp.core.mailer import OutgoingMail
from eventapp.core.tokens import derive_token
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.models import RoomAccess, Webinar, WebinarStatus
from tests.factories import (
    START,
    RegistrationFactory,
    RegistrationPolicyFactory,
    WebinarFactory,
)
from tests.plugins.app import settings_for

ADA = {"name": "Ada", "email": "ada@example.org", "affiliation": "", "website": ""}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def add_webinar(app, **changes):
    with app.app_context():
        return WebinarFactory(**{"slug": "hubs", "title": "Creative hubs", **changes}).id


def add_registration(app, *, webinar_id=None, **changes):
    """Add a registration and return the path of its door, without the slash at its end."""
    with app.app_context():
        if webinar_id:
            changes["webinar"] = db.session.get_one(Webinar, webinar_id)
        registration = RegistrationFactory(**changes)
        return f"/r/{derive_token('registration', registration.uid)}"


def read(app, column=Registration.status):
    with app.app_context():
        return db.session.scalars(sa.select(column).order_by(Registration.id)).all()


def present_in(client):
    with client.session_transaction() as session:
        return session.get("registrations", {})


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.text)).split())


# -- registering -------------------------------------------------------------------------------


def test_visitor_registers(app, client, mail_server):
    add_webinar(app)

    response = client.post(
        "/webinars/hubs/register",
        data={**ADA, "time_zone": "Europe/Lisbon"},
        follow_redirects=True,
    )

    assert "We have written to ada@example.org." in text_of(response)
    assert read(app) == [RegistrationStatus.CONFIRMED]
    assert read(app, Registration.time_zone) == ["Europe/Lisbon"]


def test_answer_never_tells_whether_an_address_is_known(app, client, mail_server):
    add_webinar(app, capacity=1)

    new = client.post("/webinars/hubs/register", data=ADA, follow_redirects=True)
    known = client.post("/webinars/hubs/register", data=ADA, follow_redirects=True)
    waiting = client.post(
        "/webinars/hubs/register",
        data={**ADA, "email": "ben@example.org"},
        follow_redirects=True,
    )

    assert text_of(new) == text_of(known)
    assert text_of(new) == text_of(waiting).replace("ben@", "ada@")
    assert new.status_code == known.status_code == waiting.status_code == 200


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "Tell us your name"),
        ("email", "", "Tell us where to send your link"),
        ("email", "ada@", "This doesn't look like an e-mail address"),
        ("name", "x" * 121, "Please use at most 120 characters."),
        ("name", "You won http://evil.example/", "without a web address"),
    ],
)
def test_mistakes_are_said_and_nothing_is_lost(app, client, field, value, said):
    add_webinar(app)

    response = client.post(
        "/webinars/hubs/register", data={**ADA, "affiliation": "Engine", field: value}
    )

    page = response.text.replace("&#39;", "'")
    assert said in page
    assert 'value="Engine"' in page
    assert read(app) == []


def test_machine_that_fills_in_everything_registers_nobody(app, client, mail_server):
    add_webinar(app)

    response = client.post(
        "/webinars/hubs/register", data={**ADA, "website": "x"}, follow_redirects=True
    )

    assert "Thank you" in response.text
    assert read(app) == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (WebinarStatus.CANCELLED, "has been cancelled"),
        (WebinarStatus.ENDED, "is over"),
        (WebinarStatus.REPLAY_PUBLISHED, "is over"),
    ],
)
def test_closed_registration_shows_why_and_no_form(app, client, status, said):
    add_webinar(app, status=status)

    response = client.get("/webinars/hubs/register")

    assert said in response.text
    assert 'name="email"' not in response.text


@pytest.mark.parametrize(
    ("status", "is_loaded"), [(WebinarStatus.PUBLISHED, True), (WebinarStatus.ENDED, False)]
)
def test_script_of_the_group_is_loaded_with_the_form_alone(app, client, status, is_loaded):
    webinar_id = add_webinar(app, status=status)
    with app.app_context():
        RegistrationPolicyFactory(webinar_id=webinar_id, largest_group=3)

    page = client.get("/webinars/hubs/register").text

    assert ("data-group-blank" in page) is is_loaded
    assert ("/group.js" in page) is is_loaded


def test_draft_has_no_form(app, client):
    add_webinar(app, status=WebinarStatus.DRAFT, published_at=None)

    assert client.get("/webinars/hubs/register").status_code == 404


def test_full_webinar_says_that_one_waits(app, client):
    webinar_id = add_webinar(app, capacity=1)
    add_registration(app, webinar_id=webinar_id)

    response = client.get("/webinars/hubs/register")

    assert "All seats are taken" in response.text
    assert "Join the waiting list" in response.text


def test_without_mail_server_the_page_says_whom_to_ask(app, client):
    add_webinar(app)

    response = client.post("/webinars/hubs/register", data=ADA, follow_redirects=True)

    assert "mailto:team@example.org" in response.text
    assert "We have written" not in response.text


# -- the attendee's own door -------------------------------------------------------------------


def test_link_from_the_mail_opens_the_door(app, client, mail_server):
    add_webinar(app)
    client.post("/webinars/hubs/register", data=ADA)
    with app.app_context():
        outbox.run_due_jobs()
        mailer.deliver_due_mail()
    [message] = mail_server.messages
    path = re.search(r"http://localhost(/r/[\w-]+/)\s", message.get_body(("plain",)).get_content())

    response = client.get(path[1])

    assert "Ada, you have a seat." in text_of(response)


@pytest.mark.parametrize("rest", ["", "/join", "/event.ics", "/cancel"])
def test_unknown_token_opens_nothing(app, client, rest):
    assert client.get(f"/r/{'x' * 43}{rest or '/'}").status_code == 404


@pytest.mark.parametrize("rest", ["/", "/join", "/event.ics", "/cancel", "/unsubscribe"])
def test_link_that_opens_nothing_leads_to_getting_it_again(app, client, rest):
    add_webinar(app, title="Hubs <now>")

    page = client.get(f"/r/{'x' * 43}{rest}")

    assert page.status_code == 404
    assert '<a href="/webinars/hubs/lost-link">Hubs &lt;now&gt;</a>' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_other_pages_that_are_not_there_say_nothing_of_links(client, organiser):
    assert "link" not in text_of(client.get("/webinars/nothing/register"))
    assert "Get your link" not in organiser.get("/manage/webinars/999/registrations").text


@pytest.mark.parametrize("rest", ["/", "/join", "/event.ics", "/cancel"])
def test_doors_are_kept_private(app, client, rest):
    door = add_registration(app)

    headers = client.get(f"{door}{rest}").headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]


def test_door_of_who_waits_says_their_place(app, client):
    with app.app_context():
        webinar = WebinarFactory(capacity=1)
        for number in range(3):
            RegistrationFactory(
                webinar=webinar,
                status=RegistrationStatus.WAITING,
                queued_at=START - timedelta(days=9 - number),
            )
        last = db.session.scalars(sa.select(Registration).order_by(Registration.id.desc())).first()
        door = f"/r/{derive_token('registration', last.uid)}/"

    page = text_of(client.get(door))

    assert "you are number 3 on the waiting list" in page
    assert "In your calendar" not in page
    assert "meet.example.org" not in page


def test_attendee_corrects_their_name(app, client):
    door = add_registration(app)

    response = client.post(
        f"{door}/", data={"name": "Ada King", "affiliation": "Engine"}, follow_redirects=True
    )

    assert "Ada King, you have a seat." in text_of(response)


def test_attendee_cancels_and_comes_back(app, client):
    door = add_registration(app)

    asked = client.get(f"{door}/cancel")
    untouched = read(app)
    cancelled = client.post(f"{door}/cancel", follow_redirects=True)
    after = read(app)
    back = client.post(f"{door}/again", follow_redirects=True)

    assert "Cancel your registration?" in asked.text
    assert untouched == [RegistrationStatus.CONFIRMED]
    assert "Your registration is cancelled." in cancelled.text
    assert after == [RegistrationStatus.CANCELLED]
    assert "you have a seat" in text_of(back)


@pytest.mark.parametrize("calendar", ["calendar.google.com", "outlook.live.com"])
def test_links_into_calendars_hold_the_way_in_once(app, client, calendar):
    door = add_registration(app)

    page = unescape(client.get(f"{door}/").text)

    [link] = re.findall(f'href="(https://{calendar}[^"]*)"', page)
    assert unquote_plus(link).count(f"{door}/join") == 1


def test_calendar_file_publishes_the_same_entry(app, client):
    door = add_registration(app)

    response = client.get(f"{door}/event.ics")

    assert response.mimetype == "text/calendar"
    unfolded = response.text.replace("\r\n ", "")
    assert "METHOD:PUBLISH" in unfolded
    assert "ATTENDEE" not in unfolded
    assert f"URL:http://localhost{door}/join" in unfolded


@pytest.mark.parametrize("status", [RegistrationStatus.WAITING, RegistrationStatus.CANCELLED])
def test_without_a_seat_there_is_no_calendar_file(app, client, status):
    door = add_registration(app, status=status)

    assert client.get(f"{door}/event.ics").status_code == 404


def test_joining_leads_into_the_live_room_as_oneself(app, client, stopped_clock):
    webinar_id = add_webinar(app, status=WebinarStatus.LIVE)
    door = add_registration(app, webinar_id=webinar_id, name="Ada Lind")
    stopped_clock.at(START)

    page = client.get(f"{door}/join")
    response = client.post(f"{door}/join")

    assert f'action="{door}/join"' in page.text
    assert "Join as Ada Lind" in text_of(page)
    assert response.location == "/webinars/hubs/live"
    assert read(app, Registration.joined_at) == [START]
    assert present_in(client) == {str(webinar_id): read(app, Registration.uid)[0]}


def test_door_leads_into_the_live_room_at_once(app, client, stopped_clock):
    webinar_id = add_webinar(app, status=WebinarStatus.LIVE)
    door = add_registration(app, webinar_id=webinar_id)
    stopped_clock.at(START)

    page = client.get(f"{door}/")

    assert f'method="post" action="{door}/join"' in page.text


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_following_a_link_makes_nobody_an_attendee(app, client, stopped_clock, method):
    webinar_id = add_webinar(app, status=WebinarStatus.LIVE)
    door = add_registration(app, webinar_id=webinar_id)
    stopped_clock.at(START)

    client.open(f"{door}/join", method=method)

    assert present_in(client) == {}
    assert read(app, Registration.joined_at) == [None]


def test_following_anothers_link_leaves_one_who_one_is(app, client, stopped_clock):
    webinar_id = add_webinar(app, status=WebinarStatus.LIVE)
    own = add_registration(app, webinar_id=webinar_id, name="Ada Lind")
    other = add_registration(app, webinar_id=webinar_id, name="Eve")
    stopped_clock.at(START)
    client.post(f"{own}/join")
    before = present_in(client)

    page = text_of(client.get(f"{other}/join"))

    assert "In this browser, Ada Lind is in the room." in page
    assert "Join as Eve" in page
    assert present_in(client) == before


def test_browser_that_was_known_by_number_is_nobody_any_more(app, client, stopped_clock):
    webinar_id = add_webinar(app, status=WebinarStatus.LIVE, room_access=RoomAccess.REGISTERED)
    door = add_registration(app, webinar_id=webinar_id)
    stopped_clock.at(START)
    with client.session_transaction() as session:
        session["registrations"] = {str(webinar_id): read(app, Registration.id)[0]}

    room = client.get("/webinars/hubs/live")
    page = client.get(f"{door}/join")

    assert (room.status_code, page.status_code) == (403, 200)


def test_cancelling_for_another_leaves_one_in_the_room(app, client, stopped_clock):
    webinar_id = add_webinar(app, status=WebinarStatus.LIVE)
    own = add_registration(app, webinar_id=webinar_id, name="Ada Lind")
    other = add_registration(app, webinar_id=webinar_id, name="Ben")
    stopped_clock.at(START)
    client.post(f"{own}/join")
    before = present_in(client)

    client.post(f"{other}/cancel")

    assert present_in(client) == before != {}


def test_who_has_joined_goes_straight_in(app, client, stopped_clock):
    webinar_id = add_webinar(app, status=WebinarStatus.LIVE)
    door = add_registration(app, webinar_id=webinar_id)
    stopped_clock.at(START)
    client.post(f"{door}/join")

    response = client.get(f"{door}/join")

    assert response.location == "/webinars/hubs/live"


@pytest.mark.parametrize(("minutes", "is_shown"), [(31, False), (30, True)])
def test_meeting_is_shown_once_the_way_in_is_open(app, client, stopped_clock, minutes, is_shown):
    door = add_registration(app)
    stopped_clock.at(START - timedelta(minutes=minutes))

    page = client.get(f"{door}/").text

    assert ("meet.example.org" in page) == is_shown


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_is_early_is_told_when_the_room_opens(app, client, method):
    door = add_registration(app, time_zone="America/New_York")

    response = client.open(f"{door}/join", method=method, follow_redirects=True)

    moment = "Tuesday, 24 March 2026, 10:00, Central European Standard Time (Brussels)"
    assert f"You are early: the room opens on {moment}." in text_of(response)
    assert read(app, Registration.joined_at) == [None]


@pytest.mark.parametrize("status", [RegistrationStatus.WAITING, RegistrationStatus.CANCELLED])
def test_without_a_seat_nobody_joins(app, client, status):
    with app.app_context():
        webinar = WebinarFactory(status=WebinarStatus.LIVE)
        registration = RegistrationFactory(webinar=webinar, status=status)
        door = f"/r/{derive_token('registration', registration.uid)}"

    client.post(f"{door}/join")

    assert present_in(client) == {}
    assert read(app, Registration.joined_at) == [None]


def test_cancelled_attendee_leaves_the_room_too(app, client, stopped_clock):
    door = add_registration(app)
    stopped_clock.at(START - timedelta(minutes=10))
    client.post(f"{door}/join")
    before = present_in(client)

    client.post(f"{door}/cancel")

    assert len(before) == 1
    assert present_in(client) == {}


# -- the desk ----------------------------------------------------------------------------------


def test_list_is_for_organisers(app, client):
    webinar_id = add_webinar(app)

    for path in ("registrations", "registrations.csv"):
        response = client.get(f"/manage/webinars/{webinar_id}/{path}")
        assert response.status_code == 302


def test_organiser_finds_people_by_name_and_state(app, organiser):
    webinar_id = add_webinar(app)
    add_registration(app, webinar_id=webinar_id, name="Ada")
    add_registration(app, webinar_id=webinar_id, name="Ben Zoë", status="waiting")
    path = f"/manage/webinars/{webinar_id}/registrations"

    found = organiser.get(f"{path}?q=zo&status=waiting").text
    nobody = organiser.get(f"{path}?q=zo&status=confirmed").text

    assert "Ben Zoë" in found
    assert ">Ada" not in found
    assert "Nothing found" in nobody


def test_organiser_cancels_for_somebody(app, organiser):
    webinar_id = add_webinar(app, capacity=1)
    add_registration(app, webinar_id=webinar_id, name="Ada")
    add_registration(app, webinar_id=webinar_id, status="waiting")
    [ada, _] = read(app, Registration.id)

    response = organiser.post(
        f"/manage/webinars/{webinar_id}/registrations/{ada}/cancel", follow_redirects=True
    )

    assert "Ada's registration is cancelled." in text_of(response)
    assert read(app) == [RegistrationStatus.CANCELLED, RegistrationStatus.CONFIRMED]


def test_question_before_cancelling_has_answers_that_nobody_mistakes(app, organiser):
    webinar_id = add_webinar(app)
    add_registration(app, webinar_id=webinar_id)
    [ada] = read(app, Registration.id)

    page = organiser.get(f"/manage/webinars/{webinar_id}/registrations/{ada}").text

    assert 'data-confirm-yes="Cancel the registration" data-confirm-no="Keep it"' in page


def test_registration_of_another_webinar_is_not_found(app, organiser):
    webinar_id = add_webinar(app)
    add_registration(app)
    [other] = read(app, Registration.id)

    response = organiser.post(f"/manage/webinars/{webinar_id}/registrations/{other}/cancel")

    assert response.status_code == 404
    assert read(app) == [RegistrationStatus.CONFIRMED]


def test_export_has_everyone_and_no_formulas(app, organiser):
    webinar_id = add_webinar(app)
    add_registration(app, webinar_id=webinar_id, name='=HYPERLINK("x")', affiliation='Zoë, "Ltd"')

    response = organiser.get(f"/manage/webinars/{webinar_id}/registrations.csv")

    [headings, row] = csv.reader(io.StringIO(response.text.removeprefix("\ufeff")))
    assert headings[0] == "Name"
    assert (row[0], row[2], row[3]) == ('\'=HYPERLINK("x")', 'Zoë, "Ltd"', "confirmed")


def test_list_takes_as_many_queries_for_many_as_for_one(app, organiser, count_queries):
    webinar_id = add_webinar(app)
    path = f"/manage/webinars/{webinar_id}/registrations"
    add_registration(app, webinar_id=webinar_id)
    organiser.get(path)

    one = count_queries(lambda: organiser.get(path))
    for _ in range(49):
        add_registration(app, webinar_id=webinar_id)
    fifty = count_queries(lambda: organiser.get(path))

    assert fifty == one


def test_long_list_has_pages(app, organiser):
    webinar_id = add_webinar(app)
    for _ in range(51):
        add_registration(app, webinar_id=webinar_id)

    path = f"/manage/webinars/{webinar_id}/registrations"

    first = organiser.get(path).text
    [after] = re.findall(r"[?]after=(\d+)", first)
    second = organiser.get(f"{path}?after={after}").text

    assert first.count('<th scope="row">') == 50
    assert second.count('<th scope="row">') == 1


@pytest.mark.parametrize(
    "query",
    ["after=0", "before=x", "after=99999999999999999999", "status=x", "q=%00%25_", "answer=7:%00"],
)
def test_strange_queries_are_answered(app, organiser, query):
    webinar_id = add_webinar(app)
    add_registration(app, webinar_id=webinar_id)

    response = organiser.get(f"/manage/webinars/{webinar_id}/registrations?{query}")

    assert response.status_code == 200


def test_tokens_stand_nowhere_in_the_database(app, client, mail_server):
    add_webinar(app)
    client.post("/webinars/hubs/register", data=ADA)
    with app.app_context():
        outbox.run_due_jobs()
        mailer.deliver_due_mail()
        token = derive_token("registration", db.session.scalar(sa.select(Registration.uid)))
        connection = db.session.connection()
        kept = [
            str(row)
            for table in sa.inspect(connection).get_table_names()
            for row in connection.execute(sa.text(f'SELECT * FROM "{table}"'))
        ]

        assert db.session.scalar(sa.select(sa.func.count(OutgoingMail.id))) == 1
        assert not [row for row in kept if token in row]


def test_door_can_be_used_behind_https_though_it_tells_no_referer(tmp_path, database_url):
    settings = settings_for(tmp_path, database_url, BASE_URL="https://webinars.example.org")
    app = create_app(settings, RATELIMIT_ENABLED=False)
    door = add_registration(app)
    visitor = app.test_client()
    page = visitor.get(f"{door}/", base_url="https://webinars.example.org")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)[1]

    response = visitor.post(
        f"{door}/cancel",
        data={"csrf_token": token},
        headers={"Origin": "null"},
        base_url="https://webinars.example.org",
    )

    assert (response.status_code, page.headers["Referrer-Policy"]) == (302, "no-referrer")
