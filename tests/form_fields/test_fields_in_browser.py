"""The form's own fields in a real browser: put in order, and shown for some answers alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.accounts.actions import create_organiser
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.form_fields.models import FieldKind
from tests.factories import FormFieldFactory, WebinarFactory
from tests.live.conftest import RunningSite, serving
from tests.plugins.app import settings_for

PASSWORD = "a-long-password-1"
YES_OR_NO = [{"id": "y", "text": "Yes"}, {"id": "n", "text": "No"}]
FORM = "/manage/webinars/1/form"


@pytest.fixture
def running(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    """A form: "Do you teach?", then "Your school" for those who do, then "Your town"."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        with transaction():
            create_organiser(email="o@example.org", name="Olga", password=PASSWORD, now=clock.now())
        webinar = WebinarFactory()
        choice = FormFieldFactory(
            webinar=webinar, kind=FieldKind.ONE_OF, label="Do you teach?", options=YES_OR_NO
        )
        FormFieldFactory(
            webinar=webinar,
            label="Your school",
            is_required=True,
            depends_on_id=choice.id,
            depends_on_value="y",
        )
        FormFieldFactory(webinar=webinar, label="Your town")
    with serving(app) as site:
        yield site
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def desk(running, page) -> Page:
    """The page of the form."""
    sign_in(page, running.url)
    return page


def sign_in(page: Page, url: str) -> None:
    page.set_default_timeout(10_000)
    page.goto(f"{url}/manage/sign-in?next={FORM}")
    page.locator("[name=email]").fill("o@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Registration form")).to_be_visible()


def expect_order(page: Page, *labels: str) -> None:
    expect(page.locator("[data-reorder] .editor-title a")).to_have_text(labels)


def test_field_is_dragged_and_moved_by_keys(desk):
    grip = desk.get_by_role("button", name="Move Your town", exact=True)
    first = desk.locator("[data-reorder] > li").first.bounding_box()
    grip.hover()
    desk.mouse.down()
    desk.mouse.move(first["x"] + 24, first["y"] + 2, steps=20)
    desk.mouse.up()
    expect(desk.get_by_text("The new order is saved.")).to_be_attached()
    desk.reload()
    expect_order(desk, "Your town", "Do you teach?", "Your school")

    grip.focus()
    for key in ("Space", "ArrowDown", "Space"):
        desk.keyboard.press(key)
    expect(desk.get_by_text("The new order is saved.")).to_be_attached()
    desk.reload()
    expect_order(desk, "Do you teach?", "Your town", "Your school")


@pytest.mark.page_errors("409")
def test_order_that_cannot_be_is_put_back_and_said(desk):
    desk.get_by_role("button", name="Move Your school", exact=True).focus()
    for key in ("Space", "ArrowUp", "Space"):
        desk.keyboard.press(key)

    expect(desk.get_by_text("it has to come after it")).to_be_visible()
    expect_order(desk, "Do you teach?", "Your school", "Your town")


def test_options_are_asked_for_with_a_choice_alone(desk):
    options = desk.get_by_label("Options")
    expect(options).to_be_hidden()

    desk.get_by_label("Kind").select_option("Choose one option")

    expect(options).to_be_visible()
    assert Axe().run(desk).response["violations"] == []


def test_field_is_shown_for_the_answer_it_depends_on(desk, running):
    desk.goto(f"{running.url}{FORM}/preview")
    school = desk.get_by_label("Your school")
    expect(school).to_be_hidden()

    desk.get_by_label("Yes").check()
    expect(school).to_be_visible()
    expect(desk.get_by_text("Only if you answered")).to_be_hidden()
    desk.get_by_role("button", name="Try it out").click()

    expect(desk.get_by_role("alert")).to_contain_text("Please fill this in.")
    expect(school).to_be_visible()
    assert Axe().run(desk).response["violations"] == []
    desk.get_by_label("No", exact=True).check()
    expect(school).to_be_hidden()
    desk.get_by_role("button", name="Try it out").click()
    expect(desk.get_by_text("These answers would be accepted.")).to_be_visible()


def test_without_scripts_everything_is_shown_and_says_for_whom(running, new_page):
    page = new_page(java_script_enabled=False)
    sign_in(page, running.url)

    page.get_by_role("button", name="Move “Your town” up").click()
    expect_order(page, "Do you teach?", "Your town", "Your school")
    page.goto(f"{running.url}{FORM}/preview")
    expect(page.get_by_label("Your school")).to_be_visible()
    expect(page.get_by_text("Only if you answered “Yes” to “Do you teach?”.")).to_be_visible()
    page.get_by_role("button", name="Try it out").click()

    expect(page.get_by_text("These answers would be accepted.")).to_be_visible()
