"""Registering colleagues, with a keyboard alone and by the script of the page."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.core import clock
from eventapp.core.db import db
from tests.factories import RegistrationPolicyFactory, WebinarFactory
from tests.live.conftest import RunningSite, serving
from tests.plugins.app import settings_for

PHONE = {"viewport": {"width": 360, "height": 740}}


@pytest.fixture
def site(tmp_path, migrated_sqlite, stopped_clock) -> Iterator[RunningSite]:
    """A webinar, "hubs", for groups of up to three."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        webinar = WebinarFactory(slug="hubs")
        RegistrationPolicyFactory(webinar_id=webinar.id, largest_group=3, updated_at=clock.now())
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def form(site, new_page) -> Page:
    page: Page = new_page(**PHONE)
    page.goto(f"{site.url}/webinars/hubs/register")
    return page


def test_group_is_filled_in_by_keyboard_alone(site, form):
    form.locator("#name").focus()
    for word in ("Ada", "ada@example.org", ""):
        form.keyboard.type(word)
        form.keyboard.press("Tab")
    form.keyboard.press("Enter")
    expect(form.locator("#others-0-name")).to_be_focused()
    for word in ("Ben", "ben@example.org", ""):
        form.keyboard.type(word)
        form.keyboard.press("Tab")

    form.locator("#others-0-email").press("Enter")

    expect(form.get_by_role("heading", name="Thank you")).to_be_visible()


def test_people_are_counted_anew_and_no_more_than_fit(form):
    add = form.get_by_role("button", name="Add another person")
    add.click()
    form.locator("#others-0-name").fill("Ben")
    add.click()
    form.locator("#others-1-name").fill("Cleo")
    expect(add).to_be_hidden()

    form.get_by_role("button", name="Leave person 2 out").click()

    expect(form.locator("[data-group-person] legend:visible")).to_have_text(["Person 2"])
    expect(form.locator("#others-1-name")).to_have_value("Cleo")
    expect(add).to_be_focused()
    add.click()
    expect(form.locator("[data-group-person] legend:visible")).to_have_text(
        ["Person 2", "Person 3"]
    )


@pytest.mark.browser_context(java_script_enabled=False)
def test_group_works_without_javascript(form):
    form.get_by_label("Name", exact=False).first.fill("Ada")
    form.locator("#email").fill("ada@example.org")
    form.get_by_role("button", name="Add another person").click()
    form.locator("#others-0-name").fill("Ben")
    form.locator("#others-0-email").fill("ben@")

    form.get_by_role("button", name=re.compile("^Register$")).click()

    expect(form.get_by_role("alert")).to_contain_text("Person 2: E-mail address")
    expect(form.locator("#name")).to_have_value("Ada")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_form_with_mistakes_has_no_barriers(form, colours):
    form.emulate_media(color_scheme=colours)
    form.get_by_role("button", name="Add another person").click()
    form.locator("#others-0-name").fill("Ben")
    form.get_by_role("button", name=re.compile("^Register$")).click()
    expect(form.get_by_role("alert")).to_be_visible()

    found = Axe().run(form, options={"resultTypes": ["violations"]})

    assert [each["id"] for each in found.response["violations"]] == []
    assert not form.evaluate("document.body.scrollWidth > document.documentElement.clientWidth")
