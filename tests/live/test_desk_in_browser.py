"""The desk by keyboard: the keys that its overview shows, its dialogs, a colleague beside it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from eventapp import create_app
from eventapp.accounts.actions import create_organiser
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.questions.models import QuestionStatus
from eventapp.webinars.models import WebinarStatus
from tests.factories import (
    AgendaItemFactory,
    QuestionFactory,
    SpeakerFactory,
    WebinarFactory,
    add_speaker,
)
from tests.live.conftest import RunningSite, open_desk, serving
from tests.plugins.app import settings_for

PASSWORD = "a-long-password-1"
AXE = Axe().axe_script + ";0"
WAITING, PUBLISHED, OTHER = "Who pays?", "How long?", "How many?"


@pytest.fixture
def hall(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
    """Two moderators; one question that waits and two that are published, in "hubs"."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    app = create_app(settings_for(tmp_path), TESTING=True)
    with app.app_context():
        with transaction():
            for name in ("olga", "marek"):
                create_organiser(
                    email=f"{name}@example.org",
                    name=name.capitalize(),
                    password=PASSWORD,
                    now=clock.now(),
                )
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        for title in ("Welcome", "Goodbye"):
            AgendaItemFactory(webinar=webinar, title=title)
        add_speaker(webinar, SpeakerFactory(name="Ada"))
        QuestionFactory(webinar_id=1, text=WAITING, status=QuestionStatus.PENDING)
        QuestionFactory(webinar_id=1, text=PUBLISHED, status=QuestionStatus.APPROVED)
        QuestionFactory(webinar_id=1, text=OTHER, status=QuestionStatus.APPROVED)
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def moderate(hall, new_page) -> Callable[[str], Page]:
    def sign_in(name: str) -> Page:
        return open_desk(new_page(), hall, email=f"{name}@example.org", password=PASSWORD)

    return sign_in


@pytest.fixture
def desk(moderate) -> Page:
    return moderate("olga")


def card(desk: Page, text: str) -> Locator:
    return desk.locator("[data-columns] [data-question], [data-column] [data-question]").filter(
        has=desk.locator(".question-text", has_text=text)
    )


def press(desk: Page, text: str, key: str) -> None:
    card(desk, text).first.focus()
    desk.keyboard.press(key)


def stands(desk: Page, text: str, column: str) -> None:
    expect(desk.locator(f"[data-column={column}] .question-text", has_text=text)).to_have_count(1)


def test_questions_go_their_whole_way_by_keys(desk):
    press(desk, WAITING, "a")
    stands(desk, WAITING, "approved")
    press(desk, WAITING, "o")
    stands(desk, WAITING, "on_air")
    press(desk, WAITING, "w")
    stands(desk, WAITING, "answered")
    press(desk, WAITING, "b")
    stands(desk, WAITING, "approved")
    press(desk, WAITING, "d")
    stands(desk, WAITING, "dismissed")

    desk.keyboard.press("u")
    stands(desk, WAITING, "approved")
    desk.keyboard.press("u")
    stands(desk, WAITING, "answered")


def test_pin_and_silence_are_one_key_there_and_back(desk):
    for key, mark in (("p", "pinned"), ("s", "silenced")):
        for value in ("true", "false"):
            press(desk, WAITING, key)
            expect(card(desk, WAITING)).to_have_attribute(f"data-{mark}", value)


@pytest.mark.parametrize(
    ("key", "dialog", "typed", "shown"),
    [
        ("e", "edit", "Who pays for it?", "Who pays for it?"),
        ("l", "label", "Money", "Money"),
        ("r", "answer", "The town does.", "The town does."),
    ],
)
def test_dialog_takes_the_words_and_gives_the_focus_back(desk, key, dialog, typed, shown):
    press(desk, WAITING, key)
    opened = desk.locator(f"[data-dialog={dialog}]")
    expect(opened).to_be_visible()
    desk.keyboard.press("Escape")
    expect(opened).to_be_hidden()
    expect(card(desk, WAITING)).to_be_focused()

    desk.keyboard.press(key)
    desk.keyboard.press("ControlOrMeta+a")
    desk.keyboard.type(typed)
    desk.keyboard.press("Control+Enter")

    expect(opened).to_be_hidden()
    expect(desk.locator("[data-column] [data-question]").filter(has_text=shown)).to_have_count(1)


def test_question_is_given_to_a_speaker(desk):
    press(desk, WAITING, "g")
    desk.locator("#assign-speaker").select_option(label="Ada")
    desk.keyboard.press("Control+Enter")

    expect(card(desk, WAITING)).to_contain_text("Ada")


def test_two_become_one_by_three_keys(desk):
    press(desk, PUBLISHED, "m")
    desk.keyboard.press("Enter")

    expect(card(desk, PUBLISHED)).to_have_count(0)
    expect(card(desk, OTHER)).to_contain_text("Merged: 1")
    desk.keyboard.press("u")
    expect(card(desk, PUBLISHED)).to_have_count(1)


def test_run_of_show_goes_on_by_keys(desk):
    desk.locator("body").focus()
    desk.keyboard.press("v")
    expect(desk.get_by_role("button", name="Recording stops now")).to_be_visible()
    desk.keyboard.press("n")
    running = desk.locator("[data-item][aria-current=true]")
    expect(running).to_contain_text("Welcome")
    desk.keyboard.press("2")
    expect(running).to_contain_text("Goodbye")
    desk.keyboard.press("k")
    expect(desk.locator("#room-slow_seconds")).to_be_visible()


def test_keys_are_letters_again_while_somebody_types(desk):
    desk.keyboard.press("/")
    expect(desk.get_by_role("searchbox")).to_be_focused()

    desk.keyboard.type("How a d w u long")

    expect(desk.get_by_role("searchbox")).to_have_value("How a d w u long")
    stands(desk, WAITING, "pending")
    desk.keyboard.press("Escape")


def test_overview_of_the_keys_opens_and_can_switch_them_off(desk):
    desk.keyboard.press("?")
    overview = desk.locator("[data-dialog=keys]")
    expect(overview).to_be_visible()
    desk.get_by_label("Use keys on this device").uncheck()
    desk.keyboard.press("Escape")

    press(desk, WAITING, "a")
    desk.wait_for_timeout(300)

    stands(desk, WAITING, "pending")


def test_colleague_sees_each_act_at_once(desk, moderate):
    colleague = moderate("marek")

    press(colleague, WAITING, "a")

    stands(desk, WAITING, "approved")
    press(desk, WAITING, "d")
    stands(colleague, WAITING, "dismissed")


@pytest.mark.parametrize("size", [(360, 740), (1280, 800)], ids=["phone", "desk"])
def test_desk_has_no_barriers_with_a_dialog_open(desk, size):
    desk.set_viewport_size({"width": size[0], "height": size[1]})
    press(desk, WAITING, "e")
    expect(desk.locator("[data-dialog=edit]")).to_be_visible()

    desk.evaluate(AXE)

    assert desk.evaluate("axe.run().then(r => r.violations.map(v => v.id))") == []
    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
