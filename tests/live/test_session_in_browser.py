"""A whole session: two moderators, three attendees and the stage at once; one drops out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from eventapp import create_app
from eventapp.accounts.actions import create_organiser
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.questions.models import Question, QuestionVote
from eventapp.webinars.models import WebinarStatus
from tests.factories import AgendaItemFactory, QuestionFactory, WebinarFactory
from tests.live.conftest import RunningSite, open_desk, serving
from tests.plugins.app import settings_for

PASSWORD = "a-long-password-1"
ROOM = "/webinars/hubs/live"
PHONE = {"viewport": {"width": 360, "height": 740}}
ELSEWHERE = PHONE | {"timezone_id": "America/New_York"}
PATIENCE = 20_000


@pytest.fixture
def hall(tmp_path, migrated_sqlite) -> Iterator[RunningSite]:
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
        AgendaItemFactory(webinar=webinar, title="Welcome")
        QuestionFactory(webinar_id=webinar.id, text="How long?")
    with serving(app) as running:
        yield running
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def open_page(hall, new_page) -> Callable[..., Page]:
    def open_at(path: str, **context: object) -> Page:
        page: Page = new_page(**context)
        page.set_default_timeout(PATIENCE)
        page.goto(f"{hall.url}{path}")
        return page

    return open_at


@pytest.fixture
def moderate(hall, new_page) -> Callable[[str], Page]:
    def sign_in(name: str) -> Page:
        return open_desk(new_page(), hall, email=f"{name}@example.org", password=PASSWORD)

    return sign_in


def see(place, text: str | list[str]) -> None:
    expect(place).to_have_text(text, timeout=PATIENCE)


def ask(page: Page, text: str) -> None:
    page.get_by_label("Your question").fill(text)
    page.get_by_role("button", name="Ask", exact=True).click()


def column(desk: Page, key: str):
    return desk.locator(f"[data-column={key}] .question-text")


def published(page: Page):
    return page.locator('[data-list] [data-status="approved"] .question-text')


def vote_for(page: Page, text: str) -> None:
    page.locator("[data-list] .question", has_text=text).locator("[data-vote]").click()


def votes_of(page: Page, text: str):
    return page.locator("[data-question]", has_text=text).locator("[data-votes]")


@pytest.mark.page_errors("ERR_INTERNET_DISCONNECTED")
def test_session_is_the_same_for_all_who_take_part(hall, open_page, moderate):
    olga, marek = moderate("olga"), moderate("marek")
    ada, ben, cem = open_page(ROOM, **PHONE), open_page(ROOM), open_page(ROOM, **ELSEWHERE)
    stage = open_page(olga.get_by_role("link", name="Stage", exact=True).get_attribute("href"))

    # Asked on a phone: at both desks, nowhere else until a moderator has read it.
    ask(ada, "Who pays?")
    for desk in (olga, marek):
        see(column(desk, "pending"), ["Who pays?"])
    expect(ada.locator("[data-mine]")).to_contain_text("Waiting for a moderator")
    see(published(ben), ["How long?"])

    # One moderator publishes it: the other sees it at once, and so does the room.
    olga.locator("[data-column=pending] .question").focus()
    olga.keyboard.press("a")
    for desk in (olga, marek):
        see(column(desk, "pending"), [])
    expect(published(ben).filter(has_text="Who pays?")).to_be_visible(timeout=PATIENCE)

    # Votes reach everyone; one that is taken back leaves no trace.
    vote_for(ben, "Who pays?")
    vote_for(cem, "Who pays?")
    vote_for(cem, "How long?")
    see(votes_of(ada, "How long?"), "1")
    vote_for(cem, "How long?")
    for page in (ada, ben, cem, olga, marek):
        see(votes_of(page, "Who pays?"), "2")
        see(votes_of(page, "How long?"), "0")

    # A train enters a tunnel: what is asked and voted there is kept, and said to be.
    cem.context.set_offline(True)
    vote_for(cem, "How long?")
    ask(cem, "Heard in the tunnel?")
    expect(cem.locator("[data-outbox]")).to_contain_text("Heard in the tunnel?", timeout=PATIENCE)

    # Meanwhile it goes on: both moderators reach for the same question, and one truth comes out.
    marek.locator(".question", has_text="Who pays?").focus()
    marek.keyboard.press("o")
    see(column(olga, "on_air"), ["Who pays?"])
    for page in (ada, ben):
        see(page.locator("[data-on-air-text]"), "Who pays?")
    see(stage.locator("[data-text]"), "Who pays?")

    # Back in the light: the true state, and everything sent exactly once.
    cem.context.set_offline(False)
    see(cem.locator("[data-on-air-text]"), "Who pays?")
    see(column(olga, "pending"), ["Heard in the tunnel?"])
    for page in (ada, ben, cem, olga, marek):
        see(votes_of(page, "How long?"), "1")

    # Undone by the other moderator: off the air everywhere.
    olga.get_by_role("button", name="Undo", exact=True).click()
    for page in (ada, ben, cem):
        see(page.locator("[data-on-air-text]"), "No question is on air.")
    see(stage.locator("[data-text]"), "Ask your question")
    see(column(marek, "on_air"), [])

    with hall.app.app_context():
        asked = db.session.query(Question.text).filter(Question.text.contains("tunnel")).all()
        assert len(asked) == 1
        for question in db.session.query(Question):
            given = db.session.query(QuestionVote).filter_by(question_id=question.id).count()
            assert question.votes == given
