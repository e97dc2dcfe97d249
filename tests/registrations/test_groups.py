"""One person registers several."""

from __future__ import annotations

import re

import pytest

from eventapp.registrations.models import Registration, RegistrationStatus
from tests.plugins.mail import work_through
from tests.registrations.visits import ADA, add_registration, add_webinar, read, text_of

REGISTER = "/webinars/hubs/register"
BEN = {"others-0-name": "Ben", "others-0-email": "ben@example.org"}
CLEO = {"others-1-name": "Cleo", "others-1-email": "cleo@example.org"}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def post(client, **data):
    return client.post(REGISTER, data={**ADA, **data}, follow_redirects=True)


def rows_in(response):
    main = response.text.partition("<template")[0]
    return re.findall(r'name="others-(\d+)-name"', main)


def test_alone_there_is_nobody_to_add(app, client):
    add_webinar(app)

    assert "Register colleagues too" not in client.get(REGISTER).text


def test_people_are_added_and_left_out_by_the_forms_buttons(app, client):
    add_webinar(app, policy={"largest_group": 3})

    none = client.get(REGISTER)
    one = post(client, add="person")
    two = post(client, **BEN, add="person")
    full = post(client, **BEN, **CLEO, add="person")
    less = post(client, **BEN, **CLEO, remove="0")

    assert [rows_in(page) for page in (none, one, two, full, less)] == [
        [],
        ["0"],
        ["0", "1"],
        ["0", "1"],
        ["1"],
    ]
    assert 'value="Cleo"' in less.text
    assert 'value="Ben"' not in less.text
    assert "data-group-add-row hidden" in full.text
    assert read(app) == []


def test_everybody_gets_a_registration_and_a_message_of_their_own(app, client, mail_server):
    add_webinar(app, policy={"largest_group": 3})

    answer = post(client, time_zone="Europe/Lisbon", **BEN, **CLEO)
    with app.app_context():
        work_through()

    assert "ada@example.org and to 2 other people, each with a link of their own" in text_of(answer)
    assert read(app, Registration.name) == ["Ada", "Ben", "Cleo"]
    assert read(app, Registration.time_zone) == ["Europe/Lisbon", "", ""]
    [ada, *_] = read(app, Registration.id)
    assert read(app, Registration.registered_by_id) == [None, ada, ada]
    assert sorted(mail.recipients[0] for mail in mail_server.mails) == [
        "ada@example.org",
        "ben@example.org",
        "cleo@example.org",
    ]


def test_row_left_empty_is_nobody(app, client, mail_server):
    add_webinar(app, policy={"largest_group": 3})

    post(client, **{"others-0-name": " ", "others-0-email": ""}, **CLEO)

    assert read(app, Registration.name) == ["Ada", "Cleo"]


@pytest.mark.parametrize(
    ("data", "link", "said"),
    [
        ({"others-0-email": "ben@"}, "others-0-email", "Person 2: E-mail address"),
        ({"others-0-name": ""}, "others-0-name", "Person 2: Name"),
        ({"others-1-name": "www.evil.example"}, "others-1-name", "Person 3: Name"),
        ({"others-1-email": "Ben@Example.org"}, "others-1-email", "is there twice"),
        ({"others-0-email": "ADA@example.org"}, "others-0-email", "is there twice"),
    ],
)
def test_mistake_points_to_the_person_and_nobody_is_registered(app, client, data, link, said):
    add_webinar(app, policy={"largest_group": 3})

    answer = post(client, **{**BEN, **CLEO, **data})

    assert f'href="#{link}"' in answer.text
    assert said in text_of(answer)
    assert read(app) == []


def test_too_large_a_group_is_refused_whole(app, client):
    add_webinar(app, policy={"largest_group": 2})

    answer = post(client, **BEN, **CLEO)

    assert "at most 2 people together" in text_of(answer)
    assert read(app) == []


def test_seats_go_in_the_order_of_the_form(app, client, mail_server):
    add_webinar(app, capacity=2, policy={"largest_group": 3})

    post(client, **BEN, **CLEO)

    assert read(app) == [
        RegistrationStatus.CONFIRMED,
        RegistrationStatus.CONFIRMED,
        RegistrationStatus.WAITING,
    ]


def test_answer_does_not_tell_that_a_colleague_is_registered(app, client, mail_server):
    webinar_id = add_webinar(app, policy={"largest_group": 3})
    unknown = post(client, **BEN)
    add_registration(app, webinar_id, email="cleo@example.org")

    known = post(client, **{"others-0-name": "Cleo", "others-0-email": "cleo@example.org"})

    assert known.data == unknown.data


def test_no_more_rows_are_made_than_there_may_be(app, client):
    add_webinar(app, policy={"largest_group": 3})
    rows = {f"others-{number}-name": "x" for number in range(900)}

    answer = post(client, **rows)

    assert len(rows_in(answer)) == 3
    assert read(app) == []
