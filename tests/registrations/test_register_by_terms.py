"""The form for registering, under each of the terms that an organiser can set."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from eventapp.core import limits
from eventapp.registrations.models import Registration, RegistrationMode, RegistrationStatus
from tests.factories import START, AccessCodeFactory
from tests.plugins.app import NOON
from tests.registrations.visits import (
    ADA,
    add_registration,
    add_webinar,
    read,
    text_of,
    without_token,
)

REGISTER = "/webinars/hubs/register"
INVITATION = {"mode": RegistrationMode.INVITATION}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def add_code(app, webinar_id, **changes):
    with app.app_context():
        return AccessCodeFactory(webinar_id=webinar_id, **changes).code


def register(client, **changes):
    return client.post(REGISTER, data={**ADA, **changes}, follow_redirects=True)


# -- from when until when ----------------------------------------------------------------------


def test_before_it_opens_the_page_says_when_and_has_no_form(app, client):
    add_webinar(app, policy={"opens_at": NOON + timedelta(days=2)})

    page = client.get(REGISTER)

    assert "isn't open yet" in text_of(page)
    assert "Thursday, 12 March 2026, 13:00" in text_of(page)
    assert 'datetime="2026-03-12T12:00:00+00:00"' in page.text
    assert 'name="email"' not in page.text


def test_form_opens_by_time_alone(app, client, stopped_clock):
    add_webinar(app, policy={"opens_at": NOON + timedelta(days=2)})
    too_early = register(client)
    stopped_clock.at(NOON + timedelta(days=2))

    in_time = register(client)

    assert "isn't open yet" in text_of(too_early)
    assert "Thank you" in text_of(in_time)
    assert read(app) == [RegistrationStatus.CONFIRMED]


def test_form_says_until_when_it_is_open(app, client):
    add_webinar(app, policy={"closes_at": NOON + timedelta(days=2)})

    page = text_of(client.get(REGISTER))

    assert "Registration closes on: Thursday, 12 March 2026, 13:00" in page


def test_form_is_closed_from_then_on(app, client):
    add_webinar(app, policy={"closes_at": NOON})

    page = register(client)

    assert "is closed" in text_of(page)
    assert read(app) == []


# -- approval ----------------------------------------------------------------------------------


def test_who_asks_to_come_is_told_that_an_organiser_decides(app, client, mail_server):
    add_webinar(app, policy={"mode": RegistrationMode.APPROVAL})

    form = text_of(client.get(REGISTER))
    answer = text_of(register(client))

    assert "The organiser decides who can come" in form
    assert "Ask to come" in form
    assert "The organiser decides who can come" in answer
    assert read(app) == [RegistrationStatus.REQUESTED]


# -- confirming the address --------------------------------------------------------------------


def test_answer_asks_to_confirm_the_address(app, client, mail_server):
    add_webinar(app, policy={"is_address_verified": True, "hold_minutes": 45})

    answer = text_of(register(client))

    assert "confirm your address within 45 minutes. A seat is held for you" in answer
    assert read(app) == [RegistrationStatus.UNVERIFIED]


# -- codes -------------------------------------------------------------------------------------


def test_mailed_link_fills_in_the_code(app, client):
    add_webinar(app, policy=INVITATION)

    page = client.get(f"{REGISTER}?code=AB%22CD1234").text

    assert re.search(r'<input[^>]* name="code"[^>]* value="AB&#34;CD1234"', page)


def test_only_who_is_invited_is_asked_for_a_code(app, client):
    add_webinar(app)

    page = client.get(f"{REGISTER}?code=ABCD1234").text

    assert 'name="code"' not in page


def test_code_lets_in_however_it_is_typed(app, client, mail_server):
    webinar_id = add_webinar(app, policy=INVITATION)
    add_code(app, webinar_id, code="SPRING2026")

    register(client, code=" spring-2026 ")

    assert read(app) == [RegistrationStatus.CONFIRMED]


def test_every_code_that_lets_nobody_in_gets_the_same_answer(app, client):
    webinar_id = add_webinar(app, policy=INVITATION)
    used = add_code(app, webinar_id, most_uses=1)
    revoked = add_code(app, webinar_id, revoked_at=NOON)
    others = add_code(app, webinar_id, email="ben@example.org", email_key="ben@example.org")
    register(client, code=used, email="cleo@example.org")

    answers = {
        unescape(without_token(register(client, code=code))).replace(code, "CODE")
        for code in ("WRONG12345", used, revoked, others)
    }

    assert len(answers) == 1
    assert "This code doesn't work here." in answers.pop()
    assert read(app, Registration.email) == ["cleo@example.org"]


def test_missing_code_is_asked_for_at_its_field(app, client):
    add_webinar(app, policy=INVITATION)

    page = register(client).text

    assert 'href="#code"' in page
    assert "please enter the code you were sent" in page


def test_guessing_codes_ends_soon_also_for_who_guesses_right(app, client, limited, stopped_clock):
    webinar_id = add_webinar(app, policy=INVITATION)
    right = add_code(app, webinar_id)
    register(client, code="WRONG12345")
    with app.app_context():
        for _ in range(29):
            limits.take(limits.WRONG_CODES, "code", str(webinar_id), "127.0.0.1")

    answer = text_of(register(client, code=right))

    assert "Too many codes that don't work were tried" in answer
    assert read(app) == []


def test_of_codes_tried_at_the_same_time_only_so_many_are_answered(
    app, client, limited, stopped_clock, monkeypatch
):
    webinar_id = add_webinar(app, policy=INVITATION)
    with app.app_context():
        for _ in range(30):
            limits.take(limits.WRONG_CODES, "code", str(webinar_id), "127.0.0.1")
    # As seen by who looked before the others were counted.
    monkeypatch.setattr(limits, "is_used_up", lambda *_: False)

    answer = text_of(register(client, code="WRONG12345"))

    assert "Too many codes that don't work were tried" in answer
    assert "This code doesn't work here" not in answer


def test_one_mailbox_is_written_to_only_so_often(app, client, limited, stopped_clock):
    add_webinar(app)

    for n in range(12):
        register(client, email=f"Bombed+{n}@mail.example")
    others = register(client, email="ada@mail.example")

    assert len(read(app)) == 11
    assert "Thank you" in text_of(others)


# -- nothing tells who is registered -----------------------------------------------------------


@pytest.mark.parametrize(
    "policy",
    [
        {},
        {"mode": RegistrationMode.APPROVAL},
        {"is_address_verified": True},
        {"largest_group": 3},
    ],
)
@pytest.mark.parametrize("status", list(RegistrationStatus))
def test_answer_is_the_same_byte_by_byte(app, client, mail_server, policy, status):
    webinar_id = add_webinar(app, policy=policy)
    unknown = register(client)
    add_registration(app, webinar_id, email="ben@example.org", status=status)

    known = register(client, email="ben@example.org")

    assert known.data.replace(b"ben@", b"ada@") == unknown.data
    assert known.status_code == unknown.status_code


def test_writing_takes_the_same_statements_give_or_take_the_row(
    app, client, mail_server, count_queries
):
    add_webinar(app, capacity=10)
    data = {**ADA, "email": "zoe@example.org"}
    client.post(REGISTER, data=ADA)
    for_new = count_queries(lambda: client.post(REGISTER, data=data))

    for_known = count_queries(lambda: client.post(REGISTER, data=data))

    assert abs(for_new - for_known) <= 2


# -- hostile and strange -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        {"name": "\x00", "email": "\x00@\x00"},
        {"others-²-name": "Ben", "others-99999999999999999999-name": "Ben", "others--name": "Ben"},
        {"others-0-name": "<script>alert(1)</script>", "others-0-email": "x"},
        {"others": "x", "others-0": "x", "add": "x" * 1000},
        {"remove": "-1"},
        {"remove": "²"},
        {"remove": "9" * 5000},
        {"code": "\x00" * 90},
        {"name": "x" * 60_000},
    ],
    ids=lambda data: ",".join(data)[:40],
)
@pytest.mark.parametrize("policy", [{}, {"largest_group": 3}, INVITATION])
def test_hostile_forms_get_an_answer(app, client, data, policy):
    add_webinar(app, policy=policy)

    answer = client.post(REGISTER, data={**ADA, "email": "no address", **data})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert read(app) == []


def test_form_names_the_webinars_zone_and_carries_the_moment(app, client):
    add_webinar(app, time_zone="Asia/Kolkata")

    page = client.get(REGISTER)

    assert "Tuesday, 24 March 2026, 15:00" in text_of(page)
    assert f'datetime="{START.isoformat(timespec="seconds")}"' in page.text
