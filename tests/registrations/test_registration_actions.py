from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.outbox import OutboxJob
from eventapp.core.tokens import derive_token, hash_token
from eventapp.registrations import actions, queries, rules
from eventapp.registrations.actions import Attendee
from eventapp.registrations.models import CancelledBy, Registration, RegistrationStatus
from eventapp.registrations.refusals import (
    NameIsMissing,
    OrganiserHasCancelled,
    TooLateToCancel,
    WebinarIsOver,
)
from eventapp.webinars.actions import go_live
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START, RegistrationFactory, WebinarFactory

CONFIRMED, WAITING, CANCELLED = (
    RegistrationStatus.CONFIRMED,
    RegistrationStatus.WAITING,
    RegistrationStatus.CANCELLED,
)
NOW = START - timedelta(days=3)

pytestmark = pytest.mark.every_engine


def register(webinar: Webinar, name: str = "Ada", **changes: object) -> Registration:
    values = {"name": name, "email": f"{name.lower()}@example.org", "time_zone": "Europe/Lisbon"}
    now = changes.pop("now", NOW)
    with transaction():
        return actions.register_attendee(webinar, Attendee(**{**values, **changes}), now=now)


def cancel(registration: Registration, **changes: object) -> None:
    with transaction():
        actions.cancel_registration(registration, **{"now": NOW, **changes})


def list_events() -> list[tuple[str, object]]:
    jobs = db.session.scalars(sa.select(OutboxJob).order_by(OutboxJob.id))
    return [(job.event, job.payload.get("registration_id")) for job in jobs]


def test_newcomer_gets_a_seat(in_app):
    webinar = WebinarFactory(capacity=2)

    ada = register(webinar, " Ada \n Lovelace ", email="Ada@Example.org", affiliation=" Engine ")

    assert (ada.name, ada.email, ada.email_key) == (
        "Ada Lovelace",
        "Ada@example.org",
        "ada@example.org",
    )
    assert (ada.affiliation, ada.time_zone, ada.language) == ("Engine", "Europe/Lisbon", "en")
    assert (ada.status, ada.sequence, ada.confirmed_at) == (CONFIRMED, 0, NOW)
    assert list_events() == [("AttendeeRegistered", ada.id)]


def test_door_is_kept_by_its_hash_alone(in_app):
    ada = register(WebinarFactory())

    token = derive_token("registration", ada.uid)
    assert ada.token_hash == hash_token(token)
    stored = [
        str(value) for value in db.session.execute(sa.text("SELECT * FROM registrations")).one()
    ]
    assert token not in stored
    assert queries.get_registration_by_token(token).id == ada.id


def test_who_comes_after_the_last_seat_waits(in_app):
    webinar = WebinarFactory(capacity=1)
    register(webinar, "Ada")

    ben, cleo = register(webinar, "Ben"), register(webinar, "Cleo")

    assert (ben.status, ben.confirmed_at) == (WAITING, None)
    assert [queries.find_place_in_queue(r) for r in (ben, cleo)] == [1, 2]


def test_same_address_again_changes_nothing(in_app):
    webinar = WebinarFactory()
    ada = register(webinar)

    again = register(webinar, "Mallory", email="ADA@EXAMPLE.ORG")

    assert again.id == ada.id
    assert again.name == "Ada"
    assert list_events() == [("AttendeeRegistered", ada.id), ("AttendeeAskedAgain", ada.id)]


def test_same_address_may_come_to_another_webinar(in_app):
    first, second = register(WebinarFactory()), register(WebinarFactory())

    assert first.uid != second.uid


def test_cancelling_gives_the_seat_to_the_first_who_waits(in_app):
    webinar = WebinarFactory(capacity=1)
    ada, ben, cleo = (register(webinar, name) for name in ("Ada", "Ben", "Cleo"))
    before = len(list_events())

    cancel(ada)

    assert [r.status for r in (ada, ben, cleo)] == [CANCELLED, CONFIRMED, WAITING]
    assert (ada.sequence, ada.cancelled_at, ben.confirmed_at) == (1, NOW, NOW)
    assert list_events()[before:] == [
        ("RegistrationCancelled", ada.id),
        ("AttendeePromoted", ben.id),
    ]


