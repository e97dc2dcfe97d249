"""The form and the page after it are kept in memory; what is one reader's own is theirs alone."""

from __future__ import annotations

import re

import pytest

from eventapp.core.db import db, transaction
from eventapp.core.page_cache import OWN_TEXT
from eventapp.registrations.models import RegistrationStatus
from tests.factories import RegistrationFactory, WebinarFactory

TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
PATH = "/webinars/seats/register"

pytestmark = pytest.mark.usefixtures("stopped_clock")


@pytest.fixture
def webinar(app):
    app.config["WTF_CSRF_ENABLED"] = True
    with app.app_context():
        webinar = WebinarFactory(slug="seats", title="Before", capacity=1)
        db.session.expunge(webinar)
    return webinar


def read_token(page):
    [token] = set(TOKEN.findall(page.text))
    return token


def send(visitor, token, address):
    fields = {"csrf_token": token, "name": "Ada", "email": address}
    return visitor.post(PATH, data=fields, follow_redirects=True)


def test_each_visitor_gets_a_token_of_their_own_that_works(app, webinar):
    first, second = app.test_client(), app.test_client()

    tokens = [read_token(visitor.get(PATH)) for visitor in (first, second)]
    stolen = send(first, tokens[1], "ada@example.org")
    pages = [
        send(visitor, token, f"{name}@example.org")
        for visitor, token, name in zip((first, second), tokens, ("ada", "bo"), strict=True)
    ]

    assert stolen.status_code == 400
    assert tokens[0] != tokens[1]
    assert "ada@example.org" not in pages[1].text
    assert all(page.status_code == 200 and OWN_TEXT not in page.text for page in pages)


def test_form_tells_of_the_webinar_as_it_is_now(app, client, webinar):
    before = client.get(PATH).text

    with app.app_context(), transaction():
        db.session.merge(webinar).title = "After"
    after = client.get(PATH).text

    assert ("Before" in before, "After" in before) == (True, False)
    assert ("Before" in after, "After" in after) == (False, True)


def test_form_tells_when_the_last_seat_is_gone(app, client, webinar):
    before = client.get(PATH).text

    with app.app_context():
        RegistrationFactory(webinar=db.session.merge(webinar), status=RegistrationStatus.CONFIRMED)
    after = client.get(PATH).text

    assert ("All seats are taken" in before, "All seats are taken" in after) == (False, True)


def test_what_a_visitor_typed_is_not_kept(client, app, webinar):
    token = read_token(client.get(PATH))

    client.post(PATH, data={"csrf_token": token, "name": "Ada", "email": "no address"})

    assert "no address" not in app.test_client().get(PATH).text
