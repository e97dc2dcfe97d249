"""A poll from the desk to two phones and the stage, and applause."""

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
from eventapp.polls.models import PollKind, PollStatus, ResultsShown
from eventapp.webinars.models import WebinarStatus
from tests.factories import PollFactory, WebinarFactory
from tests.live.conftest import RunningSite, open_desk, serving
from tests.plugins.app import settings_for

PHONE = {"viewport": {"width": 360, "height": 740}}
PASSWORD = "a-long-password-1"
ROOM = "/webinars/hubs/live"


@pytest.fixture
def hall(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    """A live webinar, "hubs", with a poll of each kind that hasn't been opened."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        with transaction():
            create_organiser(email="o@example.org", name="Olga", password=PASSWORD, now=clock.now())
        webinar_id = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE).id
        for text, kind, options, results in (
            ("Which colour?", PollKind.ONE, None, ResultsShown.ALWAYS),
            ("What is missing?", PollKind.WORDS, [], ResultsShown.VOTED),
            ("How clear was it?", PollKind.RATING, list("12345"), ResultsShown.CLOSED),
        ):
            PollFactory(
                webinar_id=webinar_id,
                text=text,
                kind=kind,
                results=results,
                options=options,
                status=PollStatus.DRAFT,
                opened_at=None,
            )
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def desk(hall, new_page) -> Page:
    return open_desk(new_page(), hall, email="o@example.org", password=PASSWORD)


@pytest.fixture
def open_page(hall, new_page):
    def open_at(path: str, **context: object) -> Page:
        page: Page = new_page(**context)
        page.set_default_timeout(10_000)
        page.goto(f"{hall.url}{path}")
        return page

    return open_at


def start_poll(desk: Page, number: int) -> None:
    desk.locator(f"#poll-{number} [data-poll-act=open]:visible").click()


def counts(page: Page) -> list[str]:
    return page.locator("[data-poll]:visible [data-poll-votes]:visible").all_text_contents()


def test_poll_goes_from_the_desk_to_phones_and_the_stage(desk, open_page):
    phone, other = open_page(ROOM, **PHONE), open_page(ROOM, **PHONE)
    stage = open_page(desk.get_by_role("link", name="Stage", exact=True).get_attribute("href"))
    start_poll(desk, 1)
    phone.get_by_label("Red").check()
    phone.get_by_role("button", name="Vote", exact=True).click()

    expect(phone.get_by_text("Your answer has been counted.")).to_be_visible()
    for page in (phone, other, stage, desk):
        expect(page.locator("#poll-1, [data-card]").locator("[data-voters]")).to_have_text("1")
        assert counts(page) == ["1", "0"]
    expect(other.locator("[data-poll-news]")).to_have_text("A poll has opened: Which colour?")
    expect(other.get_by_label("Red")).not_to_be_checked()


def test_vote_is_changed_and_still_there_after_a_reload(desk, open_page):
    start_poll(desk, 1)
    phone = open_page(ROOM, **PHONE)
    phone.get_by_label("Red").check()
    phone.get_by_role("button", name="Vote", exact=True).click()
    phone.get_by_label("Blue").check()
    phone.get_by_role("button", name="Change my vote").click()
    expect(phone.locator("[data-option] [data-poll-votes]").last).to_have_text("1")

    phone.reload()

    expect(phone.get_by_label("Blue")).to_be_checked()
    assert counts(phone) == ["0", "1"]


def test_words_are_seen_by_who_has_written_and_hidden_by_a_moderator(desk, open_page):
    phone, other = open_page(ROOM, **PHONE), open_page(ROOM, **PHONE)
    stage = open_page(desk.get_by_role("link", name="Stage", exact=True).get_attribute("href"))
    start_poll(desk, 2)
    phone.get_by_label("Word 1 of 3").fill("Rude")
    phone.get_by_label("Word 2 of 3").fill("<b>Trust</b>")
    phone.keyboard.press("Enter")

    cloud = phone.locator("#poll-2 .cloud-word [data-option-text]")
    expect(cloud).to_have_text(["<b>Trust</b>", "Rude"])
    expect(stage.locator("[data-voters]")).to_have_text("1")
    expect(stage.locator(".cloud-word")).to_have_count(0)
    expect(other.locator("#poll-2")).to_contain_text("You see the results once you have voted.")
    desk.locator("#poll-2 .cloud-word", has_text="Rude").get_by_text("Hide").click()
    expect(desk.locator("#poll-2 [data-hidden]")).to_contain_text("Rude")
    desk.locator("#poll-2 [data-poll-act=close]").click()
    for page in (phone, other, stage):
        words = page.locator("#poll-2, [data-card]").locator(".cloud-word [data-option-text]")
        expect(words).to_have_text(["<b>Trust</b>"])


def test_next_poll_takes_the_place_of_the_one_before(desk, open_page):
    phone = open_page(ROOM, **PHONE)
    start_poll(desk, 1)
    expect(phone.locator("[data-open-polls] #poll-1")).to_be_visible()

    start_poll(desk, 3)

    expect(phone.locator("[data-open-polls] [data-poll]")).to_have_count(1)
    expect(phone.locator("[data-open-polls] #poll-3")).to_be_visible()
    expect(phone.locator("[data-closed-polls] #poll-1")).to_have_count(1)
    expect(desk.locator("#poll-1")).to_have_attribute("data-status", "closed")


@pytest.mark.page_errors("ERR_INTERNET_DISCONNECTED", "vote")
def test_vote_without_a_connection_is_sent_when_there_is_one(desk, open_page):
    start_poll(desk, 1)
    phone = open_page(ROOM, **PHONE)
    phone.get_by_label("Blue").check()
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Vote", exact=True).click()
    expect(phone.get_by_text("Your answer will be sent as soon as you are.")).to_be_visible()

    phone.context.set_offline(False)

    expect(phone.get_by_text("Your answer has been counted.")).to_be_visible(timeout=15_000)
    expect(desk.locator("#poll-1 [data-voters]")).to_have_text("1")


def test_applause_shows_at_once_and_reaches_everyone(desk, open_page):
    phone, other = open_page(ROOM, **PHONE), open_page(ROOM, **PHONE)
    applause = phone.get_by_role("button", name="Applause")
    requests: list[str] = []
    phone.on("request", lambda request: requests.append(request.url))

    for _number in range(4):
        applause.click()

    expect(applause.locator("[data-count]")).to_have_text("4")
    expect(other.get_by_role("button", name="Applause").locator("[data-count]")).to_have_text("4")
    expect(desk.locator("[data-reactions] [data-kind=applause] [data-count]")).to_have_text("4")
    assert len([url for url in requests if "/reactions/" in url]) == 2


def test_polls_hold_for_screen_readers(desk, open_page):
    phone = open_page(ROOM, **PHONE)
    for number in (1, 2, 3):
        start_poll(desk, number)
        expect(phone.locator(f"[data-open-polls] #poll-{number}")).to_be_visible()
        found = [*Axe().run(phone).response["violations"], *Axe().run(desk).response["violations"]]
        assert [violation["id"] for violation in found] == []


def test_page_of_polls_holds_for_screen_readers(desk, hall):
    start_poll(desk, 1)

    for path in ("", "new", "2"):
        desk.goto(f"{hall.url}/manage/webinars/1/polls/{path}")
        found = Axe().run(desk).response["violations"]
        assert [violation["id"] for violation in found] == []
