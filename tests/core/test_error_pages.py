from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask, Response, abort
from flask.testing import FlaskClient

from eventapp.core.access import public
from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound, Refusal
from tests.factories import WebinarFactory


class SeatIsTaken(Refusal):
    pass


def add_view(app: Flask, view) -> None:
    app.add_url_rule("/here", "here", public(view))


def text_of(answer: Response) -> str:
    """Return what a person reads, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def fail(error: Exception):
    def view() -> str:
        raise error

    return view


@pytest.mark.parametrize("code", [400, 403, 404, 405, 413, 429, 500, 503])
def test_error_says_what_happened_and_leads_on(app: Flask, client: FlaskClient, code):
    add_view(app, lambda: abort(code))

    answer = client.get("/here")

    assert answer.status_code == code
    assert answer.mimetype == "text/html"
    assert '<a class="button' in answer.text


def test_refusal_reads_as_an_answer(app: Flask, client: FlaskClient):
    add_view(app, fail(SeatIsTaken("This seat is taken <now>.")))

    answer = client.get("/here")

    assert answer.status_code == 409
    assert "This seat is taken &lt;now&gt;. Nothing was changed." in text_of(answer)


def test_refusal_takes_the_transaction_back(app: Flask, client: FlaskClient):
    def view() -> str:
        with transaction() as session:
            session.add(WebinarFactory.build(slug="never"))
            session.flush()
            raise SeatIsTaken("Full.")

    add_view(app, view)

    client.get("/here")

    assert client.get("/webinars/never/").status_code == 404


def test_missing_thing_is_a_404(app: Flask, client: FlaskClient):
    add_view(app, fail(NotFound()))

    answer = client.get("/here")

    assert answer.status_code == 404
    assert "We can't find that page" in answer.text.replace("&#39;", "'")


def test_fault_shows_its_number_and_nothing_of_itself(app: Flask, client: FlaskClient):
    add_view(app, fail(RuntimeError("password=hunter2")))

    answer = client.get("/here")

    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "hunter2" not in answer.text
    assert "Traceback" not in answer.text


def test_error_of_ours_is_told_to_programs_in_json(app: Flask, client: FlaskClient):
    add_view(app, fail(SeatIsTaken("This seat is taken.")))

    answer = client.get("/here", headers={"Accept": "application/json"})

    assert answer.json == {
        "error": "This seat is taken.",
        "id": answer.headers["X-Request-Id"],
    }


def test_wrong_method_names_the_right_ones(client: FlaskClient):
    answer = client.post("/healthz")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_answer_that_a_view_aborts_with_stays_as_it_is(app: Flask, client: FlaskClient):
    add_view(app, lambda: abort(Response("as it is", status=418)))

    answer = client.get("/here")

    assert (answer.status_code, answer.text) == (418, "as it is")


def test_address_without_its_last_slash_is_redirected(client: FlaskClient):
    answer = client.get("/webinars")

    assert (answer.status_code, answer.location) == (308, "http://localhost/webinars/")


def test_stale_form_is_explained(app: Flask, client: FlaskClient):
    app.config["WTF_CSRF_ENABLED"] = True

    answer = client.post("/manage/sign-in")

    assert answer.status_code == 400
    assert "This form was open for too long" in answer.text


@pytest.mark.parametrize("person", ["client", "organiser"])
def test_fault_is_explained_also_without_a_database(app: Flask, person, request):
    reader: FlaskClient = request.getfixturevalue(person)
    with app.app_context():
        for table in ("users", "content_revision"):
            db.session.execute(sa.text(f"ALTER TABLE {table} RENAME TO lost_{table}"))
        db.session.commit()

    answer = reader.get("/")

    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
