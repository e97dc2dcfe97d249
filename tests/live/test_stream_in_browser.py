"""One stream in a page, and the modules that share it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.live import actions
from eventapp.live.hub import Hub
from eventapp.webinars.models import WebinarStatus
from tests.factories import QuestionFactory, UserFactory, WebinarFactory
from tests.live.conftest import RunningSite, serving
from tests.plugins.app import settings_for

# What a further module of the page does: it takes the stream's module, and `body` uses it.
MODULE = """async () => {
  const home = document.querySelector("script[src*='/live-']").src;
  const stream = await import(new URL("live-stream.js", home));
  window.heard = [];
  %s
}"""


@pytest.fixture
def streams_per_address() -> str:
    return ""


@pytest.fixture
def hall(tmp_path, migrated_sqlite, streams_per_address) -> Iterator[RunningSite]:
    """A live webinar, "hubs", with one question."""
    shutil.copyfile(migrated_sqlite, tmp_path / "eventapp.db")
    settings = settings_for(tmp_path, STREAMS_PER_ADDRESS=streams_per_address)
    app = create_app(settings, TESTING=True)
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.LIVE)
        QuestionFactory(webinar_id=webinar.id, text="Who pays?")
        UserFactory()
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def room(hall, new_page) -> Page:
    page: Page = new_page()
    page.goto(f"{hall.url}/webinars/hubs/live")
    expect(page.locator("[data-connection]")).to_have_text("Up to date")
    return page


def put_on_air(hall: RunningSite) -> None:
    with hall.app.app_context(), transaction():
        actions.put_question_on_air(1, webinar_id=1, actor_id=1, now=clock.now())


def wait_for(page: Page, expression: str) -> None:
    page.wait_for_function(expression, timeout=10_000)


@pytest.mark.page_errors("stumbles")
def test_module_that_stumbles_keeps_none_of_the_others_from_hearing(hall, room):
    room.evaluate(
        MODULE
        % """
        stream.on("question", () => { throw new Error("stumbles"); });
        stream.onSettled(() => { throw new Error("stumbles"); });
        stream.on("question", (news) => heard.push(news.status));
        stream.onSettled(() => heard.push("settled"));
        """
    )

    put_on_air(hall)

    wait_for(room, "heard.join() === 'on_air,settled'")
    expect(room.locator("[data-on-air-text]")).to_have_text("Who pays?")


def test_following_twice_opens_one_stream(hall, room):
    streams = []
    room.on("request", lambda request: streams.append(request.url))

    room.evaluate(
        MODULE
        % """
        const root = document.querySelector("[data-room]");
        window.isSame = stream.follow(root) === stream.follow(root);
        """
    )
    room.wait_for_timeout(300)

    assert room.evaluate("isSame")
    assert [url for url in streams if "/stream?" in url] == []


def test_page_says_how_many_are_here(hall, room, new_page):
    expect(room.locator("[data-present]")).to_have_text("1 person here")

    other: Page = new_page()
    other.goto(f"{hall.url}/webinars/hubs/live")

    expect(other.locator("[data-present]")).to_have_text("2 people here")
    expect(room.locator("[data-present]")).to_have_text("2 people here", timeout=10_000)


@pytest.fixture
def one_stream_each(monkeypatch):
    monkeypatch.setitem(Hub.__init__.__kwdefaults__, "streams_each", 1)


def test_page_that_is_open_too_often_rests_until_it_is_used(one_stream_each, hall, room):
    line = room.locator("[data-connection]")
    second = room.context.new_page()
    second.goto(room.url)
    expect(line).to_contain_text("Paused")
    put_on_air(hall)
    expect(second.locator("[data-on-air-text]")).to_have_text("Who pays?")

    room.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(line).to_have_text("Up to date")
    expect(room.locator("[data-on-air-text]")).to_have_text("Who pays?")
    expect(second.locator("[data-connection]")).to_contain_text("Paused")


@pytest.mark.page_errors("ERR_INTERNET_DISCONNECTED")
def test_page_that_lost_its_network_comes_back_with_the_truth(hall, room):
    room.context.set_offline(True)
    expect(room.locator("[data-connection]")).to_have_text("Reconnecting …")
    put_on_air(hall)

    room.context.set_offline(False)

    expect(room.locator("[data-on-air-text]")).to_have_text("Who pays?")
    expect(room.locator("[data-connection]")).to_have_text("Up to date")


@pytest.mark.page_errors("429")
@pytest.mark.parametrize("streams_per_address", ["1"])
def test_page_says_calmly_that_too_many_are_here(hall, room, new_page):
    other: Page = new_page()
    # Nobody waits long for another try.
    other.add_init_script("Math.random = () => 0")
    other.goto(f"{hall.url}/webinars/hubs/live")

    expect(other.locator("[data-connection]")).to_contain_text(
        "Very many people are here", timeout=10_000
    )