def test_cancelling_twice_is_once(in_app):
    ada = register(WebinarFactory())
    cancel(ada)

    cancel(ada)

    assert ada.sequence == 1
    assert list_events() == [("AttendeeRegistered", ada.id), ("RegistrationCancelled", ada.id)]


@pytest.mark.every_engine
def test_organiser_keeps_who_had_cancelled_from_coming_back(in_app):
    ada = register(WebinarFactory())
    cancel(ada)

    cancel(ada, by=CancelledBy.ORGANISER)

    with pytest.raises(OrganiserHasCancelled), transaction():
        actions.register_again(ada, now=NOW)
    assert ada.sequence == 1


def test_attendee_takes_nothing_back_of_what_an_organiser_cancelled(in_app):
    ada = register(WebinarFactory())
    cancel(ada, by=CancelledBy.ORGANISER)

    cancel(ada)

    assert ada.cancelled_by == CancelledBy.ORGANISER


def test_giving_up_a_place_in_the_queue_frees_no_seat(in_app):
    webinar = WebinarFactory(capacity=1)
    ada, ben, cleo = (register(webinar, name) for name in ("Ada", "Ben", "Cleo"))

    cancel(ben)

    assert [r.status for r in (ada, ben, cleo)] == [CONFIRMED, CANCELLED, WAITING]
    assert queries.find_place_in_queue(cleo) == 1


def test_nothing_is_cancelled_after_the_end(in_app):
    ada = register(WebinarFactory())

    with pytest.raises(TooLateToCancel):
        cancel(ada, now=START + timedelta(hours=2))


def test_who_comes_back_keeps_the_uid_and_counts_on(in_app):
    webinar = WebinarFactory(capacity=1)
    ada = register(webinar)
    uid, token_hash = ada.uid, ada.token_hash
    cancel(ada)

    back = register(webinar, now=NOW + timedelta(hours=1))

    assert (back.id, back.uid, back.token_hash) == (ada.id, uid, token_hash)
    assert (back.status, back.sequence, back.cancelled_at) == (CONFIRMED, 2, None)


@pytest.mark.every_engine
def test_who_comes_back_is_who_they_were(in_app):
    webinar = WebinarFactory()
    ada = register(webinar, "Ada", email="Ada@example.org")
    cancel(ada)

    register(webinar, "Silly Ada", email="ADA@example.org", affiliation="Clowns", language="de")

    assert ada.status is CONFIRMED
    assert (ada.name, ada.email, ada.affiliation, ada.language) == (
        "Ada",
        "Ada@example.org",
        "",
        "en",
    )


def test_who_comes_back_stands_at_the_end_of_the_queue(in_app):
    webinar = WebinarFactory(capacity=1)
    ada, ben, cleo = (register(webinar, name) for name in ("Ada", "Ben", "Cleo"))
    cancel(ben)

    with transaction():
        actions.register_again(ben, now=NOW + timedelta(hours=1))

    assert [queries.find_place_in_queue(r) for r in (ada, cleo, ben)] == [None, 1, 2]


def test_coming_back_twice_is_once(in_app):
    ada = register(WebinarFactory())
    cancel(ada)
    for _ in range(2):
        with transaction():
            actions.register_again(ada, now=NOW)

    assert ada.sequence == 2


def test_more_seats_go_to_those_who_wait_before_newcomers(in_app):
    webinar = WebinarFactory(capacity=1)
    ada, ben, cleo = (register(webinar, name) for name in ("Ada", "Ben", "Cleo"))
    with transaction():
        webinar.capacity = 2

    dora = register(webinar, "Dora")

    assert [r.status for r in (ada, ben, cleo, dora)] == [CONFIRMED, CONFIRMED, WAITING, WAITING]


