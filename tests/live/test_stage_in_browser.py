"""A screen that shows the stage while its address is given up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.live import actions
from eventapp.webinars.models import WebinarStatus
from tests.factories import QuestionFactory, UserFactory, WebinarFactory
from tests.live.conftest import RunningSite, serving, stage_path
from tests.plugins.app import settings_for

MOVED = "This stage has a new address: take it from the live desk."


@pytest.fixture
def hall(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    """A live webinar, "hubs", with one question."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        QuestionFactory(webinar_id=webinar.id, text="Who pays?")
        UserFactory()
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def move_stage(hall: RunningSite) -> None:
    with hall.app.app_context(), transaction():
        actions.move_stage(1, actor_id=1, now=clock.now())


@pytest.mark.page_errors("409")
def test_screen_lets_go_of_an_address_that_was_given_up(hall, page: Page):
    with page.expect_request("**/live/stage/stream?*"):
        page.goto(hall.url + stage_path(hall.app))
    expect(page.get_by_text("Who pays?")).to_be_visible()

    move_stage(hall)

    expect(page.get_by_text(MOVED)).to_be_visible()
    expect(page.get_by_text("Who pays?")).to_have_count(0)


@pytest.mark.page_errors("409", "ERR_FAILED")
def test_screen_that_heard_nothing_lets_go_when_it_asks_how_things_stand(hall, page: Page):
    page.route("**/live/stage/stream?*", lambda route: route.abort())
    page.route("**/live/stage/state.json*", lambda route: route.abort())
    page.goto(hall.url + stage_path(hall.app))
    expect(page.get_by_text("Who pays?")).to_be_visible()
    move_stage(hall)

    page.unroute("**/live/stage/state.json*")

    expect(page.get_by_text(MOVED)).to_be_visible(timeout=20_000)
