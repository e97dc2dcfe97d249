from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from eventapp.core.access import public
from eventapp.core.logs import configure_logging
from eventapp.core.tokens import derive_token


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Logging as a process sets it up; returns a function that gives the lines written."""
    written = StringIO()
    root = logging.getLogger()
    level, before = root.level, structlog.get_config()
    monkeypatch.setattr(sys, "stderr", written)
    configure_logging("INFO")
    (handler,) = root.handlers

    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]

    root.removeHandler(handler)
    root.setLevel(level)
    structlog.configure(**before)


def test_request_is_one_line_of_json(client: FlaskClient, lines):
    answer = client.get("/nothing/there")

    (line,) = [line for line in lines() if line["event"] == "request"]
    assert line["method"] == "GET"
    assert line["route"] is None
    assert line["status"] == 404
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["milliseconds"] >= 0


def test_personal_link_is_never_logged(in_app: Flask, client: FlaskClient, lines):
    token = derive_token("registration", "somebody")

    client.get(f"/r/{token}/")

    logged = lines()
    assert [line["route"] for line in logged] == ["/r/<token>/"]
    assert token not in json.dumps(logged)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_not_logged(client: FlaskClient, lines, path):
    client.get(path)

    assert lines() == []


def test_fault_is_logged_with_the_id_that_the_person_reads(app: Flask, client: FlaskClient, lines):
    @app.get("/broken")
    @public
    def broken() -> str:
        return str(1 // 0)

    page = client.get("/broken").text

    (line,) = [line for line in lines() if line["event"] == "request_failed"]
    assert line["request_id"] in page
    assert "ZeroDivisionError" in line["exception"]


def test_fault_before_any_view_is_answered_with_its_id(app: Flask, client: FlaskClient, lines):
    @app.url_value_preprocessor
    def break_early(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        raise OSError

    answer = client.get("/healthz")

    (line,) = [line for line in lines() if line["event"] == "request_failed"]
    assert (answer.status_code, answer.headers["X-Request-Id"]) == (500, line["request_id"])
    assert line["request_id"] in answer.text


def test_requests_have_different_ids(client: FlaskClient):
    first, second = (client.get("/healthz").headers["X-Request-Id"] for _ in range(2))

    assert first != second


def test_libraries_log_in_the_same_form(lines):
    logging.getLogger("some.library").warning("a %s happened", "thing")

    assert [(line["event"], line["level"]) for line in lines()] == [("a thing happened", "warning")]


def test_chatty_libraries_keep_quiet(lines):
    logging.getLogger("huey.consumer").info("still polling")

    assert lines() == []
