"""The attendee's own door, wherever they stand."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from eventapp.core.db import db
from eventapp.form_fields.forms.answering import name_of
from eventapp.form_fields.models import FieldKind
from eventapp.registrations import sweeps
from eventapp.registrations.models import (
    CancelledBy,
    FieldAnswer,
    Promotion,
    Registration,
    RegistrationMode,
    RegistrationStatus,
)
from eventapp.webinars.models import WebinarStatus
from tests.factories import EARLIER, START, FormFieldFactory
from tests.plugins.app import NOON
from tests.plugins.mail import work_through
from tests.registrations.calendar_client import read_itip
from tests.registrations.visits import ADA, add_registration, add_webinar, read, text_of

UNVERIFIED, REQUESTED, WAITING, OFFERED, CONFIRMED, DECLINED, CANCELLED = RegistrationStatus
VERIFIED = {"is_address_verified": True}
OFFERS = {"promotion": Promotion.OFFER, "offer_hours": 24}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def add_door(app, *, policy=None, webinar=None, **changes):
    webinar_id = add_webinar(app, policy=policy, **(webinar or {}))
    return add_registration(app, webinar_id, name="Ada", **changes)


def sweep(app):
    with app.app_context():
        sweeps.settle_lapsed_seats()
        work_through()


# -- what it says ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "said", "offered", "not_offered"),
    [
        ({"status": UNVERIFIED}, "please confirm", "Confirm my address", "In your calendar"),
        ({"status": REQUESTED}, "we have your request", "Withdraw my request", "Take the seat"),
        ({"status": WAITING}, "you are number 1", "Cancel my registration", "Take the seat"),
        (
            {"status": OFFERED, "held_until": NOON + timedelta(hours=1)},
            "it is kept for you",
            "Take the seat",
            "In your calendar",
        ),
        ({"status": CONFIRMED}, "you have a seat", "In your calendar", "Confirm my address"),
        ({"status": DECLINED}, "can't offer you a seat", "About the webinar", "Register again"),
        ({"status": CANCELLED}, "registration is cancelled", "Register again", "Your details"),
        (
            {"status": CANCELLED, "cancelled_by": CancelledBy.LAPSE},
            "went to the next person",
            "Register again",
            "Take the seat",
        ),
        (
            {"status": CANCELLED, "cancelled_by": CancelledBy.ORGANISER},
            "the organiser has cancelled",
            "About the webinar",
            "Register again",
        ),
        (
            {"status": OFFERED, "held_until": NOON},
            "went to the next person",
            "Register again",
            "Take the seat",
        ),
    ],
)
def test_door_says_where_one_stands(app, client, values, said, offered, not_offered):
    door = add_door(app, **values)

    page = text_of(client.get(f"{door}/"))

    assert said in page
    assert offered in page
    assert not_offered not in page


@pytest.mark.parametrize("status", list(RegistrationStatus))
@pytest.mark.parametrize(
    "webinar", [{"status": WebinarStatus.CANCELLED}, {"status": WebinarStatus.ENDED}]
)
def test_nothing_is_left_to_do_when_it_is_over(app, client, status, webinar):
    door = add_door(app, webinar=webinar, status=status)

    page = text_of(client.get(f"{door}/"))

    for button in ("Confirm my", "Take the seat", "Register again", "Cancel my", "Join the"):
        assert button not in page
    assert "Erase my data" in page


@pytest.mark.parametrize(
    ("status", "label"), [(UNVERIFIED, "A seat is held for you"), (OFFERED, "Please answer by")]
)
def test_deadline_is_said_in_both_zones(app, client, status, label):
    door = add_door(
        app, status=status, held_until=NOON + timedelta(hours=1), time_zone="America/New_York"
    )

    page = text_of(client.get(f"{door}/"))

    assert label in page
    assert "Tuesday, 10 March 2026, 14:00 Central European Standard Time (Brussels)" in page
    assert "Your time: Tuesday, 10 March 2026, 09:00, Eastern Daylight Time (New York)" in page


def test_way_in_opens_as_the_terms_say(app, client, stopped_clock):
    door = add_door(app, policy={"join_opens_minutes": 5})
    stopped_clock.at(START - timedelta(minutes=6))
    early = client.get(f"{door}/join").location
    page = text_of(client.get(f"{door}/"))
    stopped_clock.at(START - timedelta(minutes=5))

    in_time = client.get(f"{door}/join")

    assert early == f"{door}/"
    moment = "Tuesday, 24 March 2026, 10:25 Central European Standard Time (Brussels)"
    assert f"opens here at: {moment}" in page
    assert "Join as Ada" in text_of(in_time)


# -- confirming the address --------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("rest", ["/", "/verify", "/accept", "/cancel", "/erase", "/join"])
def test_following_a_link_changes_nothing(app, client, method, rest):
    door = add_door(app, policy=VERIFIED, status=UNVERIFIED)

    client.open(f"{door}{rest}", method=method)

    assert read(app) == [UNVERIFIED]


@pytest.mark.parametrize(
    ("mode", "capacity", "said"),
    [
        (RegistrationMode.APPROVAL, 9, "the organiser decides whether you can come"),
        (RegistrationMode.OPEN, 9, "a seat if one is free, otherwise a place on the waiting list"),
        (RegistrationMode.OPEN, None, "When you confirm, you have a seat."),
    ],
)
def test_who_confirms_reads_what_follows(app, client, mode, capacity, said):
    door = add_door(
        app, policy={**VERIFIED, "mode": mode}, webinar={"capacity": capacity}, status=UNVERIFIED
    )

    page = text_of(client.get(f"{door}/"))

    assert said in page
    assert ("waiting list" in page) is ("waiting list" in said)


def test_button_confirms_the_address(app, client, mail_server):
    door = add_door(app, policy=VERIFIED, status=UNVERIFIED)

    answer = client.post(f"{door}/verify", follow_redirects=True)

    assert "Ada, you have a seat." in text_of(answer)
    assert read(app) == [CONFIRMED]


def test_confirming_twice_is_confirming_once(app, client):
    door = add_door(app, policy=VERIFIED, status=UNVERIFIED)
    client.post(f"{door}/verify")

    answer = client.post(f"{door}/verify", follow_redirects=True)

    assert "Your address is confirmed already." in text_of(answer)
    assert read(app, Registration.sequence) == [1]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (CONFIRMED, "You are registered already. There is nothing to confirm."),
        ("cancelled", "You are no longer registered, so there is nothing to confirm."),
        ("declined", "You are no longer registered, so there is nothing to confirm."),
    ],
)
def test_address_is_said_to_be_confirmed_only_where_it_is(app, client, status, said):
    door = add_door(app, policy=VERIFIED, status=status)

    answer = client.post(f"{door}/verify", follow_redirects=True)

    assert said in text_of(answer)
    assert "address is confirmed" not in text_of(answer)
    assert read(app, Registration.verified_at) == [None]


@pytest.mark.parametrize(
    ("status", "step", "said"),
    [
        (CONFIRMED, "accept", "You have a seat already. There is nothing left to do."),
        (CONFIRMED, "again", "You are registered already. There is nothing left to do."),
        (REQUESTED, "again", "You are registered already. There is nothing left to do."),
        (DECLINED, "again", "Nothing was changed: only an organiser can let you in now."),
    ],
)
def test_step_that_does_nothing_says_so(app, client, status, step, said):
    door = add_door(app, status=status)

    answer = text_of(client.post(f"{door}/{step}", follow_redirects=True))

    assert said in answer
    assert [words in answer for words in ("The seat is yours", "Welcome back")] == [False, False]
    assert read(app) == [status]


def test_who_comes_too_late_to_confirm_is_told_so(app, client):
    door = add_door(app, webinar={"status": WebinarStatus.ENDED}, policy=VERIFIED, status="waiting")
    with app.app_context():
        db.session.query(Registration).one().status = UNVERIFIED
        db.session.commit()

    answer = client.post(f"{door}/verify", follow_redirects=True)

    assert "This webinar is over" in text_of(answer)
    assert read(app) == [UNVERIFIED]


def add_consent(app):
    """Add an answer and a consent that were typed with the only registration's address."""
    with app.app_context():
        [registration] = db.session.query(Registration)
        for kind, label, value, text, agreed in (
            (FieldKind.SHORT_TEXT, "Town", "Gent", "Gent", ""),
            (FieldKind.CONSENT, "Photos", True, "yes", "You may film me."),
        ):
            field = FormFieldFactory(
                webinar=registration.webinar, kind=kind, label=label, consent_text=agreed
            )
            answer = {"label": label, "value": value, "text": text, "agreed_text": agreed}
            registration.answers.append(FieldAnswer(field=field, answered_at=EARLIER, **answer))
        db.session.commit()
        return [answer.field_id for answer in registration.answers]