@pytest.mark.parametrize(("capacity", "promoted"), [(2, 1), (9, 2), (None, 2), (1, 0)])
def test_promotion_fills_the_seats_there_are(in_app, capacity, promoted):
    webinar = WebinarFactory(capacity=1)
    for name in ("Ada", "Ben", "Cleo"):
        register(webinar, name)
    with transaction():
        webinar.capacity = capacity

    with transaction():
        moved_up = actions.settle_seats(webinar.id, now=NOW)

    assert [r.name for r in moved_up] == ["Ben", "Cleo"][:promoted]


def test_nobody_moves_up_once_it_is_over(in_app):
    webinar = WebinarFactory(capacity=1)
    RegistrationFactory(webinar=webinar, status=WAITING, confirmed_at=None)

    with transaction():
        moved_up = actions.settle_seats(webinar.id, now=START + timedelta(hours=2))

    assert moved_up == []


def test_fewer_seats_take_nobodys_away(in_app):
    webinar = WebinarFactory(capacity=2)
    ada, ben = register(webinar, "Ada"), register(webinar, "Ben")
    with transaction():
        webinar.capacity = 1

    cancel(ada)
    cleo = register(webinar, "Cleo")

    assert (ben.status, cleo.status) == (CONFIRMED, WAITING)


def test_refusal_writes_nothing(in_app):
    webinar = WebinarFactory(status=WebinarStatus.ENDED)

    with pytest.raises(WebinarIsOver):
        register(webinar)

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == 0
    assert list_events() == []


def test_name_of_nothing_but_blanks_is_refused(in_app):
    with pytest.raises(NameIsMissing):
        register(WebinarFactory(), " \u200b\n ", email="a@example.org")


def test_attendee_corrects_their_name(in_app):
    ada = register(WebinarFactory())

    with transaction():
        actions.change_attendee(ada, name="Ada King", affiliation="Engine", now=NOW)

    assert (ada.name, ada.affiliation, ada.sequence) == ("Ada King", "Engine", 0)


def test_joining_is_noted_once(in_app):
    ada = register(WebinarFactory())
    for minutes in (0, 5):
        with transaction():
            actions.mark_joined(ada, now=START + timedelta(minutes=minutes))

    assert (ada.joined_at, ada.last_seen_at) == (START, START + timedelta(minutes=5))


@pytest.mark.parametrize(("seconds", "seen"), [(30, 0), (90, 90)])
def test_being_there_is_noted_once_a_minute(in_app, seconds, seen):
    ada = register(WebinarFactory())
    with transaction():
        actions.mark_joined(ada, now=START)

    with transaction():
        actions.mark_seen(ada.id, now=START + timedelta(seconds=seconds))

    db.session.refresh(ada)
    assert ada.last_seen_at == START + timedelta(seconds=seen)


def test_first_time_after_going_live_is_always_noted(in_app):
    webinar = WebinarFactory()
    ada = register(webinar)
    with transaction():
        actions.mark_joined(ada, now=START - timedelta(seconds=5))
        go_live(webinar, now=START)

    with transaction():
        actions.mark_seen(ada.id, now=START + timedelta(seconds=1))

    db.session.refresh(ada)
    assert rules.has_attended(ada, webinar)


def test_who_never_joined_is_not_seen(in_app):
    ada = register(WebinarFactory())

    with transaction():
        actions.mark_seen(ada.id, now=START)

    db.session.refresh(ada)
    assert ada.last_seen_at is None


def test_hearers_are_those_with_a_seat_and_those_who_wait(in_app):
    webinar = WebinarFactory(capacity=1)
    ada, _, _ = (register(webinar, name) for name in ("Ada", "Ben", "Cleo"))
    cancel(ada)

    assert queries.count_hearers(webinar.id) == 2
