"""Writing a message with its preview beside it, with and without scripts."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.accounts.actions import create_organiser
from eventapp.core import clock, outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import MailStatus, OutgoingMail
from tests.factories import RegistrationFactory
from tests.live.conftest import RunningSite, serving
from tests.plugins.app import settings_for

PASSWORD = "a-long-password-1"
MESSAGES = "/manage/webinars/1/messages"
WORDING = f"{MESSAGES}/wordings/registration_confirmed"


@pytest.fixture
def desk(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    """A webinar that Ada has registered for, and its organiser."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        with transaction():
            create_organiser(email="o@example.org", name="Olga", password=PASSWORD, now=clock.now())
        RegistrationFactory(name="Ada", email="ada@example.org")
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def visit(desk, new_page) -> Callable[..., Page]:
    """Open a page of the desk as its organiser."""

    def open_page(path: str, **options: object) -> Page:
        page: Page = new_page(**options)
        page.set_default_timeout(10_000)
        page.goto(f"{desk.url}/manage/sign-in?next={path}")
        page.locator("[name=email]").fill("o@example.org")
        page.locator("[name=password]").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(desk.url + path)
        return page

    return open_page


def preview_of(page: Page):
    return page.frame_locator("iframe[name=preview]").locator("body")


def find_barriers(page: Page) -> list[str]:
    page.set_viewport_size({"width": 360, "height": 740})
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    barriers = [violation["id"] for violation in found.response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth") > 360:
        barriers.append("the page scrolls sideways")
    return barriers


def test_preview_follows_what_is_typed(visit):
    page = visit(WORDING)
    expect(preview_of(page)).to_contain_text("You have a seat")

    page.get_by_label("Message", exact=True).fill("# Dear {name}\n\nOn {date}.")

    expect(preview_of(page)).to_contain_text("Dear Ada")
    expect(preview_of(page)).to_contain_text("On Tuesday, 24 March 2026.")
    expect(preview_of(page)).to_contain_text("Join the webinar")
    expect(page.get_by_label("Message", exact=True)).to_be_focused()


def test_preview_names_the_culprit(visit):
    page = visit(WORDING)

    page.get_by_label("Subject").fill("For {nmae}")

    expect(preview_of(page)).to_contain_text("Did you mean {name}?")


def test_preview_shows_what_could_not_be_saved(visit):
    page = visit(WORDING)
    page.get_by_label("Subject").fill("")
    page.get_by_label("Message", exact=True).fill("Unsaved")

    page.get_by_role("button", name="Save").click()

    expect(preview_of(page)).to_contain_text("Please write a subject.")


def test_going_back_skips_the_versions_of_the_preview(visit):
    page = visit(f"{MESSAGES}/wordings")
    page.get_by_role("link", name="Confirmation").click()
    page.wait_for_load_state("networkidle")
    for text in ("One", "Two", "Three"):
        page.get_by_label("Message", exact=True).fill(text)
        expect(preview_of(page)).to_contain_text(text)

    page.go_back()

    expect(page).to_have_url(f"{page.url.partition('/manage')[0]}{MESSAGES}/wordings")


def test_preview_works_without_scripts(visit):
    page = visit(WORDING, java_script_enabled=False)
    page.get_by_label("Message", exact=True).fill("Dear **{name}**")

    page.get_by_role("button", name="Preview").click()
    expect(preview_of(page)).to_contain_text("Dear Ada")
    page.get_by_role("button", name="As text").click()

    expect(preview_of(page)).to_contain_text("Subject: You are registered")


def test_message_is_sent_and_its_progress_shown(desk, visit):
    page = visit(f"{MESSAGES}/broadcasts/new")
    page.get_by_label("Subject").fill("News")
    page.get_by_label("Message", exact=True).fill("Hello {name}")
    page.get_by_role("button", name="Save and see whom it goes to").click()
    expect(preview_of(page)).to_contain_text("Hello Ada")
    assert find_barriers(page) == []

    page.get_by_role("button", name="Send to 1 person").click()
    page.get_by_role("dialog").get_by_role("button", name="Send to 1 person").click()
    expect(page.get_by_role("heading", name="Sending 0 of 1 message has been sent")).to_be_visible()
    with desk.app.app_context():
        while outbox.run_due_jobs():
            db.session.rollback()
        with transaction() as session:
            session.execute(sa.update(OutgoingMail).values(status=MailStatus.SENT))

    done = page.get_by_role("heading", name="1 of 1 message has been sent")
    expect(done).to_be_visible()
    assert find_barriers(page) == []
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