def test_who_confirms_sees_what_was_typed_with_their_address(app, client):
    door = add_door(app, policy=VERIFIED, status=UNVERIFIED, affiliation="Engine")
    add_consent(app)

    page = client.get(f"{door}/")

    [panel] = re.findall(r'<dl class="facts">.*?</dl>', page.text, re.DOTALL)
    said = " ".join(re.sub(r"<[^>]+>", " ", panel).split())
    assert said == "Name Ada Organisation Engine Town Gent Photos yes You may film me."
    assert page.text.index(panel) < page.text.index("Confirm my address")


def test_who_confirms_corrects_what_was_typed_and_takes_a_consent_back(app, client):
    door = add_door(app, policy=VERIFIED, status=UNVERIFIED)
    town, _consent = add_consent(app)

    client.post(f"{door}/", data={"name": "Ada L.", "affiliation": "", name_of(town): "Lund"})
    client.post(f"{door}/verify")

    assert read(app, Registration.name) == ["Ada L."]
    assert read(app) == [CONFIRMED]
    with app.app_context():
        assert [answer.text for answer in db.session.query(FieldAnswer)] == ["Lund"]


def test_what_was_typed_is_shown_to_nobody_who_has_confirmed(app, client):
    door = add_door(app, status=CONFIRMED)
    add_consent(app)

    page = client.get(f"{door}/").text

    assert "This was typed with your address" not in page


