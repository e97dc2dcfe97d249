"""A speaker's phone beside the camera, while a moderator runs the show."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.live import actions
from eventapp.questions.models import QuestionStatus
from eventapp.speakers.doors import door_token
from eventapp.webinars.models import AgendaItemSpeaker, WebinarStatus
from tests.factories import (
    AgendaItemFactory,
    QuestionFactory,
    SpeakerFactory,
    UserFactory,
    WebinarFactory,
    add_speaker,
)
from tests.live.conftest import RunningSite, serving
from tests.plugins.app import settings_for

AXE = Axe().axe_script + ";0"


@pytest.fixture
def hall(tmp_path, migrated_sqlite) -> Iterator[tuple[RunningSite, str]]:
    """The site, and the address of Ada's view of the live webinar "hubs"."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        ada = SpeakerFactory(name="Ada")
        add_speaker(webinar, ada)
        for title in ("Ada speaks", "Goodbye"):
            AgendaItemFactory(webinar=webinar, title=title, minutes=10)
        webinar.agenda_items[0].appearances.append(AgendaItemSpeaker(speaker_id=ada.id))
        QuestionFactory(webinar_id=1, text="Who pays?", status=QuestionStatus.APPROVED)
        QuestionFactory(webinar_id=1, text="Not yet read", status=QuestionStatus.PENDING)
        UserFactory()
        db.session.commit()
        token = door_token(ada)
    with serving(app) as running:
        yield running, f"{running.url}/s/{token}/hubs/"
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_phone_shows_the_time_left_and_what_was_assigned(hall, page: Page):
    site, address = hall
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address)
    expect(page.locator("[data-now-title]")).to_have_text("Nothing is running")

    by = {"actor_id": 1, "now": clock.now()}
    with site.app.app_context(), transaction():
        actions.start_agenda_item(1, agenda_item_id=1, **by)
    with site.app.app_context(), transaction():
        for question_id in (1, 2):
            actions.assign_question(
                question_id, webinar_id=1, speaker_id=1, agenda_item_id=None, **by
            )

    expect(page.locator("[data-now-title]")).to_have_text("Ada speaks")
    assert page.locator("[data-left]").inner_text().startswith("9:")
    expect(page.locator(".speaker-question")).to_have_text(["Who pays?"])
    expect(page.locator("[data-next-title]")).to_have_text("Goodbye")
    page.evaluate(AXE)
    assert page.evaluate("axe.run().then(r => r.violations.map(v => v.id))") == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_time_is_counted_down_and_over_by_the_servers_clock(hall, page: Page):
    site, address = hall
    with site.app.app_context(), transaction():
        actions.start_agenda_item(1, agenda_item_id=1, actor_id=1, now=clock.now())
    page.clock.install(time=0)
    page.goto(address)
    assert page.locator("[data-left]").inner_text().startswith(("9:", "10:"))

    page.clock.fast_forward(9 * 60_000)
    expect(page.locator("[data-now]")).to_have_attribute("data-is", "soon")
    expect(page.locator("[data-drift]")).to_contain_text("Please come to an end")
    page.clock.fast_forward(3 * 60_000)

    expect(page.locator("[data-now]")).to_have_attribute("data-is", "over")
