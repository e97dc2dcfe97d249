"""What waits in a browser: over a reload, over an ended token, and never another's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.core.db import db
from eventapp.core.tokens import derive_token
from eventapp.questions.models import Question, QuestionStatus
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import QuestionFactory, RegistrationFactory, WebinarFactory
from tests.live.conftest import RunningSite, serving
from tests.plugins.app import settings_for

ROOM = "/webinars/hubs/live"
ASKED = "Heard in the tunnel?"


@pytest.fixture
def hall(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        WebinarFactory(slug="hubs", status=WebinarStatus.LIVE, is_moderated=False)
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def asked(hall: RunningSite) -> list[str]:
    with hall.app.app_context():
        return list(db.session.scalars(sa.select(Question.text)))


def ask_without_connection(page: Page, hall: RunningSite) -> None:
    page.goto(hall.url + ROOM)
    page.route("**/live/questions", lambda route: route.abort())
    page.get_by_label("Your question").fill(ASKED)
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("[data-outbox]")).to_contain_text(ASKED)


@pytest.mark.page_errors("ERR_FAILED")
def test_question_that_waits_outlives_a_reload_and_is_sent_once(hall, page: Page):
    ask_without_connection(page, hall)
    page.unroute("**/live/questions")

    page.reload()

    expect(page.locator("[data-list]").get_by_text(ASKED)).to_be_visible(timeout=15_000)
    expect(page.locator("[data-outbox]")).to_be_hidden()
    page.reload()
    assert asked(hall) == [ASKED]


@pytest.mark.page_errors("ERR_FAILED")
def test_nobody_else_in_this_browser_sees_or_sends_what_waits(hall, page: Page):
    ask_without_connection(page, hall)
    page.unroute("**/live/questions")
    page.context.clear_cookies()

    page.goto(hall.url + ROOM)
    page.wait_for_timeout(2500)

    expect(page.locator("[data-outbox]")).to_be_hidden()
    assert asked(hall) == []


@pytest.mark.page_errors("ERR_FAILED")
def test_words_of_a_guest_are_not_sent_as_who_joined_in_another_tab(hall, page: Page):
    with hall.app.app_context():
        registration = RegistrationFactory(webinar=db.session.get_one(Webinar, 1), name="Ben")
        door = f"{hall.url}/r/{derive_token('registration', registration.uid)}/join"
    ask_without_connection(page, hall)
    other = page.context.new_page()
    other.goto(door)
    other.get_by_role("button", name="Join as Ben").click()
    other.goto(hall.url + ROOM)
    expect(other.get_by_text("As Ben")).to_be_visible()
    page.unroute("**/live/questions")

    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(6000)

    expect(page.locator("[data-outbox]")).to_contain_text(ASKED)
    assert asked(hall) == []


@pytest.mark.page_errors("400")
def test_question_is_sent_with_a_new_token_where_the_page_is_old(hall, page: Page):
    page.goto(hall.url + ROOM)
    page.evaluate("document.querySelector('meta[name=csrf-token]').content = 'ended'")
    page.get_by_label("Your question").fill(ASKED)
    page.get_by_role("button", name="Ask", exact=True).click()

    expect(page.locator("[data-list]").get_by_text(ASKED)).to_be_visible(timeout=15_000)
    with hall.app.app_context():
        [question] = db.session.scalars(sa.select(Question))
        assert question.status is QuestionStatus.APPROVED


def test_vote_that_was_given_in_another_tab_already_is_counted_once(hall, page: Page):
    with hall.app.app_context():
        QuestionFactory(webinar_id=1, text="How long?")
    page.goto(hall.url + ROOM)
    other = page.context.new_page()
    other.goto(hall.url + ROOM)
    votes = "[data-list] [data-votes]"

    page.locator("[data-list] [data-vote]").click()
    expect(other.locator(votes)).to_have_text("1", timeout=15_000)
    other.locator("[data-list] [data-vote]").click()

    expect(other.locator("[data-list] [data-vote]")).to_have_attribute("aria-pressed", "true")
    other.wait_for_timeout(1500)
    for tab in (page, other):
        expect(tab.locator(votes)).to_have_text("1")
