"""The webinar is locked before a registration's row: two who did it differently would both wait."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.form_fields.models import FieldKind
from eventapp.registrations.actions import change_attendee
from eventapp.registrations.answers import Answer
from eventapp.registrations.models import Registration
from eventapp.webinars.queries import lock_webinar
from tests.factories import EARLIER, FormFieldFactory, RegistrationFactory

IS_WAITED_FOR = sa.text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock'"
)


def is_somebody_waiting() -> bool:
    """Ask on a connection of its own: within a transaction the answer would stay the same."""
    with db.engine.connect() as connection:
        return connection.execute(IS_WAITED_FOR).scalar_one() > 0


def wait_until(is_so) -> None:
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
        except Exception as error:  # noqa: BLE001
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
