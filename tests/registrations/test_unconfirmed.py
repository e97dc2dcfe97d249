"""Addresses that nobody confirms: they are erased in time, and nobody hears of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.registrations import actions, sweeps
from eventapp.registrations.mails import mail_attendee
from eventapp.registrations.models import AccessCode, ErasedDoor, Registration, RegistrationStatus
from eventapp.registrations.queries import list_left_unconfirmed
from eventapp.webinars.models import WebinarStatus
from tests.factories import AccessCodeFactory, RegistrationFactory, WebinarFactory
from tests.plugins.app import NOON

UNVERIFIED = RegistrationStatus.UNVERIFIED
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)

pytestmark = [pytest.mark.every_engine, pytest.mark.usefixtures("in_app", "stopped_clock")]


def add(name="Ada", *, queued_at=NOON - WEEK, status=UNVERIFIED, **values):
    return RegistrationFactory(name=name, status=status, queued_at=queued_at, **values)


def names():
    return db.session.scalars(sa.select(Registration.name).order_by(Registration.id)).all()


def sweep():
    db.session.commit()
    sweeps.erase_left_unconfirmed()


def test_address_is_erased_after_a_week():
    add("Old")
    add("New", queued_at=NOON - WEEK + MINUTE)

    sweep()

    assert names() == ["New"]


@pytest.mark.parametrize("status", [each for each in RegistrationStatus if each != UNVERIFIED])
def test_nobody_else_is_erased(status):
    add(status=status)

    sweep()

    assert names() == ["Ada"]


def test_address_is_erased_when_the_webinar_is_over():
    over = WebinarFactory(starts_at=NOON - timedelta(hours=2), ends_at=NOON)
    going_on = WebinarFactory(starts_at=NOON - timedelta(hours=1), ends_at=NOON + MINUTE)
    add("Over", webinar=over, queued_at=NOON - MINUTE)
    add("Going on", webinar=going_on, queued_at=NOON - MINUTE)

    sweep()

    assert names() == ["Going on"]


def test_webinar_that_is_still_live_is_not_over():
    live = WebinarFactory(
        status=WebinarStatus.LIVE, starts_at=NOON - timedelta(hours=2), ends_at=NOON - MINUTE
    )
    add(webinar=live, queued_at=NOON - MINUTE)

    sweep()

    assert names() == ["Ada"]


def test_nobody_is_written_to_and_what_was_written_is_emptied():
    ada = add("Ada", email="ada@example.org")
    with transaction():
        sent = mail_attendee("registration_unverified", ada, once_key="1", now=NOON)
        mail_attendee("registration_link", ada, once_key="2", now=NOON)
        sent.status = MailStatus.SENT

    sweep()
    sweeps.scrub_erased_doors()

    [mail] = db.session.scalars(sa.select(OutgoingMail))
    assert (mail.message, mail.status) == ("registration_unverified", MailStatus.SENT)
    assert (mail.to_name, mail.to_address, mail.body_text) == ("", "", "")
    assert db.session.scalars(sa.select(ErasedDoor)).all() == []


def test_seat_that_was_held_goes_to_who_waits():
    webinar = WebinarFactory(capacity=1)
    add("Ada", webinar=webinar, held_until=NOON)
    add("Ben", webinar=webinar, queued_at=NOON, status=RegistrationStatus.WAITING)

    sweep()

    statuses = db.session.execute(sa.select(Registration.name, Registration.status)).all()
    assert statuses == [("Ben", RegistrationStatus.CONFIRMED)]


def test_who_was_registered_together_with_them_stays():
    ada = add("Ada")
    add("Ben", webinar=ada.webinar, queued_at=NOON, registered_by_id=ada.id)

    sweep()

    assert names() == ["Ben"]
    assert db.session.scalars(sa.select(Registration.registered_by_id)).all() == [None]


def test_invitation_of_the_organisers_stays():
    ada = add("Ada", email="ada@example.org", email_key="ada@example.org")
    AccessCodeFactory(
        webinar_id=ada.webinar_id, email="ada@example.org", email_key="ada@example.org"
    )

    sweep()

    assert names() == []
    assert len(db.session.scalars(sa.select(AccessCode)).all()) == 1


def test_who_confirms_in_the_last_moment_stays():
    ada = add("Ada")
    with transaction():
        actions.verify_address(ada, now=NOON)

    with transaction():
        actions.erase_unconfirmed(ada, now=NOON)

    assert names() == ["Ada"]


def test_one_that_fails_keeps_nobody_else_waiting(app, monkeypatch):
    add("Ada")
    add("Ben", queued_at=NOON - WEEK + timedelta(microseconds=1) - MINUTE)
    erase = actions.erase_unconfirmed

    def fail_for_ben(registration, *, now):
        if registration.name == "Ben":
            raise RuntimeError
        erase(registration, now=now)

    monkeypatch.setattr(sweeps, "erase_unconfirmed", fail_for_ben)

    sweep()

    assert names() == ["Ben"]


def test_sweep_takes_no_more_than_it_is_told():
    for _ in range(3):
        add()

    assert len(list_left_unconfirmed(now=NOON, at_most=2)) == 2


def plans(statements):
    is_sqlite = db.engine.dialect.name == "sqlite"
    for statement, parameters in statements:
        explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
        rows = db.session.connection().exec_driver_sql(explain + statement, parameters)
        yield "\n".join(str(row[-1]) for row in rows)


def test_nothing_is_read_through_where_there_is_nothing_to_do(in_app):
    if db.engine.dialect.name == "postgresql":
        # A table this small is read faster than an index, which is not what is asked.
        db.session.execute(sa.text("SET LOCAL enable_seqscan = off"))
    seen = []

    def listen(_connection, _cursor, statement, parameters, _context, _executemany):
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", listen)
    list_left_unconfirmed(now=NOON, at_most=10)
    sa.event.remove(db.engine, "before_cursor_execute", listen)

    old, over = plans(seen)
    assert "ix_registrations_unverified" in old
    assert "ix_webinars_ends_at" in over
    assert "SCAN" not in old + over
