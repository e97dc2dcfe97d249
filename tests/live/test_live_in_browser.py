"""A moderator and someone with a phone, in one webinar."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.accounts.actions import create_organiser
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.core.tokens import derive_token
from eventapp.live import permits
from eventapp.live.permits import Channel
from eventapp.questions.models import QuestionStatus
from eventapp.registrations.queries import count_attended
from eventapp.webinars.models import WebinarStatus
from tests.factories import (
    AgendaItemFactory,
    QuestionFactory,
    RegistrationFactory,
    WebinarFactory,
)
from tests.live.conftest import RunningSite, open_desk, serving, stage_path
from tests.plugins.app import settings_for

PHONE = {"viewport": {"width": 360, "height": 740}}
PASSWORD = "a-long-password-1"


@pytest.fixture
def hall(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    """A live webinar, "hubs", with a question of each kind."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        with transaction():
            create_organiser(email="o@example.org", name="Olga", password=PASSWORD, now=clock.now())
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        AgendaItemFactory(webinar=webinar, title="Welcome")
        QuestionFactory(webinar_id=webinar.id, text="Who pays?", votes=3)
        QuestionFactory(webinar_id=webinar.id, text="How long?", votes=2)
        for status in (QuestionStatus.DISMISSED, QuestionStatus.ANSWERED):
            QuestionFactory(webinar_id=webinar.id, status=status)
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def desk(hall, new_page) -> Page:
    return open_desk(new_page(), hall, email="o@example.org", password=PASSWORD)


@pytest.fixture
def phone(hall, new_page) -> Page:
    page: Page = new_page(**PHONE)
    page.goto(f"{hall.url}/webinars/hubs/live")
    expect(page.locator("[data-connection]")).to_have_text("Up to date")
    return page


def column(desk: Page, key: str):
    return desk.locator(f"[data-column={key}] .question-text")


def test_question_goes_from_a_phone_to_the_stage(hall, desk, phone, new_page):
    stage = new_page()
    stage.goto(hall.url + stage_path(hall.app))
    phone.get_by_label("Your question").fill("Is <b>this</b> open?")
    phone.get_by_role("button", name="Ask").click()

    expect(column(desk, "pending")).to_have_text(["Is <b>this</b> open?"])
    expect(phone.locator("[data-mine]")).to_contain_text("Waiting for a moderator")
    desk.locator("[data-column=pending] .question").focus()
    desk.keyboard.press("o")

    expect(column(desk, "on_air")).to_have_text(["Is <b>this</b> open?"])
    expect(phone.locator("[data-on-air-text]")).to_have_text("Is <b>this</b> open?")
    expect(stage.locator("[data-text]")).to_have_text("Is <b>this</b> open?")

    desk.get_by_role("button", name="Undo").click()

    expect(column(desk, "pending")).to_have_text(["Is <b>this</b> open?"])
    expect(phone.locator("[data-on-air-text]")).to_have_text("No question is on air.")
    expect(stage.locator("[data-text]")).to_have_text("Ask your question")


def test_state_that_comes_late_brings_back_nothing_that_has_gone(hall, desk, new_page):
    desk.locator(".question", has_text="Who pays?").focus()
    desk.keyboard.press("o")
    expect(desk.locator("[data-undo-label]")).to_contain_text("On air")
    stage = new_page()
    states = []
    stage.route("**/state.json*", lambda route: states.append((route, route.fetch())))
    stage.goto(hall.url + stage_path(hall.app))
    expect(stage.locator("[data-text]")).to_have_text("Who pays?")
    while not states:
        stage.wait_for_timeout(50)

    desk.get_by_role("button", name="Undo").click()
    expect(column(desk, "approved")).to_have_text(["Who pays?", "How long?"])
    stage.wait_for_timeout(500)
    for route, answer in states:
        route.fulfill(response=answer)

    expect(stage.locator("[data-text]")).to_have_text("Ask your question")
    expect(stage.locator(".stage-next-text")).to_have_text(["Who pays?", "How long?"])


@pytest.fixture
def short_permits(monkeypatch):
    lasts = (timedelta(seconds=2), timedelta(seconds=1))
    monkeypatch.setitem(permits.LASTS, Channel.DESK, lasts)


