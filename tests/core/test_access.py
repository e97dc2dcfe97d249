from __future__ import annotations

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from eventapp.core import access
from tests.factories import UserFactory


def show() -> str:
    return "seen"


@pytest.fixture
def views(app: Flask) -> Flask:
    """The application with a view of each kind, and one without a mark."""
    for mark in (access.public, access.door, access.audience, access.organisers_only):
        name = mark.__name__
        app.add_url_rule(f"/{name}", name, mark(show), methods=["GET", "POST"])
    app.add_url_rule("/unmarked", "unmarked", lambda: "seen")
    return app


@pytest.mark.parametrize("path", ["/public", "/door", "/audience"])
def test_marked_view_lets_a_visitor_in(views: Flask, client: FlaskClient, path):
    assert client.get(path).text == "seen"


def test_unmarked_view_is_never_served(views: Flask, client: FlaskClient, organiser: FlaskClient):
    assert client.get("/unmarked").status_code == 403
    assert organiser.get("/unmarked").status_code == 403


def test_organiser_enters(views: Flask, organiser: FlaskClient):
    assert organiser.get("/organisers_only").text == "seen"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_visitor_is_sent_to_the_sign_in_and_back(views: Flask, client: FlaskClient, method):
    answer = client.open("/organisers_only?page=2&q=a%26b", method=method)

    assert answer.status_code == 302
    assert answer.location == "/manage/sign-in?next=/organisers_only?page%3D2%26q%3Da%2526b"


def test_visitors_send_small_forms_and_organisers_larger_ones(
    views: Flask, client: FlaskClient, organiser: FlaskClient
):
    views.view_functions["public"] = access.public(lambda: str(len(request.form["text"])))

    answers = [
        who.post("/public", data={"text": "x" * size}).status_code
        for who, size in ((client, 250_000), (client, 270_000), (organiser, 270_000))
    ]

    assert answers == [200, 413, 200]


def test_visitor_may_not_write(views: Flask, client: FlaskClient):
    assert client.post("/organisers_only").status_code == 403


def test_organiser_who_was_switched_off_is_a_visitor_again(views: Flask, client: FlaskClient):
    with views.app_context():
        identity = UserFactory(active=False).fs_uniquifier
    with client.session_transaction() as session:
        session["_user_id"] = identity

    answer = client.get("/organisers_only")

    assert answer.status_code == 302


def test_unknown_address_has_no_mark_to_miss(client: FlaskClient):
    assert client.get("/nothing/there").status_code == 404


def test_address_with_an_id_too_large_for_a_row_is_not_found(client):
    assert client.get("/speakers/9223372036854775808/photo").status_code == 404


def test_json_is_refused_before_any_form_reads_it(client):
    response = client.post("/manage/sign-in", json={"email": 5})

    assert response.status_code == 415


def test_what_organisers_see_is_kept_by_no_cache(organiser):
    response = organiser.get("/manage/")

    assert response.headers["Cache-Control"] == "private, no-store"


def test_signing_out_ends_the_session_also_for_a_kept_cookie(app, organiser):
    kept = organiser.get_cookie("session")
    organiser.post("/manage/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", kept.value)

    response = thief.get("/manage/")

    assert response.status_code == 302
