"""How much one person and one address may ask and vote: a hall may, a machine may not."""

from __future__ import annotations

import pytest

from eventapp import create_app
from eventapp.core.db import db
from eventapp.webinars.models import WebinarStatus
from tests.factories import QuestionFactory, WebinarFactory
from tests.plugins.app import settings_for

QUESTIONS = "/webinars/hubs/live/questions"
JSON = {"Accept": "application/json"}


@pytest.fixture
def hall(tmp_path, database_url):
    app = create_app(
        settings_for(tmp_path, database_url),
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        RATELIMIT_ENABLED=True,
        SERVER_NAME="localhost",
    )
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        QuestionFactory(webinar_id=webinar.id)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def ask(client, number=0):
    asked = {"text": "Who pays?", "submission_key": str(number)}
    return client.post(QUESTIONS, data=asked, headers=JSON).status_code


def test_many_newcomers_behind_one_address_ask(hall):
    codes = [ask(hall.test_client()) for _ in range(40)]

    assert codes == [201] * 40


def test_address_that_asks_without_end_is_stopped(hall):
    codes = [ask(hall.test_client()) for _ in range(62)]

    assert codes == [201] * 60 + [429] * 2


def test_person_who_asks_without_end_is_stopped(hall):
    client = hall.test_client()

    codes = [ask(client, number) for number in range(15)]

    # The first is a newcomer's; ten may wait; the last two are too fast.
    assert codes == [201] * 10 + [409] * 3 + [429] * 2


def test_voting_and_taking_back_count_together(hall):
    client = hall.test_client()
    client.post(f"{QUESTIONS}/1/vote", headers=JSON)

    codes = [
        client.post(f"{QUESTIONS}/1/vote{rest}", headers=JSON).status_code
        for _ in range(31)
        for rest in ("/take-back", "")
    ]

    assert codes == [200] * 60 + [429] * 2
