"""Choosing many in the list, by mouse and by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.accounts.actions import create_organiser
from eventapp.core import clock, outbox
from eventapp.core.db import db, transaction
from eventapp.registrations.models import Registration, RegistrationStatus
from tests.factories import RegistrationFactory, WebinarFactory
from tests.live.conftest import RunningSite, serving
from tests.plugins.app import settings_for

PASSWORD = "a-long-password-1"
WAITING_FOR_A_DECISION = 60


@pytest.fixture
def running(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    """A webinar that many have asked to come to."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        with transaction():
            create_organiser(email="o@example.org", name="Olga", password=PASSWORD, now=clock.now())
        now = clock.now()
        starts_at = now.replace(year=now.year + 1, day=1)
        webinar = WebinarFactory(starts_at=starts_at, ends_at=starts_at.replace(day=2))
        RegistrationFactory.create_batch(
            WAITING_FOR_A_DECISION, webinar=webinar, status=RegistrationStatus.REQUESTED
        )
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def list_page(running, new_page) -> Page:
    page: Page = new_page()
    page.set_default_timeout(15_000)
    path = "/manage/webinars/1/registrations"
    page.goto(f"{running.url}/manage/sign-in?next={path}")
    page.locator("[name=email]").fill("o@example.org")
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    return page


def test_all_that_match_are_chosen_and_let_in(running, list_page):
    rows = list_page.locator('tbody input[name="id"]')
    let_in = list_page.get_by_role("button", name="Let in")
    expect(let_in).to_be_disabled()

    list_page.get_by_label("All on this page").check()
    expect(list_page.get_by_text("50 ticked")).to_be_visible()
    rows.nth(3).uncheck()
    expect(list_page.get_by_text("49 ticked")).to_be_visible()
    list_page.get_by_label(f"All {WAITING_FOR_A_DECISION}, also on other pages").focus()
    list_page.keyboard.press("Space")
    expect(rows.first).to_be_disabled()
    let_in.click()
    expect(list_page.get_by_role("heading", level=1)).to_have_text("Let 60 people in?")
    list_page.get_by_role("button", name="Let 60 people in").click()
    expect(list_page.get_by_role("heading", level=1)).to_have_text("Working on it …")
    with running.app.app_context():
        while outbox.run_due_jobs():
            pass
        confirmed = db.session.query(Registration).filter_by(status="confirmed").count()

    expect(list_page.get_by_role("heading", level=1)).to_have_text("Done")
    assert confirmed == WAITING_FOR_A_DECISION
