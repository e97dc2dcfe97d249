"""The stage fits its screen, whatever is on air, and is a screen that can hang there for days."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from eventapp import create_app
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.live import actions
from eventapp.polls.models import PollKind
from eventapp.webinars.models import WebinarStatus
from tests.factories import PollFactory, QuestionFactory, UserFactory, WebinarFactory
from tests.live.conftest import RunningSite, serving, stage_path
from tests.plugins.app import settings_for

SCREENS = [(1024, 768), (1280, 720), (1280, 800), (1920, 1080), (3840, 2160)]
LONG = "How would a town of five thousand people begin, and who would pay for its first year? "
TEXTS = {"one": "?", "short": "Who pays?", "long": (LONG * 6)[:500], "word": "Ü" * 500}
# What is cut off or covered, in words.
WRONG = """() => {
  const wrong = [];
  const box = (selector) => document.querySelector(selector).getBoundingClientRect();
  for (const selector of [".stage-main", ".stage-poll"]) {
    const part = document.querySelector(selector);
    if (part.offsetParent === null || getComputedStyle(part).display === "none") continue;
    if (part.scrollHeight > part.clientHeight + 1) wrong.push(`${selector} is cut off below`);
    if (part.scrollWidth > part.clientWidth + 1) wrong.push(`${selector} is cut off beside`);
    const { bottom } = part.getBoundingClientRect();
    if (bottom > box(".stage-foot").top + 1) wrong.push(`${selector} covers the foot`);
  }
  if (document.documentElement.scrollHeight > innerHeight) wrong.push("the page scrolls");
  if (box(".stage-qr").bottom > innerHeight) wrong.push("the code is cut off");
  return wrong;
}"""
TYPE = "parseFloat(getComputedStyle(document.querySelector('[data-text]')).fontSize)"


@pytest.fixture
def hall(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        UserFactory()
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def put_on_air(hall) -> Callable[..., int]:
    def put(text: str, **values: Any) -> int:
        with hall.app.app_context():
            question_id: int = QuestionFactory(webinar_id=1, text=text, **values).id
            with transaction():
                actions.put_question_on_air(question_id, webinar_id=1, actor_id=1, now=clock.now())
        return question_id

    return put


def open_poll(hall: RunningSite) -> None:
    with hall.app.app_context():
        PollFactory(
            webinar_id=1,
            text=LONG,
            kind=PollKind.ONE,
            opened_at=clock.now(),
            options=[LONG[:80] + str(number) for number in range(10)],
        )


@pytest.mark.parametrize("has_poll", [False, True], ids=["alone", "with_poll"])
@pytest.mark.parametrize("text", list(TEXTS.values()), ids=list(TEXTS))
def test_nothing_is_cut_off_on_any_screen(hall, page: Page, put_on_air, text, has_poll):
    if has_poll:
        open_poll(hall)
    put_on_air(text, votes=12, label="Money")
    page.goto(hall.url + stage_path(hall.app))
    expect(page.locator("[data-text]")).to_have_text(text)

    wrong = {}
    for width, height in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(60)
        if found := page.evaluate(WRONG):
            wrong[width, height] = found

    assert wrong == {}


def test_type_is_as_large_as_the_screen_allows(hall, page: Page, put_on_air):
    put_on_air("Who pays?")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(hall.url + stage_path(hall.app))
    short = page.evaluate(TYPE)
    put_on_air(TEXTS["long"])
    expect(page.locator("[data-text]")).to_have_text(TEXTS["long"])
    page.wait_for_timeout(60)

    assert short > 110
    assert page.evaluate(TYPE) > 40


def test_votes_and_label_of_what_is_on_air_are_shown_and_grow(hall, page: Page, put_on_air):
    question_id = put_on_air("Who pays?", votes=1, label="Money")
    page.goto(hall.url + stage_path(hall.app))
    expect(page.locator("[data-on-air-votes]")).to_have_text("1 vote")
    expect(page.locator("[data-label]")).to_have_text("Money")

    vote(hall, question_id)

    expect(page.locator("[data-on-air-votes]")).to_have_text("2 votes")


def wait_until(page: Page, holds: str) -> None:
    """Wait for an expression to be true; pages allow no code that is made of text."""
    for _ in range(150):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(100)
    raise AssertionError(holds)


def vote(hall: RunningSite, question_id: int) -> None:
    client = hall.app.test_client()
    client.application.config["WTF_CSRF_ENABLED"] = False
    answer = client.post(
        f"/webinars/hubs/live/questions/{question_id}/vote", headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200


def test_high_contrast_is_kept_and_readable(hall, page: Page, put_on_air):
    put_on_air("Who pays?", votes=3, label="Money")
    page.goto(hall.url + stage_path(hall.app))
    page.get_by_role("button", name="High contrast").click()
    page.reload()

    assert page.evaluate("document.documentElement.dataset.theme") == "contrast"
    page.evaluate(Axe().axe_script + ";0")
    found = page.evaluate(
        "axe.run({runOnly: ['color-contrast-enhanced', 'color-contrast']}).then(r => "
        "r.violations.map(v => v.nodes.map(n => n.html)))"
    )
    assert found == []


def test_key_f_fills_the_screen(hall, page: Page):
    page.goto(hall.url + stage_path(hall.app))

    page.keyboard.press("f")
    wait_until(page, "document.fullscreenElement !== null")
    page.keyboard.press("f")

    wait_until(page, "document.fullscreenElement === null")


def test_stage_that_was_asleep_for_three_days_shows_the_truth(hall, page: Page, put_on_air):
    page.clock.install()
    page.goto(hall.url + stage_path(hall.app))
    expect(page.locator("[data-text]")).to_have_text("Ask your question")

    page.clock.fast_forward(3 * 24 * 3600 * 1000)
    put_on_air("Still awake?")
    page.clock.resume()

    expect(page.locator("[data-text]")).to_have_text("Still awake?")


def test_stage_takes_a_new_script_once_it_is_deployed(hall, page: Page):
    versions = hall.app.extensions["eventapp.assets"].assets.__dict__
    asked = []

    def deploy(route: Route) -> None:
        asked.append(route.request.url)
        versions["scripts_version"] = "0" * 12
        route.continue_()

    page.route("**/live/stage/state.json*", deploy)
    page.goto(hall.url + stage_path(hall.app))

    new = page.locator("script[src*='000000000000']").first
    expect(new).to_be_attached(timeout=15_000)
    page.wait_for_timeout(1500)
    assert len(asked) == 2
