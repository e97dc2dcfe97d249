"""Who has their data erased is in no word of the live log either."""

from __future__ import annotations

import pytest

from eventapp.core.db import db, transaction
from eventapp.live import actions
from eventapp.live.personal_data import erase
from eventapp.live.queries import list_whole_log
from eventapp.questions.actions import Asker, ask_question, write_follow_up
from eventapp.questions.rules import key_of_registration
from eventapp.webinars.models import WebinarStatus
from tests.factories import START, RegistrationFactory, UserFactory

MARK = "Sesame"

pytestmark = pytest.mark.every_engine


@pytest.fixture
def registration(in_app):
    return RegistrationFactory(webinar__status=WebinarStatus.LIVE)


@pytest.fixture
def asker(registration):
    return Asker(key=key_of_registration(registration.id), registration_id=registration.id)


@pytest.fixture
def by(in_app):
    return {"actor_id": UserFactory().id, "now": START}


def ask(registration, asker, text):
    with transaction():
        return ask_question(
            registration.webinar,
            text=text,
            author_name="Ada",
            asker=asker,
            submission_key=text,
            now=START,
        ).id


def read_log(webinar_id):
    db.session.expire_all()
    return "\n".join(
        f"{entry.title} {entry.before} {entry.after}" for entry in list_whole_log(webinar_id)
    )


def test_words_that_were_not_published_leave_the_log(registration, asker, by):
    webinar_id = registration.webinar_id
    hidden = ask(registration, asker, f"{MARK} one?")
    with transaction():
        actions.dismiss_question(hidden, webinar_id=webinar_id, **by)
    with transaction():
        erase(registration)

    assert MARK not in read_log(webinar_id)


def test_of_a_published_question_only_its_published_words_stay(registration, asker, by):
    webinar_id = registration.webinar_id
    shown = ask(registration, asker, f"{MARK} two?")
    with transaction():
        actions.edit_question(shown, webinar_id=webinar_id, text="Who pays?", **by)
    with transaction():
        actions.approve_question(shown, webinar_id=webinar_id, **by)
    with transaction():
        erase(registration)

    log = read_log(webinar_id)
    assert (MARK in log, "Who pays?" in log) == (False, True)


def test_follow_up_that_waits_leaves_the_log(registration, asker, by):
    webinar_id = registration.webinar_id
    shown = ask(registration, asker, "Who pays?")
    with transaction():
        actions.approve_question(shown, webinar_id=webinar_id, **by)
    with transaction():
        write_follow_up(
            shown,
            webinar=registration.webinar,
            text=f"{MARK}!",
            asker=asker,
            submission_key="k",
            now=START,
        )
    with transaction():
        erase(registration)

    assert MARK not in read_log(webinar_id)


def test_who_was_silenced_leaves_the_log(registration, asker, by):
    webinar_id = registration.webinar_id
    shown = ask(registration, asker, "Who pays?")
    with transaction():
        actions.silence_asker(shown, webinar_id=webinar_id, **by)
    with transaction():
        erase(registration)

    assert asker.key not in read_log(webinar_id)
