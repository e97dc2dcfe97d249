"""The review in a browser: the agenda by keyboard and by finger, and open to everyone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.accounts.actions import create_organiser
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.demo.load import load_demo
from eventapp.replays.models import ChapterKind
from eventapp.replays.queries import list_chapters
from eventapp.webinars.models import Webinar
from tests.live.conftest import RunningSite, serving
from tests.plugins.app import settings_for

EMAIL, PASSWORD = "olga@example.org", "a-long-password-1"


@pytest.fixture
def site(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        load_demo()
        with transaction():
            create_organiser(email=EMAIL, name="Olga", password=PASSWORD, now=clock.now())
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def find_id(site: RunningSite) -> int:
    with site.app.app_context():
        return db.session.scalars(sa.select(Webinar.id).filter_by(slug="creative-hubs")).one()


def open_review(page: Page, site: RunningSite) -> Page:
    page.goto(f"{site.url}/manage/sign-in?next=/manage/webinars/{find_id(site)}/replay")
    page.locator("[name=email]").fill(EMAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Replay", exact=True)).to_be_visible()
    return page


def stored(site: RunningSite):
    with site.app.app_context():
        return [
            (chapter.start_seconds, chapter.title, chapter.kind)
            for chapter in list_chapters(find_id(site))
        ]


def focused(page: Page):
    return page.locator("[data-entry]:focus")


def test_agenda_is_reviewed_without_a_mouse(site, page: Page):
    open_review(page, site)
    said = page.locator("[data-review-said]")
    first, second = stored(site)[:2]
    page.locator("[data-entry]").first.focus()

    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Shift+ArrowLeft"):
        page.keyboard.press(key)
    expect(said).to_have_text("Moved.")
    assert stored(site)[1][0] == second[0] - 8
    expect(focused(page)).to_contain_text(second[1])

    page.keyboard.press("r")
    page.keyboard.type("The Trakk in Namur")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Renamed.")
    expect(focused(page)).to_contain_text("The Trakk in Namur")

    page.keyboard.press("t")
    page.keyboard.press("P")
    expect(said).to_have_text("Changed.")
    assert stored(site)[1][2] is ChapterKind.PANEL

    page.locator("[data-entry]").nth(1).focus()
    page.keyboard.press("d")
    expect(said).to_contain_text("Dropped")
    assert [title for _, title, _ in stored(site)[:2]] != [first[1], "The Trakk in Namur"]
    page.keyboard.press("z")
    expect(said).to_have_text("It is back.")
    assert stored(site)[1][1] == "The Trakk in Namur"


def test_each_row_plays_from_its_second(site, page: Page):
    open_review(page, site)
    row = page.locator("[data-entry]").nth(3)
    row.focus()

    page.keyboard.press("Space")

    expect(page.locator("video")).to_have_js_property("paused", value=False)
    start = float(row.get_attribute("data-start"))
    assert page.locator("video").evaluate("video => video.currentTime") >= start


@pytest.mark.page_errors("422")
def test_refusal_is_said_and_nothing_changes(site, page: Page):
    open_review(page, site)
    before = stored(site)
    page.locator("[data-entry]").first.focus()

    page.keyboard.press("m")

    expect(page.locator("[data-review-said]")).to_contain_text("no entry above")
    assert stored(site) == before


@pytest.mark.page_errors("ERR_INTERNET_DISCONNECTED")
def test_lost_connection_is_said(site, page: Page):
    open_review(page, site)
    page.locator("[data-entry]").first.focus()
    page.context.set_offline(True)

    page.keyboard.press("d")

    expect(page.locator("[data-review-said]")).to_contain_text("could not be saved")


@pytest.mark.parametrize(
    "context",
    [{"viewport": {"width": 360, "height": 740}}, {"color_scheme": "dark"}],
)
def test_review_is_open_to_everyone(site, new_page, context):
    page = open_review(new_page(**context), site)
    page.locator("[data-entry]").nth(2).focus()
    for summary in page.locator("summary").all():
        if summary.is_visible():
            summary.click()

    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
