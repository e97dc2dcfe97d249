"""Signing in, staying in, and getting back in."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from sqlalchemy.orm import joinedload

from eventapp import create_app
from eventapp.accounts.actions import create_organiser
from eventapp.accounts.models import User
from eventapp.core import clock, outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import OutgoingMail
from tests.plugins.app import settings_for

ADDRESS = "olga@example.org"
PASSWORD = "a long enough password"


@pytest.fixture
def account(app):
    with app.app_context(), transaction():
        create_organiser(email=ADDRESS, name="Olga", password=PASSWORD, now=clock.now())


def react(app):
    """Do what the worker does, and return what it wrote."""
    with app.app_context():
        outbox.run_due_jobs()
        return db.session.scalars(
            db.select(OutgoingMail).options(joinedload(OutgoingMail.body))
        ).all()


def sign_in(client, password=PASSWORD, query="", address=ADDRESS):
    return client.post(f"/manage/sign-in{query}", data={"email": address, "password": password})


def test_organiser_signs_in_and_reaches_the_desk(client, account):
    response = sign_in(client)

    assert response.location == "/manage/"
    assert client.get("/manage/").status_code == 200


def test_sign_in_leads_back_to_where_it_was_asked_for(client, account):
    asked = client.get("/manage/webinars/new")

    response = client.post(asked.location, data={"email": ADDRESS, "password": PASSWORD})

    assert response.location == "/manage/webinars/new"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_sign_in_leads_nowhere_else(client, account, target):
    response = sign_in(client, query=f"?next={target}")

    assert urlsplit(response.headers.get("Location", "")).hostname is None


@pytest.mark.parametrize(
    ("address", "password"), [(ADDRESS, "wrong password"), ("nobody@example.org", PASSWORD)]
)
def test_wrong_pair_gets_one_answer(client, account, address, password):
    response = sign_in(client, password, address=address)

    assert "The e-mail address or password is wrong." in unescape(response.text)
    assert client.get("/manage/").status_code == 302


def test_signing_out_is_a_post(client, account):
    sign_in(client)

    client.get("/manage/sign-out")
    assert client.get("/manage/").status_code == 200
    client.post("/manage/sign-out")
    assert client.get("/manage/").status_code == 302


def test_sign_in_is_limited(database_url, tmp_path):
    app = create_app(
        settings_for(tmp_path, database_url),
        TESTING=True,
        WTF_CSRF_ENABLED=False,
        RATELIMIT_ENABLED=True,
        SERVER_NAME="localhost",
    )
    client = app.test_client()

    codes = [sign_in(client, "guess").status_code for _ in range(11)]
    with app.app_context():
        db.engine.dispose()

    assert codes == [200] * 10 + [429]


def test_forgotten_password_is_replaced_by_a_link(app, client, account):
    asked = client.post(
        "/manage/forgotten-password", data={"email": ADDRESS}, follow_redirects=True
    )
    [mail] = react(app)
    [link] = re.findall(r"http://\S+/manage/forgotten-password/\S+", mail.body_text)
    new = {"password": "another long password", "password_confirm": "another long password"}
    page = client.get(link)
    client.post(link, data=new)
    client.post("/manage/sign-out")

    assert "a link is on its way" in asked.text
    assert (mail.subject, mail.to_address) == ("Choose a new password", ADDRESS)
    assert "Choose a new password" in page.text
    assert sign_in(client, new["password"]).status_code == 302


def test_unknown_address_gets_the_same_answer_and_no_mail(app, client, account):
    response = client.post(
        "/manage/forgotten-password", data={"email": "nobody@example.org"}, follow_redirects=True
    )

    assert "a link is on its way" in response.text
    assert react(app) == []


def test_account_that_is_switched_off_gets_no_link(app, client, account):
    with app.app_context(), transaction() as session:
        session.scalars(db.select(User)).one().active = False

    client.post("/manage/forgotten-password", data={"email": ADDRESS})

    assert react(app) == []


def test_request_for_a_new_password_does_the_same_for_every_address(
    app, client, account, count_queries
):
    def ask(address):
        return lambda: client.post("/manage/forgotten-password", data={"email": address})

    counts = [count_queries(ask(address)) for address in ("nobody@example.org", ADDRESS)]

    assert counts[0] == counts[1]
    with app.app_context():
        assert (
            db.session.scalars(db.select(OutgoingMail).options(joinedload(OutgoingMail.body))).all()
            == []
        )


@pytest.mark.parametrize("address", ["", "olga@", "a" * 300 + "@example.org"])
def test_what_is_no_address_is_said(client, address):
    response = client.post("/manage/forgotten-password", data={"email": address})

    assert "Please" in response.text
    assert "a link is on its way" not in response.text


def test_what_is_not_used_of_the_library_is_off(organiser):
    assert organiser.get("/manage/verify").status_code == 404


def test_password_is_changed_by_who_knows_it(client, account):
    sign_in(client)
    new = {"new_password": "another long password", "new_password_confirm": "another long password"}

    wrong = client.post("/manage/change-password", data=new | {"password": "guess"})
    client.post("/manage/change-password", data=new | {"password": PASSWORD})
    client.post("/manage/sign-out")

    assert "This is not your current password." in unescape(wrong.text)
    assert sign_in(client, PASSWORD).status_code == 200
    assert sign_in(client, new["new_password"]).status_code == 302


def test_short_password_is_refused_in_words(client, account):
    sign_in(client)
    short = {"password": PASSWORD, "new_password": "short", "new_password_confirm": "short"}

    response = client.post("/manage/change-password", data=short)

    assert "at least 12 characters" in response.text


@pytest.mark.parametrize("cookie", ["remember_token=\xff|\xff", "remember_token=a|\xb2"])
def test_cookie_that_no_browser_was_given_is_dropped(client, cookie):
    response = client.get("/", headers={"Cookie": cookie})

    assert response.status_code == 200
