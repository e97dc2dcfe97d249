"""Whatever happens, and however late the messages are written: calendars show what is true."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.tokens import derive_token
from eventapp.registrations import actions
from eventapp.registrations.actions import Attendee
from eventapp.registrations.models import (
    CancelledBy,
    Promotion,
    RegistrationMode,
    RegistrationStatus,
)
from eventapp.registrations.queries import find_by_key
from eventapp.registrations.rules import Policy
from eventapp.webinars.actions import WebinarDetails, cancel_webinar, edit_webinar
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START, WebinarFactory
from tests.plugins.app import NOON
from tests.registrations.calendar_client import CalendarClient

PEOPLE = ("ada", "ben", "cleo")
# The second half hour of a night that has it twice, and the one before an hour that isn't there.
FOLD = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
GAP = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
CHANGES = (
    {"title": "Hubs, again; \\n and again"},
    {"title": "Creative hubs"},
    {"starts_at": START + timedelta(hours=2), "ends_at": START + timedelta(hours=3)},
    {"starts_at": START, "ends_at": START + timedelta(hours=1)},
    {"starts_at": FOLD, "ends_at": FOLD + timedelta(hours=1)},
    {"starts_at": GAP, "ends_at": GAP + timedelta(hours=1)},
    {"time_zone": "America/New_York"},
    {"time_zone": "Europe/Brussels"},
    {"time_zone": "UTC"},
    {"join_url": "https://meet.example.org/other"},
    {"summary": "Other words"},
    {"capacity": 1},
    {"capacity": 2},
    {"capacity": None},
)
STEPS = st.one_of(
    st.tuples(st.just("register"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("cancel"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("rename"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("verify"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("approve"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("decline"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("accept"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("come back"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("organiser cancels"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("edit"), st.sampled_from(CHANGES)),
    st.tuples(st.just("a day passes"), st.none()),
    st.tuples(st.just("write messages"), st.none()),
)
POLICIES = st.builds(
    Policy,
    mode=st.sampled_from([RegistrationMode.OPEN, RegistrationMode.APPROVAL]),
    is_address_verified=st.booleans(),
    promotion=st.sampled_from(Promotion),
)
OF_ONE_PERSON: dict[str, Callable[..., object]] = {
    "cancel": actions.cancel_registration,
    "verify": actions.verify_address,
    "approve": actions.approve_registration,
    "decline": actions.decline_registration,
    "accept": actions.accept_offer,
    "come back": actions.register_again,
    "organiser cancels": partial(actions.cancel_registration, by=CancelledBy.ORGANISER),
    "rename": partial(actions.change_attendee, name="Another", affiliation="Hubs"),
}


@pytest.fixture(autouse=True)
def _clock(stopped_clock):
    """Stand still, two weeks before the webinars of the factories."""


def take_step(webinar: Webinar, step: str, what, *, now: datetime) -> None:
    registration = find_by_key(webinar.id, f"{what}@example.org") if what in PEOPLE else None
    with transaction():
        if step == "register":
            attendee = Attendee(name=what.title(), email=f"{what}@example.org")
            actions.register_attendee(webinar, attendee, now=now)
        elif step == "edit":
            fields = WebinarDetails.__dataclass_fields__
            details = WebinarDetails(**{name: getattr(webinar, name) for name in fields})
            edit_webinar(webinar, replace(details, **what), now=now)
        elif registration is not None:
            OF_ONE_PERSON[step](registration, now=now)
        elif step == "a day passes":
            actions.settle_seats(webinar.id, now=now)
        elif step == "call off":
            cancel_webinar(webinar, reason="The speaker is ill.", now=now)


def shown(calendar: CalendarClient):
    return [
        (e.uid, e.title, e.starts_at, e.ends_at, e.address, e.attendee)
        for e in calendar.entries.values()
    ]


def true_state(webinar: Webinar, person: str):
    registration = find_by_key(webinar.id, f"{person}@example.org")
    if (
        registration is None
        or registration.status != RegistrationStatus.CONFIRMED
        or webinar.status == WebinarStatus.CANCELLED
    ):
        return []
    token = derive_token("registration", registration.uid)
    return [
        (
            f"{registration.uid}@localhost",
            " ".join(webinar.title.split()),
            webinar.starts_at,
            webinar.ends_at,
            f"http://localhost/r/{token}/join",
            f"mailto:{person}@example.org",
        )
    ]


@given(steps=st.lists(STEPS, max_size=14), policy=POLICIES, is_called_off=st.booleans())
@example(
    # A seat is given up and wanted back before anybody is told; meanwhile it is another's.
    steps=[
        ("register", "ada"),
        ("register", "ben"),
        ("write messages", None),
        ("cancel", "ada"),
        ("register", "ada"),
        ("write messages", None),
        ("cancel", "ben"),
    ],
    policy=Policy(),
    is_called_off=False,
)
@example(
    # The same, and an offer that nobody takes up.
    steps=[
        ("register", "ada"),
        ("register", "ben"),
        ("write messages", None),
        ("cancel", "ada"),
        ("come back", "ada"),
        ("write messages", None),
        ("a day passes", None),
        ("accept", "ada"),
    ],
    policy=Policy(promotion=Promotion.OFFER),
    is_called_off=False,
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@pytest.mark.every_engine
def test_calendars_show_the_database_whatever_happens(
    mail_server, work, stopped_clock, steps, policy, is_called_off
):
    stopped_clock.at(NOON)
    webinar = WebinarFactory(capacity=1, title="Creative hubs")
    with transaction():
        actions.save_policy(webinar, policy, now=stopped_clock())
    calendars = {person: CalendarClient() for person in PEOPLE}
    last = [("call off", None)] if is_called_off else []

    for step, what in [*steps, *last, ("write messages", None)]:
        now = stopped_clock.forward(seconds=5, days=int(step == "a day passes"))
        if step != "write messages":
            with suppress(Refusal):
                take_step(webinar, step, what, now=now)
            continue
        mail_server.empty()
        work()
        for mail in mail_server.mails:
            calendars[mail.recipients[0].partition("@")[0]].receive(mail.message)

        assert {person: shown(calendars[person]) for person in PEOPLE} == {
            person: true_state(webinar, person) for person in PEOPLE
        }


SEQUENCE_RISES = [
    ("title", {"title": "Another title"}, 1),
    ("start", {"starts_at": START + timedelta(minutes=5)}, 1),
    ("end", {"ends_at": START + timedelta(minutes=95)}, 1),
    ("zone", {"time_zone": "Europe/Lisbon"}, 1),
    ("place", {"join_url": "https://meet.example.org/other"}, 1),
    ("summary", {"summary": "Other words"}, 0),
    ("description", {"description": "Other words"}, 0),
    ("contact", {"contact_name": "Somebody", "contact_email": "else@example.org"}, 0),
    ("capacity", {"capacity": 5}, 0),
    ("nothing", {}, 0),
]


@pytest.mark.parametrize(
    ("changes", "rise"), [row[1:] for row in SEQUENCE_RISES], ids=[row[0] for row in SEQUENCE_RISES]
)
def test_sequence_rises_with_time_title_and_place_alone(in_app, stopped_clock, changes, rise):
    webinar = WebinarFactory()

    take_step(webinar, "edit", changes, now=stopped_clock.forward(minutes=1))

    assert webinar.calendar_sequence == rise


@pytest.mark.every_engine
def test_sequence_rises_with_every_change_of_status_and_not_with_a_name(in_app, stopped_clock):
    webinar = WebinarFactory(capacity=1)
    seen = []

    for step, person in [
        ("register", "ben"),
        ("register", "ada"),
        ("rename", "ada"),
        ("cancel", "ben"),
        ("cancel", "ada"),
        ("register", "ada"),
        ("register", "ada"),
    ]:
        take_step(webinar, step, person, now=stopped_clock.forward(minutes=1))
        ada = find_by_key(webinar.id, "ada@example.org")
        seen.append((ada.status.value, ada.sequence) if ada else None)

    assert seen == [
        None,
        ("waiting", 0),
        ("waiting", 0),
        ("confirmed", 1),
        ("cancelled", 2),
        ("confirmed", 3),
        ("confirmed", 3),
    ]
