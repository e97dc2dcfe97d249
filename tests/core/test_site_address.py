from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, request, url_for

from eventapp import create_app
from eventapp.core.access import public
from tests.factories import WebinarFactory
from tests.plugins.app import settings_for

ELSEWHERE = {"Host": "elsewhere.example.net", "X-Forwarded-Host": "elsewhere.example.net"}


@pytest.fixture
def site(tmp_path: Path, database_url: str) -> Flask:
    return create_app(
        settings_for(
            tmp_path, database_url, BASE_URL="https://webinars.example.org", TRUSTED_PROXIES="1"
        )
    )


def test_page_is_written_under_the_sites_own_address(site: Flask):
    with site.app_context():
        slug = WebinarFactory().slug
    visitor = site.test_client()

    asked_elsewhere = visitor.get(f"/webinars/{slug}/", headers=ELSEWHERE).text
    kept_for_the_next = visitor.get(f"/webinars/{slug}/").text

    assert "elsewhere" not in asked_elsewhere
    assert "elsewhere" not in kept_for_the_next
    assert f"https://webinars.example.org/webinars/{slug}/" in kept_for_the_next


def test_scheme_is_the_sites_own(site: Flask):
    @site.get("/here")
    @public
    def here() -> str:
        return url_for("here", _external=True)

    address = site.test_client().get("/here", headers={"X-Forwarded-Proto": "http"}).text

    assert address == "https://webinars.example.org/here"


@pytest.mark.parametrize(
    ("proxies", "expected"), [("0", "127.0.0.1"), ("1", "192.0.2.9"), ("2", "192.0.2.1")]
)
def test_who_asks_is_taken_from_trusted_proxies_alone(
    tmp_path: Path, database_url: str, proxies, expected
):
    site = create_app(settings_for(tmp_path, database_url, TRUSTED_PROXIES=proxies))

    @site.get("/who")
    @public
    def who() -> str:
        return request.remote_addr or ""

    said = site.test_client().get("/who", headers={"X-Forwarded-For": "192.0.2.1, 192.0.2.9"})

    assert said.text == expected
