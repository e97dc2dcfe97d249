from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from eventapp.core.db import db
from eventapp.registrations.models import RegistrationMode
from eventapp.registrations.queries import get_policy
from eventapp.webinars.models import Webinar
from tests.registrations.desk import add_people, add_webinar, read, set_policy, text_of

TERMS = {
    "mode": "open",
    "opens_local": "",
    "closes_local": "",
    "hold_minutes": "60",
    "promotion": "at_once",
    "offer_hours": "24",
    "largest_group": "1",
    "join_opens_minutes": "30",
}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def path_of(webinar_id):
    return f"/manage/webinars/{webinar_id}/registrations/terms"


def read_policy(app, webinar_id):
    with app.app_context():
        return get_policy(webinar_id)


def test_organiser_saves_terms_and_reads_what_they_mean(app, organiser):
    webinar_id = add_webinar(app, capacity=10)

    response = organiser.post(
        path_of(webinar_id),
        data={
            **TERMS,
            "mode": "approval",
            "closes_local": "2026-03-20T18:00",
            "promotion": "offer",
            "offer_hours": "12",
            "largest_group": "5",
        },
        follow_redirects=True,
    )

    policy = read_policy(app, webinar_id)
    assert (policy.mode, policy.offer_hours, policy.largest_group) == (
        RegistrationMode.APPROVAL,
        12,
        5,
    )
    assert policy.closes_at == datetime(2026, 3, 20, 17, 0, tzinfo=UTC)
    assert (
        "Saved. Anyone may ask to come, and you decide. Registration closes on Friday, 20 March "
        "2026, 18:00. A seat that becomes free is offered to the first who waits, for 12 hours."
    ) in text_of(response)


def test_closing_time_after_the_end_is_said_to_change_nothing(app, client, organiser):
    webinar_id = add_webinar(app)

    response = organiser.post(
        path_of(webinar_id),
        data={**TERMS, "closes_local": "2026-04-20T18:00"},
        follow_redirects=True,
    )

    assert "so registration closes with the webinar." in text_of(response)
    assert "closes on" not in text_of(response)
    assert "Register by" not in client.get("/webinars/hubs/").text
    assert "Registration closes on" not in client.get("/webinars/hubs/register").text


def test_terms_are_shown_as_local_times(app, organiser):
    webinar_id = add_webinar(app)
    set_policy(app, webinar_id, opens_at=datetime(2026, 3, 12, 8, 0, tzinfo=UTC))

    page = organiser.get(path_of(webinar_id)).text

    assert re.search(r'value="2026-03-12.09:00', page)


def test_second_of_two_local_times_stays_where_nobody_touched_it(app, organiser):
    second = datetime(2026, 10, 25, 1, 30, 20, tzinfo=UTC)
    ends_at = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
    webinar_id = add_webinar(app, starts_at=second, ends_at=ends_at)
    set_policy(app, webinar_id, closes_at=second)

    organiser.post(path_of(webinar_id), data={**TERMS, "closes_local": "2026-10-25T02:30"})

    assert read_policy(app, webinar_id).closes_at == second


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"opens_local": "2026-03-20T10:00", "closes_local": "2026-03-19T10:00"}, "has to close"),
        ({"closes_local": "2026-03-29T02:30"}, "doesn't exist"),
        ({"opens_local": "2026-03-24T12:00"}, "is over by then"),
        ({"opens_local": "0001-01-01T00:00"}, "check the year"),
        ({"hold_minutes": "0"}, "from 5 to 10,080"),
        ({"offer_hours": "9" * 30}, "Not a valid integer"),
        ({"largest_group": "51"}, "from 1 to 50"),
        ({"join_opens_minutes": "-1"}, "from 0 to 1,440"),
        ({"mode": "nobody"}, "Not a valid choice"),
    ],
)
def test_mistakes_in_terms_are_said(app, organiser, changes, said):
    webinar_id = add_webinar(app)

    response = organiser.post(path_of(webinar_id), data={**TERMS, **changes})

    assert said in text_of(response)
    assert "Please check the following" in text_of(response)
    assert read_policy(app, webinar_id).opens_at is None


def test_fewer_seats_throw_nobody_out_and_say_so(app, organiser):
    webinar_id = add_webinar(app, capacity=5)
    add_people(app, webinar_id, *["confirmed"] * 3)
    path = f"/manage/webinars/{webinar_id}/edit"
    with app.app_context():
        webinar = db.session.get_one(Webinar, webinar_id)
        form = {
            "title": webinar.title,
            "starts_local": "2026-03-24T10:30",
            "ends_local": "2026-03-24T12:00",
            "time_zone": "Europe/Brussels",
            "language": "en",
            "join_url": webinar.join_url,
            "room_access": "open",
            "contact_email": webinar.contact_email,
            "seen_at": webinar.updated_at.isoformat(),
        }

    response = organiser.post(path, data={**form, "capacity": "1"}, follow_redirects=True)

    assert (
        "3 people have a seat, 2 more than there are seats now. Nobody loses theirs: the next 2 "
        "seats that become free stay free."
    ) in text_of(response)
    assert read(app) == ["confirmed"] * 3
