"""A person's own calendar to subscribe to."""

from __future__ import annotations

from datetime import timedelta

import pytest
import vobject

from eventapp.core.db import db, transaction
from eventapp.core.tokens import derive_token
from eventapp.registrations.actions import cancel_registration
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.actions import cancel_webinar
from eventapp.webinars.models import WebinarStatus
from tests.factories import START, RegistrationFactory, WebinarFactory


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def seat(email="ada@example.org", status=RegistrationStatus.CONFIRMED, **webinar) -> str:
    """Give an address a seat; return its token."""
    registration = RegistrationFactory(
        email=email, status=status, webinar=WebinarFactory(**webinar), sequence=2
    )
    return derive_token("registration", registration.uid)


def read_feed(client, token):
    return vobject.readOne(client.get(f"/r/{token}/feed.ics").text)


def list_entries(client, token):
    parsed = read_feed(client, token)
    return {event.summary.value: event for event in getattr(parsed, "vevent_list", [])}


@pytest.mark.every_engine
def test_feed_has_every_seat_of_the_address_and_nobody_elses(app, client):
    with app.app_context():
        token = seat(title="One")
        seat(title="Two")
        seat(title="Waiting", status=RegistrationStatus.WAITING)
        seat(title="Given up", status=RegistrationStatus.CANCELLED)
        seat(
            title="Long ago",
            starts_at=START - timedelta(days=500),
            ends_at=START - timedelta(days=499, hours=23),
        )
        seat(title="Another's", email="ben@example.org")

    assert sorted(list_entries(client, token)) == ["One", "Two"]


def test_feed_opens_the_door_of_its_own_link_alone(app, client):
    with app.app_context():
        token = seat(title="One")
        other = seat(title="Two", slug="two")

    content = client.get(f"/r/{token}/feed.ics").text
    entries = list_entries(client, token)

    assert other not in content
    assert entries["One"].location.value == f"http://localhost/r/{token}/join"
    assert entries["Two"].location.value == "http://localhost/webinars/two/"


def test_feed_has_the_uid_and_sequence_of_the_invitation(app, client):
    with app.app_context():
        token = seat(title="One", calendar_sequence=3)
        uid = db.session.query(Registration).one().uid

    entry = list_entries(client, token)["One"]

    assert (entry.uid.value, entry.sequence.value) == (f"{uid}@localhost", "5")
    assert entry.transp.value == "OPAQUE"
    assert not {"attendee", "organizer"} & set(entry.contents)


def test_webinar_that_is_called_off_is_shown_as_cancelled(app, client, stopped_clock):
    with app.app_context():
        token = seat(title="One")
        webinar = db.session.query(Registration).one().webinar
        with transaction():
            cancel_webinar(webinar, reason="", now=stopped_clock.forward(minutes=1))

    entry = list_entries(client, token)["One"]

    assert (entry.status.value, entry.sequence.value) == ("CANCELLED", "3")


def test_seat_that_is_given_up_vanishes_and_the_rest_stays(app, client, stopped_clock):
    with app.app_context():
        token = seat(title="One")
        seat(title="Two")
        registration = db.session.query(Registration).order_by(Registration.id).first()
        with transaction():
            cancel_registration(registration, now=stopped_clock.forward(minutes=1))

    assert list(list_entries(client, token)) == ["Two"]


def test_feed_without_a_seat_is_an_empty_calendar(app, client):
    with app.app_context():
        token = seat(status=RegistrationStatus.WAITING)

    assert list_entries(client, token) == {}


def test_feed_is_kept_by_nobody_and_open_to_no_other_token(app, client):
    with app.app_context():
        token = seat(status=RegistrationStatus.CONFIRMED)

    response = client.get(f"/r/{token}/feed.ics")

    assert response.mimetype == "text/calendar"
    assert response.headers["Cache-Control"] == "no-store"
    assert client.get("/r/nobody/feed.ics").status_code == 404


def test_feed_takes_the_same_number_of_queries_for_one_and_fifty(app, client, count_queries):
    with app.app_context():
        token = seat()
    one = count_queries(lambda: client.get(f"/r/{token}/feed.ics"))
    with app.app_context():
        for _ in range(49):
            seat()

    assert count_queries(lambda: client.get(f"/r/{token}/feed.ics")) == one


def test_feed_of_a_webinar_with_a_replay_stays(app, client):
    with app.app_context():
        token = seat(title="One")
        db.session.query(Registration).one().webinar.status = WebinarStatus.ENDED
        db.session.commit()

    assert list(list_entries(client, token)) == ["One"]
