"""Sending a recording in a browser: it is cut off, reloaded, and goes on; it is refused kindly."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.accounts.actions import create_organiser
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.core.resumable import working
from eventapp.core.resumable.models import ResumableUpload
from eventapp.replays.queries import find_recording
from eventapp.webinars.models import WebinarStatus
from tests.factories import WebinarFactory
from tests.live.conftest import RunningSite, serving
from tests.plugins.app import settings_for
from tests.replays.media import make_sound

EMAIL, PASSWORD = "olga@example.org", "a-long-password-1"
# Three parts of 2 MiB and a rest.
SECONDS = 420


@pytest.fixture
def site(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path, MAX_RECORDING_MB="12"), TESTING=True)
    with app.app_context():
        WebinarFactory(slug="hubs", status=WebinarStatus.ENDED)
        with transaction():
            create_organiser(email=EMAIL, name="Olga", password=PASSWORD, now=clock.now())
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def talk(tmp_path_factory):
    path = tmp_path_factory.mktemp("talk") / "My talk.mp3"
    path.write_bytes(make_sound(SECONDS, bit_rate=128_000))
    return path


def open_review(page: Page, site: RunningSite) -> Page:
    page.goto(f"{site.url}/manage/sign-in?next=/manage/webinars/1/replay")
    page.locator("[name=email]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Replay", exact=True)).to_be_visible()
    return page


def choose(page: Page, path) -> None:
    page.locator("[data-upload] [type=file]").set_input_files(path)
    page.locator("[data-upload] [type=submit]").click()


def received(site: RunningSite) -> int:
    with site.app.app_context():
        return db.session.scalars(sa.select(ResumableUpload.received)).one()


def work(site: RunningSite) -> None:
    """Do what a worker does, beside the loop that drives the browser."""

    def sweep() -> None:
        with site.app.app_context():
            working.sweep()

    thread = threading.Thread(target=sweep)
    thread.start()
    thread.join()


def cut_after(page: Page, parts: int) -> None:
    """Let so many parts through, and then break every connection of the upload."""
    seen = []

    def pass_or_break(route):
        if route.request.method == "PATCH":
            seen.append(route)
        if len(seen) > parts:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/replay/uploads/**", pass_or_break)


@pytest.mark.page_errors("ERR_CONNECTION_RESET")
def test_upload_goes_on_after_a_lost_connection_and_a_reload(site, page: Page, talk):
    open_review(page, site)
    cut_after(page, 2)
    choose(page, talk)
    status = page.locator("[data-upload-status]")
    expect(status).to_contain_text("The connection is lost at")
    expect(status).to_contain_text("It goes on by itself")
    before = received(site)

    page.unroute("**/replay/uploads/**")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.url}/manage/")
    page.goto(f"{site.url}/manage/webinars/1/replay")
    line = page.locator("[data-upload-line]")
    expect(line).to_contain_text("% have arrived. Choose the same file again")
    requests = []
    page.on("request", lambda request: requests.append((request.method, request.url)))
    choose(page, talk)
    expect(status).to_contain_text("It will be checked in a moment")
    expect(line).to_have_count(0)
    work(site)

    expect(page.get_by_text("My talk.mp3", exact=True)).to_be_visible()
    assert before == 2 * 2 * 1024 * 1024
    sent = [method for method, url in requests if "/replay/uploads" in url]
    assert "POST" not in sent
    assert sent.count("PATCH") == -(-talk.stat().st_size // (2 * 1024 * 1024)) - 2
    with site.app.app_context():
        recording = find_recording(1)
        assert recording.file.size == talk.stat().st_size
        assert recording.duration_seconds == pytest.approx(SECONDS, abs=1)


@pytest.mark.page_errors("ERR_CONNECTION_RESET")
def test_upload_goes_on_by_itself_once_the_connection_is_back(site, page: Page, talk):
    open_review(page, site)
    cut_after(page, 1)
    choose(page, talk)
    expect(page.locator("[data-upload-status]")).to_contain_text("The connection is lost")

    page.unroute("**/replay/uploads/**")

    expect(page.locator("[data-upload-status]")).to_contain_text("checked in a moment")
    assert received(site) == talk.stat().st_size


def test_one_may_leave_while_it_is_checked_and_come_back(site, page: Page, talk):
    open_review(page, site)
    choose(page, talk)
    expect(page.locator("[data-upload-status]")).to_contain_text("You may leave this page")

    page.goto(f"{site.url}/manage/")
    page.goto(f"{site.url}/manage/webinars/1/replay")
    expect(page.locator("[data-upload-said]")).to_contain_text("It will be checked in a moment")
    work(site)

    expect(page.locator("[data-upload-line]")).to_have_count(0)
    expect(page.get_by_text("My talk.mp3")).to_be_visible()


def test_what_is_no_recording_is_refused_with_the_reason(site, page: Page, tmp_path):
    path = tmp_path / "slides.mp4"
    path.write_bytes(b"%PDF-1.7 and so on")
    open_review(page, site)
    choose(page, path)
    expect(page.locator("[data-upload-status]")).to_contain_text("checked")

    work(site)

    expect(page.locator("[data-upload-error]")).to_contain_text("doesn't look like a recording")
    page.reload()
    expect(page.locator("[data-upload-said]")).to_contain_text("doesn't look like a recording")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("[data-upload-line]")).to_have_count(0)


def test_too_large_a_file_is_not_sent(site, page: Page, tmp_path):
    path = tmp_path / "long.mp4"
    path.write_bytes(b"\0" * (12 * 1024 * 1024 + 1))
    open_review(page, site)

    choose(page, path)

    expect(page.locator("[data-upload-error]")).to_contain_text("at most 12 MB can be sent")


@pytest.mark.page_errors("507")
def test_full_server_is_told_kindly_and_the_upload_kept(site, page: Page, talk):
    open_review(page, site)
    full = '{"error": "There is no room left on the server for this file."}'
    page.route(
        "**/replay/uploads/**",
        lambda route: (
            route.fulfill(status=507, body=full, content_type="application/json")
            if route.request.method == "PATCH"
            else route.continue_()
        ),
    )
    choose(page, talk)
    expect(page.locator("[data-upload-error]")).to_contain_text("no room left on the server")

    page.unroute("**/replay/uploads/**")
    page.locator("[data-upload] [type=submit]").click()

    expect(page.locator("[data-upload-status]")).to_contain_text("checked in a moment")


@pytest.mark.page_errors("ERR_CONNECTION_RESET")
def test_upload_can_be_stopped(site, page: Page, talk):
    open_review(page, site)
    cut_after(page, 1)
    choose(page, talk)
    expect(page.locator("[data-upload-status]")).to_contain_text("The connection is lost")
    page.unroute("**/replay/uploads/**")

    page.get_by_role("button", name="Stop", exact=True).click()

    expect(page.locator("[data-upload-error]")).to_contain_text("Stopped. Nothing of it is kept.")
    with site.app.app_context():
        assert db.session.scalars(sa.select(ResumableUpload)).all() == []


@pytest.mark.browser_context(java_script_enabled=False)
def test_without_scripts_the_form_sends_it(site, page: Page, talk):
    open_review(page, site)

    choose(page, talk)

    expect(page.get_by_text("The recording is saved.")).to_be_visible()


@pytest.mark.page_errors("ERR_CONNECTION_RESET")
@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1280)])
def test_upload_can_be_seen_and_heard_of(site, new_page, talk, scheme, width):
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 800})
    open_review(page, site)
    cut_after(page, 2)
    choose(page, talk)
    expect(page.locator("[data-upload-status]")).to_contain_text("The connection is lost")

    results = Axe().run(page)

    assert results.response["violations"] == []
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide)