@pytest.mark.every_engine
def test_seat_held_for_too_long_goes_to_who_waits(app, client, mail_server, stopped_clock):
    add_webinar(app, capacity=1, policy={**VERIFIED, "hold_minutes": 60})
    client.post("/webinars/hubs/register", data=ADA)
    client.post("/webinars/hubs/register", data={**ADA, "name": "Ben", "email": "ben@example.org"})
    sweep(app)
    ada, ben = doors_in(mail_server)
    client.post(f"{ben}/verify")
    before = read(app)
    stopped_clock.forward(minutes=60)
    sweep(app)

    late = client.post(f"{ada}/verify", follow_redirects=True)

    assert before == [UNVERIFIED, WAITING]
    assert read(app) == [WAITING, CONFIRMED]
    assert "Ada, you are number 1 on the waiting list." in text_of(late)


def doors_in(mail_server):
    """Return the doors named in the messages, each once, in order."""
    found = {}
    for message in mail_server.messages:
        text = message.get_body(("plain",)).get_content()
        path = text.partition("http://localhost/r/")[2].partition("/")[0]
        found[f"/r/{path}"] = True
    return list(found)


# -- offers ------------------------------------------------------------------------------------


@pytest.fixture
def offered(app, client, mail_server):
    """Ada has given up her seat, which is offered to Ben; Cleo waits after him. Ben's door."""
    add_webinar(app, capacity=1, policy=OFFERS)
    for name in ("Ada", "Ben", "Cleo"):
        mail = f"{name.lower()}@example.org"
        client.post("/webinars/hubs/register", data={**ADA, "name": name, "email": mail})
    sweep(app)
    ada, ben, _cleo = doors_in(mail_server)
    client.post(f"{ada}/cancel")
    sweep(app)
    return ben


@pytest.mark.every_engine
def test_offered_seat_is_taken(app, client, mail_server, offered):
    page = text_of(client.get(f"{offered}/"))

    answer = client.post(f"{offered}/accept", follow_redirects=True)
    sweep(app)

    assert "Please answer by: Wednesday, 11 March 2026, 13:00" in page
    assert "The seat is yours." in text_of(answer)
    assert read(app) == [CANCELLED, CONFIRMED, WAITING]
    assert mail_server.messages[-1]["Subject"] == "A seat for you: Creative hubs"
    assert read_itip(mail_server.messages[-1]).method.value == "REQUEST"


def test_offered_seat_is_given_on(app, client, mail_server, offered):
    question = text_of(client.get(f"{offered}/cancel"))

    client.post(f"{offered}/cancel")
    sweep(app)

    assert "Give up the seat that is kept for you?" in question
    assert read(app) == [CANCELLED, CANCELLED, OFFERED]
    subjects = [str(message["Subject"]) for message in mail_server.messages[-2:]]
    assert sorted(subjects) == [
        "A seat is kept for you: Creative hubs",
        "Your registration is cancelled: Creative hubs",
    ]


