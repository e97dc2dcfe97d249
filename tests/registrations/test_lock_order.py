"""The webinar is locked before a registration's row, and what was read before is read again."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.form_fields.models import FieldKind
from eventapp.registrations.actions import (
    Attendee,
    change_attendee,
    keep_import,
    register_by_hand,
    start_import,
)
from eventapp.registrations.answers import Answer
from eventapp.registrations.models import CancelledBy, Registration, RegistrationStatus
from eventapp.webinars.queries import lock_webinar
from tests.factories import EARLIER, FormFieldFactory, RegistrationFactory, WebinarFactory

IS_WAITED_FOR = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock'"
)


def is_somebody_waiting() -> bool:
    """Ask on a connection of its own: within a transaction the answer would stay the same."""
    with db.engine.connect() as connection:
        return connection.execute(IS_WAITED_FOR).scalar_one() > 0


def wait_until(is_so) -> None:
    """Look again and again: a lock that is waited for tells nobody."""
    until = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def change(app, registration_id, answer, errors):
    with app.app_context():
        try:
            with transaction():
                registration = db.session.get_one(Registration, registration_id)
                change_attendee(
                    registration, name="Ada King", affiliation="", answers=[answer], now=EARLIER
                )
        except Exception as error:  # noqa: BLE001 - a thread's errors are the test's.
            errors.append(error)


@pytest.mark.on_postgresql
def test_who_changes_answers_holds_up_nobody_who_has_the_webinar(app):
    errors: list[Exception] = []
    with app.app_context():
        ada = RegistrationFactory(name="Ada")
        field = FormFieldFactory(webinar=ada.webinar, kind=FieldKind.SHORT_TEXT)
        answer = Answer(field_id=field.id, label="Why?", value="So", text="So")
        ada_id, webinar_id = ada.id, ada.webinar_id
        changing = threading.Thread(target=change, args=(app, ada_id, answer, errors))
        with transaction() as session:
            lock_webinar(webinar_id)
            changing.start()
            wait_until(is_somebody_waiting)
            session.execute(sa.text("SET LOCAL lock_timeout = '500ms'"))
            session.execute(
                sa.update(Registration)
                .where(Registration.id == ada_id)
                .values(affiliation="Engine"),
                execution_options={"synchronize_session": False},
            )
        changing.join()
        db.session.expire_all()

        assert errors == []
        assert db.session.get_one(Registration, ada_id).name == "Ada King"


def register_again(app, registration_id, errors):
    """Register by hand whoever it is, as their page at the desk does: they are read first."""
    with app.app_context():
        try:
            with transaction():
                found = db.session.get_one(Registration, registration_id)
                attendee = Attendee(name=found.name, email=found.email)
                register_by_hand(found.webinar, attendee, now=EARLIER)
        except Exception as error:  # noqa: BLE001 - a thread's errors are the test's.
            errors.append(error)


@pytest.mark.on_postgresql
def test_who_was_registered_again_meanwhile_keeps_the_last_seat(app):
    errors: list[Exception] = []
    with app.app_context():
        ada = RegistrationFactory(
            webinar=WebinarFactory(capacity=1),
            status=RegistrationStatus.CANCELLED,
            cancelled_by=CancelledBy.ORGANISER,
        )
        ada_id, webinar_id = ada.id, ada.webinar_id
        second = threading.Thread(target=register_again, args=(app, ada_id, errors))
        with transaction():
            webinar = lock_webinar(webinar_id)
            second.start()
            wait_until(is_somebody_waiting)
            attendee = Attendee(name=ada.name, email=ada.email)
            register_by_hand(webinar, attendee, now=EARLIER)
        second.join()
        db.session.expire_all()

        found = db.session.get_one(Registration, ada_id)

        assert errors == []
        assert (found.status, found.sequence) == (RegistrationStatus.CONFIRMED, 1)


@pytest.mark.on_postgresql
def test_columns_of_an_import_that_began_meanwhile_stay_and_it_is_said(app, organiser):
    pages = []
    table = "Name,E-mail,Work\nAda,ada@example.org,Engine\n"
    columns = ["name", "email", "affiliation"]
    with app.app_context():
        webinar = WebinarFactory()
        with transaction():
            batch = keep_import(webinar, text=table, columns=columns, user_id=None, now=EARLIER)
        path = f"/manage/webinars/{webinar.id}/registrations/import/{batch.id}"
        sent = {"column_0": "name", "column_1": "email", "column_2": ""}
        changing = threading.Thread(
            target=lambda: pages.append(organiser.post(path, data=sent, follow_redirects=True))
        )
        with transaction():
            lock_webinar(webinar.id)
            changing.start()
            wait_until(is_somebody_waiting)
            start_import(batch, total=1, now=EARLIER)
        changing.join()

    assert [page.status_code for page in pages] == [200]
    assert "This import has begun already" in pages[0].text
