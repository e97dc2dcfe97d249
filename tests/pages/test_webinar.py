"""A webinar's page: before, during, after, and what it costs."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventapp.core.db import db, transaction
from eventapp.registrations.models import RegistrationMode, RegistrationStatus
from eventapp.webinars.models import AgendaItemKind, Webinar, WebinarStatus
from tests.factories import (
    START,
    AgendaItemFactory,
    PresentationFactory,
    RegistrationFactory,
    RegistrationPolicyFactory,
    SpeakerFactory,
    WebinarFactory,
    add_speaker,
)
from tests.plugins.app import NOON, Clock

PAGE = "/webinars/hubs/"


def make_webinar(app: Flask, *, items: int = 3, **values: object) -> int:
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", **values)
        speakers = [add_speaker(webinar) for _ in range(2)]
        for _ in range(items):
            AgendaItemFactory(webinar=webinar, speakers=speakers)
        return int(webinar.id)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (WebinarStatus.PUBLISHED, "Register"),
        (WebinarStatus.LIVE, "Enter the room"),
        (WebinarStatus.ENDED, "This webinar is over."),
        (WebinarStatus.REPLAY_PUBLISHED, "Watch the replay"),
        (WebinarStatus.CANCELLED, "This webinar is cancelled."),
    ],
)
def test_page_asks_for_what_fits_the_status(
    app: Flask, client: FlaskClient, stopped_clock: Clock, status: WebinarStatus, words: str
) -> None:
    make_webinar(app, status=status)

    page = client.get(PAGE).text

    assert words in page


def test_page_gives_planned_times_in_the_webinars_zone(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    make_webinar(app)

    page = client.get(PAGE).text

    assert re.findall(r'class="agenda-time">([\d:]+)<', page) == ["10:30", "10:45", "11:00"]


def test_page_calls_the_parts_as_the_desk_does(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    webinar_id = make_webinar(app, items=0)
    with app.app_context():
        webinar = db.session.get_one(Webinar, webinar_id)
        for kind in (AgendaItemKind.PANEL, AgendaItemKind.QUESTIONS, AgendaItemKind.OTHER):
            AgendaItemFactory(webinar=webinar, kind=kind)

    page = client.get(PAGE).text

    labels = re.findall(r'class="agenda-kind">([^<]+)<', page)
    assert labels == ["Panel discussion", "Questions and answers"]


def test_page_labels_the_zone_and_carries_the_moment_for_others(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    make_webinar(app)

    page = client.get(PAGE).text

    assert 'datetime="2026-03-24T09:30:00+00:00"' in page
    assert "Central European" in page


@pytest.mark.parametrize("status", [WebinarStatus.DRAFT, WebinarStatus.CANCELLED])
def test_what_was_never_published_is_seen_by_organisers_alone(
    app: Flask, client: FlaskClient, organiser: FlaskClient, status: WebinarStatus
) -> None:
    make_webinar(app, status=status, published_at=None)

    seen = (client.get(PAGE).status_code, organiser.get(PAGE).status_code)

    assert seen == (404, 200)


def test_full_webinar_offers_the_waiting_list(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    webinar_id = make_webinar(app, capacity=1)
    client.get(PAGE)
    with app.app_context():
        webinar = db.session.get_one(Webinar, webinar_id)
        RegistrationFactory(webinar=webinar)
        RegistrationFactory(webinar=webinar, status=RegistrationStatus.WAITING)

    page = client.get(PAGE).text

    assert "Join the waiting list" in page
    assert "1, all taken" in page


@pytest.mark.parametrize(("capacity", "said"), [(22, "22"), (20, "20, few left")])
def test_page_says_that_few_seats_are_left_and_never_how_many(
    app: Flask, client: FlaskClient, stopped_clock: Clock, capacity: int, said: str
) -> None:
    webinar_id = make_webinar(app, capacity=capacity)
    with app.app_context():
        webinar = db.session.get_one(Webinar, webinar_id)
        RegistrationFactory.create_batch(18, webinar=webinar)

    before = client.get(PAGE).text
    with app.app_context():
        RegistrationFactory(webinar=db.session.get_one(Webinar, webinar_id))
    after = client.get(PAGE).text

    assert f"<dt>Seats</dt><dd>{said}</dd>" in before
    assert f"<dt>Seats</dt><dd>{said}</dd>" in after


@pytest.mark.parametrize(
    ("values", "badge"),
    [
        ({}, "Registration open"),
        ({"capacity": 1}, "Full: waiting list"),
        ({"ends_at": START + timedelta(minutes=1)}, "Ended"),
        ({"status": WebinarStatus.LIVE, "capacity": 1}, "Live now"),
        ({"status": WebinarStatus.ARCHIVED}, "Replay"),
    ],
)
def test_badge_says_what_is_possible_on_page_and_card(
    app: Flask, client: FlaskClient, stopped_clock: Clock, values: dict[str, Any], badge: str
) -> None:
    stopped_clock.at(START + timedelta(minutes=1))
    webinar_id = make_webinar(app, **values)
    with app.app_context():
        RegistrationFactory(webinar=db.session.get_one(Webinar, webinar_id))

    pages = [client.get(path).text for path in (PAGE, "/webinars/")]

    badges = [re.findall(r'class="badge badge-\w+">([^<]+)<', page) for page in pages]
    assert badges == [[badge], [badge]]


def test_page_is_one_query_once_it_is_made(
    app: Flask,
    client: FlaskClient,
    stopped_clock: Clock,
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    make_webinar(app)
    client.get(PAGE)

    again = count_queries(lambda: client.get(PAGE))

    assert again == 1


def test_page_is_made_in_the_same_queries_whatever_the_agenda(
    app: Flask,
    client: FlaskClient,
    stopped_clock: Clock,
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    webinar_id = make_webinar(app, items=1)
    for_one = count_queries(lambda: client.get(PAGE))
    with app.app_context():
        webinar = db.session.get_one(Webinar, webinar_id)
        for _ in range(40):
            AgendaItemFactory(webinar=webinar, speakers=[SpeakerFactory()])

    for_many = count_queries(lambda: client.get(PAGE))

    assert for_many == for_one


def test_page_follows_a_speakers_new_name(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    webinar_id = make_webinar(app)
    client.get(PAGE)
    with app.app_context(), transaction() as session:
        session.get_one(Webinar, webinar_id).speakers[0].name = "Renamed Person"

    page = client.get(PAGE).text

    assert "Renamed Person" in page


def test_page_starts_no_session(app: Flask, client: FlaskClient, stopped_clock: Clock) -> None:
    make_webinar(app)

    response = client.get(PAGE)

    assert "Set-Cookie" not in response.headers


def test_hostile_words_stay_words(app: Flask, client: FlaskClient, stopped_clock: Clock) -> None:
    make_webinar(
        app,
        title="</script><script>alert(1)</script>",
        summary='"><img src=x onerror=alert(1)>',
        description="[x](javascript:alert(1)) <script>alert(1)</script>",
    )

    page = client.get(PAGE).text

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


def read_event(client: FlaskClient) -> dict[str, Any]:
    script = client.get(PAGE).text.split('<script type="application/ld+json">')[1]
    event: dict[str, Any] = json.loads(script.split("</script>")[0])
    return event


def test_page_describes_the_event_for_machines(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    make_webinar(app, title="Hubs </script> & more")

    event = read_event(client)

    assert (event["@type"], event["name"]) == ("Event", "Hubs </script> & more")
    assert event["startDate"] == "2026-03-24T10:30:00+01:00"


@pytest.mark.parametrize(
    ("values", "availability"),
    [
        ({"capacity": 2}, "https://schema.org/InStock"),
        ({"capacity": 1}, "https://schema.org/SoldOut"),
        ({"status": WebinarStatus.LIVE, "capacity": 1}, "https://schema.org/SoldOut"),
        ({"ends_at": START + timedelta(minutes=1)}, None),
        ({"status": WebinarStatus.CANCELLED}, None),
    ],
)
def test_machines_are_offered_what_people_are(
    app: Flask,
    client: FlaskClient,
    stopped_clock: Clock,
    values: dict[str, Any],
    availability: str | None,
) -> None:
    stopped_clock.at(START + timedelta(minutes=1))
    webinar_id = make_webinar(app, **values)
    with app.app_context():
        RegistrationFactory(webinar=db.session.get_one(Webinar, webinar_id))

    event = read_event(client)

    assert event.get("offers", {}).get("availability") == availability


def test_preview_of_a_draft_shows_what_everyone_will_see(
    app: Flask, organiser: FlaskClient, stopped_clock: Clock
) -> None:
    webinar_id = make_webinar(app, status=WebinarStatus.DRAFT, published_at=None, capacity=2)
    with app.app_context():
        PresentationFactory(webinar_id=webinar_id, title="Slides", is_shown_before=True)

    page = organiser.get(PAGE).text

    assert "<dt>Seats</dt><dd>2</dd>" in page
    assert "Slides" in page
    assert 'aria-disabled="true">Register<' in page


def test_page_names_the_zone_of_its_agenda(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    make_webinar(app)

    page = client.get(PAGE).text

    assert "Times: Central European Standard Time (Brussels)" in page


def test_part_without_a_section_stands_apart_from_the_section_before(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    webinar_id = make_webinar(app, items=0)
    with app.app_context():
        webinar = db.session.get_one(Webinar, webinar_id)
        AgendaItemFactory(webinar=webinar, section="Part one")
        AgendaItemFactory(webinar=webinar, section="")

    page = client.get(PAGE).text

    assert page.count("agenda-after-section") == 1


def set_terms(app: Flask, webinar_id: int, **terms: Any) -> None:
    with app.app_context():
        RegistrationPolicyFactory(webinar_id=webinar_id, **terms)


@pytest.mark.parametrize(
    ("terms", "badge", "words"),
    [
        ({"opens_at": NOON + timedelta(days=1)}, "Registration opens soon", "Registration opens"),
        ({"closes_at": NOON}, "Registration closed", "Registration is closed."),
        ({"mode": RegistrationMode.APPROVAL}, "On request", "Ask to come"),
        ({"mode": RegistrationMode.INVITATION}, "By invitation", "Register by invitation"),
        ({"closes_at": NOON + timedelta(days=1)}, "Registration open", "Register by"),
    ],
)
def test_page_and_card_say_on_which_terms_one_registers(
    app: Flask,
    client: FlaskClient,
    stopped_clock: Clock,
    terms: dict[str, Any],
    badge: str,
    words: str,
) -> None:
    set_terms(app, make_webinar(app), **terms)

    pages = [client.get(path).text for path in (PAGE, "/webinars/")]

    badges = [re.findall(r'class="badge badge-\w+">([^<]+)<', page) for page in pages]
    assert badges == [[badge], [badge]]
    assert words in pages[0]


def test_opening_and_closing_show_without_a_write(
    app: Flask,
    client: FlaskClient,
    stopped_clock: Clock,
    count_queries: Callable[[Callable[[], object]], int],
) -> None:
    opens_at, closes_at = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    set_terms(app, make_webinar(app), opens_at=opens_at, closes_at=closes_at)
    badges = []
    for moment in (NOON, opens_at, closes_at):
        stopped_clock.at(moment)
        page = client.get(PAGE).text
        badges += re.findall(r'class="badge badge-\w+">([^<]+)<', page)

    again = count_queries(lambda: client.get(PAGE))

    assert badges == ["Registration opens soon", "Registration open", "Registration closed"]
    assert again == 1


def test_page_says_when_registration_opens_in_the_webinars_zone(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    webinar_id = make_webinar(app, time_zone="America/New_York")
    set_terms(app, webinar_id, opens_at=NOON + timedelta(days=1))

    page = client.get(PAGE).text

    assert 'datetime="2026-03-11T12:00:00+00:00"' in page
    assert "Wednesday, 11 March 2026, 08:00" in page


def test_nobody_can_take_an_offer_of_machines_before_it_opens(
    app: Flask, client: FlaskClient, stopped_clock: Clock
) -> None:
    set_terms(app, make_webinar(app), opens_at=NOON + timedelta(days=1))

    event = read_event(client)

    assert "offers" not in event