def test_desk_stays_in_step_after_its_permit_has_ended(short_permits, hall, desk, phone):
    with desk.expect_request("**/live/state.json"), desk.expect_request("**/live/stream?*"):
        expect(desk.locator("[data-connection]")).to_have_text("Up to date")

    phone.get_by_label("Your question").fill("Are you there?")
    phone.get_by_role("button", name="Ask").click()

    expect(column(desk, "pending")).to_have_text(["Are you there?"])
    expect(desk.locator("[data-connection]")).to_have_text("Up to date")


def test_page_that_is_looked_at_again_opens_one_stream(short_permits, hall, desk):
    states, streams = [], []

    def hold(route):
        states.append(route)

    def count(route):
        streams.append(route)
        route.continue_()

    desk.route("**/state.json*", hold)
    while not states:
        desk.wait_for_timeout(50)
    desk.route("**/live/stream?*", count)

    for _ in range(2):
        desk.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    desk.wait_for_timeout(200)
    for route in states:
        route.continue_()
    desk.wait_for_timeout(800)

    assert len(streams) == 1


def test_votes_sort_the_list_for_everyone(desk, phone, new_page, hall):
    other = new_page(**PHONE)
    other.goto(f"{hall.url}/webinars/hubs/live")
    for page in (phone, other):
        button = page.locator(".question", has_text="How long?").get_by_role("button")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")

    shown = phone.locator("[data-list] .question:visible .question-text")
    expect(shown).to_have_text(["How long?", "Who pays?"])
    expect(column(desk, "approved")).to_have_text(["How long?", "Who pays?"])


def test_enter_on_a_chosen_question_does_nothing_to_it(desk):
    desk.locator(".question", has_text="Who pays?").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("d")

    expect(column(desk, "dismissed").filter(has_text="Who pays?")).to_have_count(1)


def test_key_does_nothing_where_the_desk_offers_no_such_act(desk):
    desk.get_by_role("button", name="End the webinar").click()
    desk.get_by_role("dialog").get_by_role("button", name="End the webinar").click()
    expect(desk.get_by_text("The webinar is over.")).to_be_visible()
    desk.locator(".question", has_text="Who pays?").focus()
    desk.keyboard.press("o")
    desk.keyboard.press("d")

    expect(column(desk, "dismissed").filter(has_text="Who pays?")).to_have_count(1)


def test_keys_reach_the_questions_from_anywhere_on_the_page(desk):
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("o")
    expect(column(desk, "on_air")).to_have_text(["Who pays?"])
    desk.keyboard.press("w")

    expect(column(desk, "on_air")).to_have_count(0)
    expect(column(desk, "answered").filter(has_text="Who pays?")).to_have_count(1)
    expect(desk.locator("[data-undo-label]")).to_contain_text("Answered")

    desk.keyboard.press("u")

    expect(column(desk, "on_air")).to_have_text(["Who pays?"])


def test_keys_reach_columns_that_are_behind_tabs(desk):
    desk.set_viewport_size({"width": 640, "height": 740})
    desk.locator("[data-tab-link=approved]").click()
    desk.locator(".question", has_text="Who pays?").focus()

    desk.keyboard.press("o")
    expect(column(desk, "on_air")).to_be_visible()
    desk.keyboard.press("w")

    expect(column(desk, "on_air")).to_have_count(0)
    expect(column(desk, "answered").filter(has_text="Who pays?")).to_have_count(1)


def test_tab_stays_while_questions_are_published_one_after_another(desk, phone):
    desk.set_viewport_size({"width": 390, "height": 740})
    phone.get_by_label("Your question").fill("May I come in?")
    phone.get_by_role("button", name="Ask").click()
    waiting = desk.locator("[data-column=pending] .question", has_text="May I come in?")

    waiting.get_by_role("button", name="Publish").click()

    expect(column(desk, "approved").filter(has_text="May I come in?")).to_have_count(1)
    expect(desk.locator("[data-tab-link=pending]")).to_have_attribute("aria-current", "true")


@pytest.mark.page_errors("409", "ERR_FAILED")
def test_second_moderator_is_told_and_shown_the_truth(desk, hall):
    late = desk.context.new_page()
    late.goto(desk.url)
    late.route("**/live/stream*", lambda route: route.abort())
    late.reload()
    first = desk.locator(".question", has_text="Who pays?")
    first.get_by_role("button", name="Set aside").click()
    expect(column(desk, "dismissed").filter(has_text="Who pays?")).to_have_count(1)

    late.locator(".question", has_text="Who pays?").get_by_role("button", name="Set aside").click()

    expect(late.get_by_role("alert")).to_have_text("This question is already set aside.")