def test_offered_seat_lapses(app, client, mail_server, offered, stopped_clock):
    stopped_clock.forward(hours=24)
    unswept = client.post(f"{offered}/accept", follow_redirects=True)
    sweep(app)

    page = text_of(client.get(f"{offered}/"))

    assert "This offer has run out" in text_of(unswept)
    assert "went to the next person in line" in page
    assert read(app) == [CANCELLED, CANCELLED, OFFERED]


def test_who_let_an_offer_run_out_comes_back_at_the_end(app, client, offered, stopped_clock):
    stopped_clock.forward(hours=24)

    client.post(f"{offered}/again")

    assert read(app) == [CANCELLED, WAITING, OFFERED]


def test_who_never_confirmed_is_erased_by_cancelling(app, client, mail_server):
    door = add_door(app, status=UNVERIFIED)

    answer = client.post(f"{door}/cancel", follow_redirects=True)
    sweep(app)

    assert answer.status_code == 200
    assert "Your registration is cancelled." in text_of(answer)
    assert read(app) == []
    assert mail_server.messages == []


def test_who_comes_too_late_to_cancel_is_told_so(app, client):
    door = add_door(app, webinar={"status": WebinarStatus.ENDED})

    answer = client.post(f"{door}/cancel", follow_redirects=True)

    assert answer.status_code == 200
    assert "nothing left to cancel" in text_of(answer)
    assert read(app) == [CONFIRMED]


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ({}, "You can register again later"),
        ({"closes_at": NOON}, "to come back later, you would have to ask the organiser"),
    ],
)
def test_who_cancels_is_told_whether_they_can_come_back(app, client, policy, said):
    door = add_door(app, policy=policy)

    assert said in text_of(client.get(f"{door}/cancel"))


# -- coming back, and the link again -----------------------------------------------------------


def test_nobody_comes_back_once_registration_is_closed(app, client):
    door = add_door(app, policy={"closes_at": NOON}, status=CANCELLED)

    page = text_of(client.get(f"{door}/"))
    answer = client.post(f"{door}/again", follow_redirects=True)

    assert "Register again" not in page
    assert "Registration for this webinar is closed." in text_of(answer)
    assert read(app) == [CANCELLED]


def test_who_comes_back_where_an_organiser_decides_asks_again(app, client):
    door = add_door(app, policy={"mode": RegistrationMode.APPROVAL}, status=CANCELLED)

    answer = client.post(f"{door}/again", follow_redirects=True)

    assert "we have your request" in text_of(answer)


@pytest.mark.parametrize(
    ("values", "subject", "has_calendar"),
    [
        ({"status": CONFIRMED}, "Your link for Creative hubs", True),
        ({"status": WAITING}, "Your link for Creative hubs", False),
        ({"status": REQUESTED}, "Your link for Creative hubs", False),
        ({"status": CANCELLED}, "Your link for Creative hubs", False),
        ({"status": UNVERIFIED}, "Please confirm your address: Creative hubs", False),
    ],
)
def test_link_is_sent_again_at_most_every_quarter_of_an_hour(
    app, client, mail_server, stopped_clock, values, subject, has_calendar
):
    door = add_door(app, **values)
    answer = client.post(f"{door}/link", follow_redirects=True)
    client.post(f"{door}/link")
    sweep(app)
    at_once = len(mail_server.messages)
    stopped_clock.forward(minutes=15)

    client.post(f"{door}/link")
    sweep(app)

    assert "We are sending it to you" in text_of(answer)
    assert (at_once, len(mail_server.messages)) == (1, 2)
    assert mail_server.messages[0]["Subject"] == subject
    assert (read_itip(mail_server.messages[0]) is not None) == has_calendar


def test_link_is_not_sent_twice_around_the_quarter_of_an_hour(
    app, client, mail_server, stopped_clock
):
    door = add_door(app)
    stopped_clock.at(NOON + timedelta(minutes=14, seconds=59))
    client.post(f"{door}/link")
    sweep(app)
    stopped_clock.at(NOON + timedelta(minutes=15, seconds=1))

    client.post(f"{door}/link")
    sweep(app)

    assert len(mail_server.messages) == 1


def test_address_that_nobody_confirmed_is_written_to_three_times_in_all(
    app, client, mail_server, stopped_clock
):
    door = add_door(app, status=UNVERIFIED)

    for _ in range(5):
        client.post(f"{door}/link")
        sweep(app)
        stopped_clock.forward(minutes=15)

    assert len(mail_server.messages) == 3


def test_hostile_names_stay_words(app, client):
    door = add_door(app, affiliation='"><script>alert(1)</script>')

    assert "<script>alert" not in client.get(f"{door}/").text
