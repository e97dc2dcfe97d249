"""What came back, at the desk."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count

import pytest

from eventapp.core.db import db
from eventapp.messages.models import IncomingKind, IncomingMail
from eventapp.webinars.models import Webinar
from tests.factories import EARLIER, RegistrationFactory, WebinarFactory

numbers = count(1)
PAGES = ("/manage/messages/incoming", "/manage/webinars/{webinar_id}/messages/incoming")


@pytest.fixture
def webinar_id(app) -> int:
    with app.app_context():
        return WebinarFactory(title="Creative hubs").id


@pytest.fixture
def write(app, webinar_id):
    """Return a function that writes what came; it returns the id."""

    def write_incoming(**changes: object) -> int:
        number = next(numbers)
        facts = {
            "message_id": f"<{number}@mail.example>",
            "kind": IncomingKind.OTHER,
            "from_name": "Ada Attendee",
            "from_address": "ada@example.org",
            "subject": f"Subject {number}",
            "text": "I can't come.",
            "webinar_id": webinar_id,
            "received_at": EARLIER + timedelta(minutes=number),
        }
        with app.app_context():
            mail = IncomingMail(**(facts | changes))
            db.session.add(mail)
            db.session.commit()
            return mail.id

    return write_incoming


def read_at(app, mail_id):
    with app.app_context():
        return db.session.get_one(IncomingMail, mail_id).read_at


def list_subjects(page: str) -> list[str]:
    return re.findall(r'<a href="/manage/messages/incoming/\d+">(.+?)</a>', page)


@pytest.mark.parametrize("path", [*PAGES, "/manage/messages/incoming/1"])
def test_what_came_back_is_for_organisers(client, path, webinar_id):
    assert client.get(path.format(webinar_id=webinar_id)).status_code == 302


@pytest.mark.parametrize(
    "path",
    [
        "/manage/messages/incoming/read",
        "/manage/messages/incoming/1/read",
        "/manage/webinars/1/messages/incoming/read",
    ],
)
def test_marking_is_for_organisers(client, path):
    assert client.post(path).status_code == 403


def test_unread_stands_first_and_the_newest_before_the_older(organiser, write):
    write(subject="Read", read_at=EARLIER)
    write(subject="Older")
    write(subject="Newer")
    write(subject="Read, too", read_at=EARLIER)

    page = organiser.get("/manage/messages/incoming").text

    assert list_subjects(page) == ["Newer", "Older", "Read, too", "Read"]
    assert page.count(">Unread<") == 2


def test_page_of_a_webinar_has_its_own_alone(organiser, write, webinar_id):
    write(subject="Its own")
    write(subject="Nobody's", webinar_id=None)

    page = organiser.get(f"/manage/webinars/{webinar_id}/messages/incoming").text

    assert list_subjects(page) == ["Its own"]
    assert 'href="/manage/webinars/1/messages" aria-current="page"' in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("kind=bounce", ["Undelivered"]),
        ("q=undel", ["Undelivered"]),
        ("q=ben@", ["Undelivered"]),
        ("kind=reply", []),
        ("kind=nonsense&page=x", ["Undelivered", "Sorry"]),
    ],
)
def test_list_is_searched_and_filtered(organiser, write, query, shown):
    write(subject="Sorry")
    write(subject="Undelivered", kind=IncomingKind.BOUNCE, from_address="ben@example.org")

    page = organiser.get(f"/manage/messages/incoming?{query}").text

    assert list_subjects(page) == shown


def test_list_says_what_was_done_and_why_not(organiser, write):
    write(outcome="cancelled")
    write(outcome="kept", reason="out_of_date")
    write(outcome="marked", reason="550 <b>No such user</b>")

    page = organiser.get("/manage/messages/incoming").text

    assert "Registration cancelled" in page
    assert "It answers an earlier invitation" in page
    assert "550 &lt;b&gt;No such user&lt;/b&gt;" in page


def test_message_is_shown_as_text_with_all_that_it_is_about(app, organiser, write, webinar_id):
    with app.app_context():
        webinar = db.session.get_one(Webinar, webinar_id)
        registration = RegistrationFactory(webinar=webinar, name="Ada A.")
        registration_id = registration.id
    mail_id = write(
        subject="<script>alert(1)</script>",
        text="<b>Hello</b>\n\nAda",
        registration_id=registration_id,
    )

    page = organiser.get(f"/manage/messages/incoming/{mail_id}").text

    assert "&lt;b&gt;Hello&lt;/b&gt;\n\nAda" in page
    assert "<script>alert" not in page
    assert "Creative hubs" in page
    assert ">Ada A.</a>" in page


def test_message_that_nothing_is_known_of_is_shown(organiser, write):
    mail_id = write(webinar_id=None, subject="", text="", from_name="", from_address="")

    page = organiser.get(f"/manage/messages/incoming/{mail_id}").text

    assert "No subject" in page
    assert "It holds no words." in page
    assert organiser.get("/manage/messages/incoming").status_code == 200


def test_message_that_is_not_there_is_not_found(organiser):
    assert organiser.get("/manage/messages/incoming/7").status_code == 404


def test_looking_at_a_message_does_not_mark_it(app, organiser, write):
    mail_id = write()

    organiser.get(f"/manage/messages/incoming/{mail_id}")

    assert read_at(app, mail_id) is None


def test_message_is_marked_as_read_once(app, organiser, write, stopped_clock):
    mail_id = write()

    organiser.post(f"/manage/messages/incoming/{mail_id}/read")
    first = stopped_clock()
    stopped_clock.forward(hours=1)
    organiser.post(f"/manage/messages/incoming/{mail_id}/read")

    assert read_at(app, mail_id) == first


def test_all_of_a_webinar_is_marked_and_nothing_else(app, organiser, write, webinar_id):
    own, other = write(), write(webinar_id=None)

    organiser.post(f"/manage/webinars/{webinar_id}/messages/incoming/read")

    assert read_at(app, own) is not None
    assert read_at(app, other) is None


def test_everything_is_marked(app, organiser, write):
    mail_ids = [write(), write(webinar_id=None)]

    organiser.post("/manage/messages/incoming/read")

    assert all(read_at(app, mail_id) for mail_id in mail_ids)


def test_more_than_a_page_is_turned(organiser, write):
    for _ in range(51):
        write()

    first = organiser.get("/manage/messages/incoming").text
    second = organiser.get("/manage/messages/incoming?page=2").text

    assert (len(list_subjects(first)), len(list_subjects(second))) == (50, 1)


@pytest.mark.parametrize("path", PAGES)
def test_list_takes_the_same_number_of_queries_for_one_and_fifty(
    organiser, write, count_queries, path, webinar_id
):
    path = path.format(webinar_id=webinar_id)
    write()
    organiser.get(path)
    one = count_queries(lambda: organiser.get(path))
    for _ in range(49):
        write()

    assert count_queries(lambda: organiser.get(path)) == one


def test_empty_page_says_what_will_come_and_what_to_set(organiser):
    page = organiser.get("/manage/messages/incoming").text

    assert "Nothing has come back yet" in page
    assert "REPLY_ADDRESS" in page


def test_ledger_leads_to_what_came_back(organiser, webinar_id):
    own = organiser.get(f"/manage/webinars/{webinar_id}/messages").text

    assert f'href="/manage/webinars/{webinar_id}/messages/incoming"' in own
    assert 'href="/manage/messages/incoming"' in organiser.get("/manage/messages/").text