BROKEN_WORDS = """text => text.match(/\\S+/g).filter(word => {
  const node = document.querySelector("[data-text]").firstChild;
  const range = document.createRange();
  range.setStart(node, text.indexOf(word));
  range.setEnd(node, text.indexOf(word) + word.length);
  return new Set([...range.getClientRects()].map(box => box.top)).size > 1;
})"""


@pytest.mark.parametrize("width", [320, 360, 640, 768, 1280])
def test_stage_breaks_no_ordinary_word(hall, new_page, width):
    asked = "Are such responsibilities a competition?"
    with hall.app.app_context():
        QuestionFactory(webinar_id=1, text=asked, status=QuestionStatus.ON_AIR)
    stage = new_page(viewport={"width": width, "height": 740})
    stage.goto(hall.url + stage_path(hall.app))
    expect(stage.locator("[data-text]")).to_have_text(asked)

    assert stage.evaluate(BROKEN_WORDS, asked) == []


def test_who_came_early_and_stayed_has_attended(hall, desk, new_page):
    with hall.app.app_context():
        now = clock.now()
        starts_at, ends_at = now + timedelta(minutes=5), now + timedelta(hours=1)
        soon = WebinarFactory(slug="early", starts_at=starts_at, ends_at=ends_at)
        ada = RegistrationFactory(webinar=soon)
        webinar_id = soon.id
        token = derive_token("registration", ada.uid)
    page = new_page()
    # Nobody waits for their turn among the many.
    page.add_init_script("Math.random = () => 0")
    page.goto(f"{hall.url}/r/{token}/")
    page.get_by_role("button", name="Join the webinar").click()
    expect(page.locator("[data-connection]")).to_have_text("Up to date")
    desk.goto(f"{hall.url}/manage/webinars/{webinar_id}/live")

    with page.expect_response("**/webinars/early/live/seen"):
        desk.get_by_role("button", name="Go live").click()

    with hall.app.app_context():
        assert count_attended(webinar_id) == 1


LONG_WORD = "x" * 500
LONG_TEXT = "Could you tell us how it is paid for, and by whom? " * 9


def test_word_without_an_end_stays_on_its_card(hall, desk, phone):
    with hall.app.app_context():
        for status in (QuestionStatus.PENDING, QuestionStatus.APPROVED, QuestionStatus.ON_AIR):
            QuestionFactory(webinar_id=1, text=LONG_WORD, status=status)

    for page in (desk, phone):
        page.reload()

        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_stage_keeps_its_code_in_sight(hall, new_page):
    slug = "-".join(["a-long-address"] * 6)
    with hall.app.app_context():
        webinar_id = WebinarFactory(slug=slug, status=WebinarStatus.LIVE).id
        QuestionFactory(webinar_id=webinar_id, text=LONG_TEXT, status=QuestionStatus.ON_AIR)
    stage = new_page()

    stage.goto(hall.url + stage_path(hall.app, slug, webinar_id=webinar_id))

    box = stage.locator(".stage-qr").bounding_box()
    assert box["x"] + box["width"] <= 1280
    assert box["y"] + box["height"] <= 800


def test_mark_of_the_connection_begins_where_the_buttons_do_on_a_phone(desk):
    desk.set_viewport_size({"width": 360, "height": 740})

    button = desk.get_by_role("button", name="End the webinar").bounding_box()
    words = desk.evaluate(
        """() => {
          const range = document.createRange();
          range.selectNodeContents(document.querySelector("[data-connection]"));
          return range.getBoundingClientRect().x;
        }"""
    )

    dot = 16
    assert words - button["x"] <= dot


@pytest.mark.browser_context(java_script_enabled=False)
def test_room_works_without_scripts(hall, page):
    page.goto(f"{hall.url}/webinars/hubs/live")
    page.get_by_label("Your question").fill("Without a script?")
    page.get_by_role("button", name="Ask").click()
    page.locator(".question", has_text="Who pays?").get_by_role("button").click()

    voted = page.locator(".question", has_text="Who pays?").get_by_role("button")
    expect(voted).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".question", has_text="Without a script?")).to_contain_text("Waiting")
    page.get_by_role("link", name="Answered").click()
    expect(page.locator(".question:visible")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_live_pages_have_no_barriers(hall, desk, phone, scheme):
    for page in (desk, phone):
        page.emulate_media(color_scheme=scheme)

        violations = Axe().run(page).response["violations"]

        assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
