"""A field is taken off while people answer it, with real threads on real databases."""

from __future__ import annotations

import threading

import pytest

from eventapp.core.db import db
from eventapp.form_fields import actions
from eventapp.form_fields.models import FormField
from eventapp.registrations.answers import Answer, write_answers
from eventapp.registrations.models import FieldAnswer, Registration
from eventapp.registrations.queries import people
from eventapp.webinars.models import Webinar
from tests.factories import EARLIER, FormFieldFactory, RegistrationFactory, WebinarFactory
from tests.races import race

PEOPLE = 6


@pytest.fixture
def registered(app):
    """The ids of registrations for webinar 1, which has field 1."""
    with app.app_context():
        webinar = WebinarFactory()
        FormFieldFactory(webinar=webinar, label="School")
        return [RegistrationFactory(webinar=webinar).id for _ in range(PEOPLE)]


def answering(registration_id):
    def task():
        answer = Answer(field_id=1, label="School", value="Hill", text="Hill")
        registration = db.session.get_one(Registration, registration_id)
        people.lock_registration(registration)
        write_answers(registration, [answer], now=EARLIER)

    return task


def remove():
    actions.remove_field(db.session.get_one(Webinar, 1), field_id=1, now=EARLIER)


def outcome(app):
    """Return whether the field is there, and how many answers are."""
    with app.app_context():
        return db.session.get(FormField, 1) is not None, db.session.query(FieldAnswer).count()


@pytest.mark.every_engine
def test_field_is_kept_with_every_answer_or_deleted_without_any(app, registered):
    errors = race(app, [remove, *map(answering, registered)])

    assert errors == []
    assert outcome(app) in {(True, PEOPLE), (False, 0)}


@pytest.mark.on_postgresql
def test_without_the_lock_an_answer_is_lost(app, registered, monkeypatch):
    """The control: answered after it was looked at, and before it is deleted.

    SQLite locks the whole database for every write, so nothing races there.
    """
    is_counted, is_answered = threading.Event(), threading.Event()
    count = actions.count_answers

    def count_and_wait(webinar_id):
        counted = count(webinar_id)
        db.session.rollback()
        is_counted.set()
        assert is_answered.wait(timeout=20)
        return counted

    def unlocked(webinar_id):
        return db.session.get_one(Webinar, webinar_id)

    monkeypatch.setattr(actions, "lock_webinar", unlocked)
    monkeypatch.setattr(people, "lock_webinar", unlocked)
    monkeypatch.setattr(actions, "count_answers", count_and_wait)
    remover = threading.Thread(target=race, args=(app, [remove]))
    remover.start()
    assert is_counted.wait(timeout=20)

    errors = race(app, [answering(registered[0])])
    is_answered.set()
    remover.join()

    assert errors == []
    assert outcome(app) == (False, 0)
