"""Home, archive and feeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
import vobject
from flask import Flask
from flask.testing import FlaskClient

from eventapp.core.db import db, transaction
from eventapp.pages.cards import Face, describe_cards
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import SpeakerFactory, WebinarFactory, add_speaker
from tests.plugins.app import Clock

ATOM = "{http://www.w3.org/2005/Atom}"


def make_webinars(app: Flask, number: int, **values: object) -> None:
    with app.app_context():
        for _ in range(number):
            add_speaker(WebinarFactory(**values))


def test_home_of_an_empty_system_says_so(client: FlaskClient) -> None:
    page = client.get("/").text

    assert "No webinars yet" in page


def test_home_puts_what_is_live_first(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    make_webinars(app, 1, title="Tomorrow")
    make_webinars(app, 1, title="Right now", status=WebinarStatus.LIVE)

    page = client.get("/").text

    assert page.index("<h1>Right now</h1>") < page.index("Tomorrow")


@pytest.mark.parametrize("status", [WebinarStatus.DRAFT, WebinarStatus.CANCELLED])
def test_lists_leave_out_what_is_not_public(
    app: Flask, client: FlaskClient, status: WebinarStatus, stopped_clock: Clock
) -> None:
    make_webinars(app, 1, title="Hidden one", status=status)

    pages = [client.get(path).text for path in ("/", "/webinars/", "/webinars/feed.atom")]

    assert not any("Hidden one" in page for page in pages)


def test_archive_finds_words_of_title_and_speaker(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        hubs = WebinarFactory(title="Creative Hubs")
        speaker = add_speaker(hubs)
        speaker.name = "Zoë Quist"
        db.session.commit()
        WebinarFactory(title="Open data")

    page = client.get("/webinars/?q=hubs+quist").text

    assert "Creative Hubs" in page
    assert "Open data" not in page


@pytest.mark.parametrize("words", ["100%", "a_b", "'; DROP TABLE webinars; --", "<script>"])
def test_archive_takes_any_words_as_words(app: Flask, client: FlaskClient, words: str) -> None:
    make_webinars(app, 1, title="Plain title")

    response = client.get("/webinars/", query_string={"q": words})

    assert response.status_code == 200
    assert "Plain title" not in response.text
    assert "<script>" not in response.text.replace('<script src="', "")


@pytest.mark.parametrize("page", ["0", "-1", "99999999999999999999", "x"])
def test_archive_survives_any_page_number(client: FlaskClient, page: str) -> None:
    response = client.get(f"/webinars/?page={page}")

    assert response.status_code == 200


def test_archive_takes_the_same_queries_for_one_and_for_fifty(
    app: Flask,
    client: FlaskClient,
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    make_webinars(app, 1)
    for_one = count_queries(lambda: client.get("/webinars/"))
    make_webinars(app, 49)

    for_fifty = count_queries(lambda: client.get("/webinars/"))

    assert for_fifty == for_one


def test_card_has_faces_and_no_biographies(app: Flask, stopped_clock: Clock) -> None:
    with app.test_request_context():
        webinar = WebinarFactory()
        add_speaker(webinar, SpeakerFactory(name="Zoë Quist", biography="**Long** story."))

        [card] = describe_cards([webinar], now=stopped_clock())

    assert card.people == [Face(name="Zoë Quist", photo_url=None)]


def test_calendar_feed_holds_what_is_ahead(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    make_webinars(app, 1, title="Ahead; really, yes")
    make_webinars(app, 1, title="Past", status=WebinarStatus.ENDED)

    feed = vobject.readOne(client.get("/webinars/feed.ics").text)

    assert [event.summary.value for event in feed.vevent_list] == ["Ahead; really, yes"]
    assert not hasattr(feed.vevent, "attendee")


def test_calendar_feed_survives_a_description_of_nested_marks(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    make_webinars(app, 1, title="Nested", summary="", description="*" * 9_000 + "a" + "*" * 8_999)

    feed = vobject.readOne(client.get("/webinars/feed.ics").text)

    assert [event.summary.value for event in feed.vevent_list] == ["Nested"]


def test_atom_feed_is_well_formed_with_hostile_titles(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    make_webinars(app, 1, title="<b>&]]> \u202e title")

    feed = ET.fromstring(client.get("/webinars/feed.atom").data)

    assert [e.findtext(f"{ATOM}title") for e in feed.iter(f"{ATOM}entry")] == [
        "<b>&]]> \u202e title"
    ]


def test_atom_feed_is_not_sent_again_to_who_has_it(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    make_webinars(app, 1)
    tag = client.get("/webinars/feed.atom").headers["ETag"]

    again = client.get("/webinars/feed.atom", headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


def test_home_follows_a_change_at_once(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    make_webinars(app, 1, title="Before")
    client.get("/")
    with app.app_context(), transaction() as session:
        session.query(Webinar).one().title = "After"

    page = client.get("/").text

    assert "After" in page
    assert "Before" not in page


def test_home_forgets_a_webinar_that_is_long_over(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    make_webinars(app, 1, title="Forgotten")
    stopped_clock.at(datetime(2026, 3, 24, 11, 0, tzinfo=UTC) + timedelta(days=2))

    page = client.get("/").text

    assert "Forgotten" not in page


def test_word_to_one_reader_is_kept_from_the_next(app: Flask, client: FlaskClient) -> None:
    reader = app.test_client()
    with reader.session_transaction() as session:
        session["_flashes"] = [("success", "Agnes has cancelled.")]

    pages = [reader.get("/").text, client.get("/").text]

    assert ["Agnes has cancelled." in page for page in pages] == [True, False]
