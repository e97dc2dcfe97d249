"""What organisers and visitors see of webinars."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from io import BytesIO

import pytest
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from eventapp.core.db import db, transaction
from eventapp.webinars.hearers import init_app as count_hearers_with
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.routes import public as public_routes
from tests.factories import SpeakerFactory, WebinarFactory, add_speaker
from tests.webinars.pages import FORM, picture, text_of

# -- the desk ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/manage/",
        "/manage/webinars/new",
        "/manage/webinars/1/",
        "/manage/webinars/1/edit",
        "/manage/webinars/1/agenda",
        "/manage/webinars/1/speakers",
        "/manage/webinars/1/preview",
        "/manage/webinars/1/step/publish",
        "/manage/webinars/1/cancel",
        "/manage/speakers/",
    ],
)
def test_visitors_are_sent_to_the_sign_in(client, path):
    response = client.get(path)

    assert response.status_code == 302
    assert response.location.startswith("/manage/sign-in?next=")


def test_empty_desk_invites(organiser):
    assert "Your first webinar starts here" in text_of(organiser.get("/manage/"))


def test_desk_takes_the_same_statements_for_one_and_fifty(organiser, make, count_queries):
    def add(number):
        for _ in range(number):
            add_speaker(WebinarFactory())

    make(lambda: add(1))
    organiser.get("/manage/")
    one = count_queries(lambda: organiser.get("/manage/"))
    make(lambda: add(49))
    fifty = count_queries(lambda: organiser.get("/manage/"))

    assert fifty == one


def test_desk_shows_its_second_page(organiser, make):
    make(lambda: [WebinarFactory(title=f"Number {n}") for n in range(21)])

    assert organiser.get("/manage/?page=2").text.count('<th scope="row">') == 1
    assert organiser.get("/manage/?page=99999999999999999999").status_code == 200


def test_desk_finds_by_title_speaker_and_status(organiser, make):
    def rows():
        add_speaker(WebinarFactory(title="Hubs"), SpeakerFactory(name="Berta Pérez"))
        WebinarFactory(title="100% repair", status=WebinarStatus.DRAFT)

    make(rows)

    assert "Hubs" in organiser.get("/manage/?q=berta").text
    assert "100% repair" not in organiser.get("/manage/?q=hubs").text
    assert "Hubs" not in organiser.get("/manage/?q=0%25").text
    assert "Hubs" not in organiser.get("/manage/?status=draft").text
    assert "Nothing found" in organiser.get("/manage/?q=zzz").text


@pytest.mark.parametrize("address", ["/manage/webinars/7/", "/manage/webinars/7/step/publish"])
def test_unknown_webinar_is_not_found(organiser, address):
    assert organiser.get(address).status_code == 404


# -- making and editing ------------------------------------------------------------------------


def test_new_webinar_becomes_a_draft_on_the_clock_of_its_zone(organiser, read):
    response = organiser.post("/manage/webinars/new", data=FORM, follow_redirects=True)

    assert "The draft is saved" in response.text
    assert read(lambda w: (w.status, w.starts_at, w.slug)) == (
        WebinarStatus.DRAFT,
        datetime(2026, 3, 24, 9, 30, tzinfo=UTC),
        "creative-hubs",
    )


@pytest.mark.parametrize(
    ("field", "value", "answer"),
    [
        ("title", "", "Please give the webinar a title."),
        ("title", "x" * 201, "Please use at most 200 characters."),
        ("join_url", "javascript:alert(1)", "starts with https:// or http://"),
        ("join_url", "https://", "starts with https:// or http://"),
        ("join_url", "http://[broken", "starts with https:// or http://"),
        ("time_zone", "Europe/Nowhere", "Not a valid choice"),
        ("time_zone", "../../etc/passwd", "Not a valid choice"),
        ("starts_local", "2026-03-29T02:30", "this time doesn't exist"),
        ("starts_local", "tomorrow", "Not a valid datetime value"),
        ("starts_local", "0001-01-01T00:00", "times from 1990 to 2100 can be given."),
        ("starts_local", "2026-03-24T12:00", "The end must come after the start."),
        ("ends_local", "2026-04-24T12:00", "24 hours at most"),
        ("capacity", "0", "from 1 to 1,000,000"),
        ("capacity", "many", "Not a valid integer"),
        ("capacity", "9" * 4000, "Not a valid integer"),
        ("contact_email", "nobody", "name@example.org"),
        ("contact_email", "ü@example.org", "name@example.org"),
        ("language", "xx", "Not a valid choice"),
    ],
)
def test_wrong_input_is_answered_and_kept(organiser, field, value, answer):
    response = organiser.post("/manage/webinars/new", data=FORM | {field: value})

    assert response.status_code == 200
    assert answer in text_of(response)
    assert "How they work." in response.text


def test_zone_is_guessed_for_the_first_webinar_and_never_after_a_choice(organiser):
    asked = organiser.get("/manage/webinars/new")
    refused = organiser.post("/manage/webinars/new", data=FORM | {"time_zone": "UTC", "title": ""})
    organiser.post("/manage/webinars/new", data=FORM)
    second = organiser.get("/manage/webinars/new")

    pages = (asked, refused, second)
    assert ["data-guess-zone" in page.text for page in pages] == [True, False, False]


def test_time_that_comes_twice_is_said(organiser, read):
    times = {"starts_local": "2026-10-25T02:30", "ends_local": "2026-10-25T04:00"}

    response = organiser.post("/manage/webinars/new", data=FORM | times, follow_redirects=True)

    assert "We took the first of the two." in text_of(response)
    assert read(lambda w: w.starts_at) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_title_is_shown_as_text_everywhere(organiser):
    title = "<script>alert(1)</script>\x00 " + "long " * 30

    organiser.post("/manage/webinars/new", data=FORM | {"title": title})

    for path in ("/manage/", "/manage/webinars/1/", "/manage/webinars/1/edit"):
        page = organiser.get(path).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; long" in page


def test_editing_saves_what_was_typed(organiser, make, read):
    make(lambda: WebinarFactory(status=WebinarStatus.DRAFT))

    response = organiser.post(
        "/manage/webinars/1/edit", data=FORM | {"title": "New"}, follow_redirects=True
    )

    assert "Saved." in text_of(response)
    assert read(lambda w: (w.title, w.capacity)) == ("New", None)


def test_untouched_time_keeps_its_seconds(organiser, make, read):
    start = datetime(2026, 3, 24, 9, 30, 21, tzinfo=UTC)
    make(lambda: WebinarFactory(starts_at=start))

    organiser.post("/manage/webinars/1/edit", data=FORM)

    assert read(lambda w: w.starts_at) == start


def test_stale_edit_keeps_what_was_typed_and_can_be_meant(organiser, make, read):
    make(lambda: WebinarFactory(status=WebinarStatus.DRAFT))
    stale = FORM | {"title": "Mine", "seen_at": "2026-01-01T00:00:00+00:00"}

    refused = organiser.post("/manage/webinars/1/edit", data=stale)
    [seen_at] = re.findall(r'name="seen_at"[^>]*value="([^"]+)"', refused.text)
    organiser.post("/manage/webinars/1/edit", data=stale | {"seen_at": unescape(seen_at)})

    assert "Someone else saved changes" in text_of(refused)
    assert 'value="Mine"' in refused.text
    assert read(lambda w: w.title) == "Mine"


def test_registered_people_are_counted_before_they_are_told(
    app, organiser, make, stopped_clock, read
):
    count_hearers_with(app, count=lambda _webinar_id: 23)
    make(lambda: WebinarFactory(title="Creative hubs", join_url=""))
    moved = FORM | {"starts_local": "2026-03-24T11:00"}

    asked = organiser.post("/manage/webinars/1/edit", data=moved)
    unchanged = read(lambda w: w.calendar_sequence)
    organiser.post("/manage/webinars/1/edit", data=moved | {"is_confirmed": "yes"})

    assert "Shall we tell 23 people?" in text_of(asked)
    assert unchanged == 0
    assert read(lambda w: w.calendar_sequence) == 1


def test_edit_that_nobody_need_hear_of_is_saved_at_once(app, organiser, make, read):
    count_hearers_with(app, count=lambda _webinar_id: 23)
    make(lambda: WebinarFactory(title="Creative hubs", join_url=""))

    organiser.post("/manage/webinars/1/edit", data=FORM | {"summary": "Other"})

    assert read(lambda w: (w.summary, w.calendar_sequence)) == ("Other", 0)


# -- covers ------------------------------------------------------------------------------------


def test_cover_is_kept_for_good_under_its_version(app, client, organiser):
    organiser.post("/manage/webinars/new", data=FORM | {"cover": (picture(), "../x.png")})
    with app.app_context():
        webinar = db.session.get_one(Webinar, 1)
        webinar.status = WebinarStatus.PUBLISHED
        db.session.commit()
        address = f"/webinars/creative-hubs/cover?v={webinar.cover_id}"

    response = client.get(address)
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})

    assert response.mimetype == "image/jpeg"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response.headers
    assert (again.status_code, again.data) == (304, b"")


def test_cover_of_a_draft_is_for_organisers(client, organiser):
    organiser.post("/manage/webinars/new", data=FORM | {"cover": (picture(), "x.png")})

    assert client.get("/webinars/creative-hubs/cover").status_code == 404
    shown = organiser.get("/webinars/creative-hubs/cover")
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "private, no-cache")


def test_text_is_no_cover(organiser):
    data = FORM | {"cover": (BytesIO(b"<svg onload=alert(1)>"), "x.png")}

    assert "doesn't look like a picture" in text_of(
        organiser.post("/manage/webinars/new", data=data)
    )


def test_cover_may_be_larger_than_other_forms_and_no_larger_than_set(organiser):
    def upload(megabytes):
        content = BytesIO(picture().getvalue() + b"\0" * megabytes * 1024 * 1024)
        file = FileStorage(content, filename="x.png")
        boundary, body = encode_multipart(FORM | {"cover": file})
        return organiser.post(
            "/manage/webinars/new",
            data=body,
            content_type=f"multipart/form-data; boundary={boundary}",
        )

    assert upload(megabytes=3).status_code == 302
    assert upload(megabytes=15).status_code == 413


def test_picture_of_a_form_that_was_not_saved_is_asked_for_again(organiser):
    page = organiser.post(
        "/manage/webinars/new", data={**FORM, "capacity": "-3", "cover": (picture(), "x.png")}
    ).text

    assert "Please choose the picture again" in page


# -- the calendar file -------------------------------------------------------------------------


def test_event_ics_is_kept_for_a_moment_and_sets_no_cookie(client, make, count_queries):
    make(lambda: WebinarFactory(slug="hubs", title="Hubs", calendar_sequence=3))
    client.get("/webinars/hubs/event.ics")
    answers = []

    statements = count_queries(lambda: answers.append(client.get("/webinars/hubs/event.ics")))

    [response] = answers
    assert statements == 0
    assert "Set-Cookie" not in response.headers
    assert "SUMMARY:Hubs\r\n" in response.text
    assert "SEQUENCE:3\r\n" in response.text
    assert "DTSTART;TZID=Europe/Brussels:20260324T103000\r\n" in response.text
    assert "meet.example.org" not in response.text


def test_event_ics_tells_of_a_change_when_its_moment_is_over(client, make, monkeypatch):
    monkeypatch.setattr(public_routes, "KEPT_SECONDS", 0.0)
    webinar_id = make(lambda: WebinarFactory(slug="hubs", title="Hubs").id)
    client.get("/webinars/hubs/event.ics")
    make(lambda: rename(webinar_id, "Hubs and labs"))

    response = client.get("/webinars/hubs/event.ics")

    assert "SUMMARY:Hubs and labs\r\n" in response.text


def rename(webinar_id, title):
    with transaction() as session:
        session.get_one(Webinar, webinar_id).title = title


def test_event_ics_of_a_cancelled_webinar_says_so(client, make):
    make(lambda: WebinarFactory(slug="hubs", status=WebinarStatus.CANCELLED))

    assert "STATUS:CANCELLED\r\n" in client.get("/webinars/hubs/event.ics").text


@pytest.mark.parametrize(
    "state",
    [
        {"status": WebinarStatus.DRAFT},
        {"status": WebinarStatus.CANCELLED, "published_at": None},
    ],
)
def test_event_ics_of_a_hidden_webinar_is_not_found(client, organiser, make, state):
    make(lambda: WebinarFactory(slug="hubs", **state))

    assert client.get("/webinars/hubs/event.ics").status_code == 404
