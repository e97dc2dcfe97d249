"""The race for the last seat, with real threads on real databases, and its control."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.registrations import actions
from eventapp.registrations.actions import Attendee, registering
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.models import Webinar
from tests.factories import EARLIER, RegistrationFactory, WebinarFactory
from tests.races import race

SEATS, PEOPLE = 2, 8


def arriving(webinar_id, number):
    def task():
        actions.register_attendee(
            db.session.get_one(Webinar, webinar_id),
            Attendee(name=f"Person {number}", email=f"person{number}@example.org"),
            now=EARLIER,
        )

    return task


def count_confirmed(webinar_id):
    return db.session.scalar(
        sa.select(sa.func.count()).where(
            Registration.webinar_id == webinar_id,
            Registration.status == RegistrationStatus.CONFIRMED,
        )
    )


@pytest.mark.every_engine
def test_last_seats_go_to_as_many_as_there_are(app):
    with app.app_context():
        webinar_id = WebinarFactory(capacity=SEATS).id

    errors = race(app, [arriving(webinar_id, number) for number in range(PEOPLE)])

    assert errors == []
    with app.app_context():
        assert count_confirmed(webinar_id) == SEATS
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Registration)) == PEOPLE


@pytest.mark.on_postgresql
def test_without_the_locks_more_get_in_than_there_are_seats(app, monkeypatch):
    """The control: seats that are counted, but held by nobody until they are given.

    SQLite locks the whole database for every write, so nothing races there.
    """
    with app.app_context():
        webinar_id = WebinarFactory(capacity=SEATS).id
    everyone_has_counted = threading.Barrier(PEOPLE)
    look = registering.get_entrance

    def look_and_wait(webinar, email_keys, *, now):
        seen = look(webinar, email_keys, now=now)
        db.session.rollback()
        everyone_has_counted.wait(timeout=20)
        return seen

    monkeypatch.setattr(registering, "lock_webinar", lambda id_: db.session.get_one(Webinar, id_))
    monkeypatch.setattr(registering, "get_entrance", look_and_wait)

    errors = race(app, [arriving(webinar_id, number) for number in range(PEOPLE)])

    assert errors == []
    with app.app_context():
        assert count_confirmed(webinar_id) == PEOPLE


@pytest.mark.every_engine
def test_freed_seat_goes_to_one(app):
    with app.app_context():
        webinar = WebinarFactory(capacity=SEATS)
        webinar_id = webinar.id
        seated = [RegistrationFactory(webinar=webinar).id for _ in range(SEATS)]
        for _ in range(PEOPLE):
            RegistrationFactory(
                webinar=webinar, status=RegistrationStatus.WAITING, confirmed_at=None
            )

    def cancelling(registration_id):
        def task():
            actions.cancel_registration(
                db.session.get_one(Registration, registration_id), now=EARLIER
            )

        return task

    errors = race(app, [cancelling(id_) for id_ in seated * 3])

    assert errors == []
    with app.app_context():
        assert count_confirmed(webinar_id) == SEATS


@pytest.mark.every_engine
def test_one_address_registers_once_however_often_it_is_sent(app):
    with app.app_context():
        webinar_id = WebinarFactory().id

    errors = race(app, [arriving(webinar_id, 1) for _ in range(PEOPLE)])

    assert errors == []
    with app.app_context():
        assert count_confirmed(webinar_id) == 1
