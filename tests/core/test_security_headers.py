from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from eventapp import create_app
from eventapp.core import access, security_headers
from tests.plugins.app import settings_for


def policy_of(answer) -> dict[str, str]:
    rules = answer.headers["Content-Security-Policy"].split("; ")
    return dict(rule.split(" ", maxsplit=1) for rule in rules)


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing/there", "/manage/"])
def test_every_answer_carries_the_headers(client: FlaskClient, path):
    headers = client.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Content-Security-Policy" in headers


def test_policy_lets_nothing_inline_run_and_nobody_frame(client: FlaskClient):
    policy = policy_of(client.get("/"))

    assert "unsafe" not in str(policy)
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"


def test_source_is_allowed_for_one_answer_alone(app: Flask, client: FlaskClient):
    @app.get("/player")
    @access.public
    def player() -> str:
        security_headers.allow_source("frame-src", "https://player.example.org")
        security_headers.allow_source("media-src", "https://files.example.org")
        return "a player"

    with_player, after = policy_of(client.get("/player")), policy_of(client.get("/"))

    assert with_player["frame-src"] == "https://player.example.org"
    assert with_player["media-src"] == "'self' https://files.example.org"
    assert (after["frame-src"], after["media-src"]) == ("'none'", "'self'")


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [("http://localhost", None), ("https://webinars.example.org", "max-age=31536000")],
)
def test_https_is_made_to_last_where_it_is_used(
    tmp_path: Path, database_url: str, base_url, expected
):
    app = create_app(settings_for(tmp_path, database_url, BASE_URL=base_url))

    answer = app.test_client().get("/healthz")

    assert answer.headers.get("Strict-Transport-Security") == expected


def test_cookies_are_kept_from_scripts_and_other_sites(tmp_path: Path, database_url: str):
    app = create_app(settings_for(tmp_path, database_url, BASE_URL="https://webinars.example.org"))

    cookie = app.test_client().get("/manage/sign-in").headers["Set-Cookie"]

    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
