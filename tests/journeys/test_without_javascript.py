"""Everything that people need, in a browser without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from eventapp.demo.content import ACCESSIBLE_SERVICES, CREATIVE_HUBS, REPAIR
from tests.journeys.organiser import Organiser

pytestmark = pytest.mark.browser_context(java_script_enabled=False)

QUESTION = "May I bring a toaster?"


@pytest.fixture
def organiser(demo_site, new_page) -> Organiser:
    sign_in = demo_site.sign_in
    organiser = Organiser(new_page(viewport={"width": 390, "height": 844}), demo_site.url)
    organiser.sign_in(email=sign_in.email, password=sign_in.password)
    return organiser


def test_attendee_registers(demo_site, page, organiser):
    page.goto(f"{demo_site.url}/webinars/{ACCESSIBLE_SERVICES.slug}/")
    page.get_by_role("link", name=re.compile("Register|Join the waiting list")).first.click()
    page.get_by_label("Name").fill("Grace Ott")
    page.get_by_label("E-mail address").fill("grace@example.org")
    page.get_by_role("button", name=re.compile("Register|Join the waiting list")).click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    organiser.turn_to(ACCESSIBLE_SERVICES.title)
    organiser.sees_registration("Grace Ott", "grace@example.org")


def test_question_is_asked_moderated_and_voted_for(demo_site, page, new_page, organiser):
    room = f"{demo_site.url}/webinars/{REPAIR.slug}/live"
    page.goto(room)
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Ask").click()
    expect(question(page)).to_contain_text("Waiting for a moderator")

    organiser.turn_to(REPAIR.title)
    organiser.open_tab("Live desk")
    act(organiser.page, "Publish", becomes="approved")

    guest = new_page()
    guest.goto(room)
    vote(guest, has_voted=True, votes=1)
    vote(guest, has_voted=False, votes=0)
    vote(guest, has_voted=True, votes=1)

    act(organiser.page, "On air", becomes="on_air")
    guest.get_by_role("link", name="Reload for updates").click()
    expect(guest.locator("[data-on-air-text]")).to_have_text(QUESTION)
    act(organiser.page, "Answered", becomes="answered")
    guest.get_by_role("link", name="Answered").click()
    expect(question(guest)).to_be_visible()


def test_what_cannot_be_undone_is_ticked_first(organiser):
    organiser.turn_to(REPAIR.title)
    organiser.open_tab("Live desk")

    end = organiser.page.locator("form", has_text="End the webinar").last

    end.get_by_role("button").click()

    expect(end.get_by_role("button")).to_be_visible()
    assert end.get_by_label("I'm sure").evaluate("box => box.validity.valueMissing")


def test_replay_is_watched_by_its_agenda(demo_site, page):
    page.goto(f"{demo_site.url}/webinars/{CREATIVE_HUBS.slug}/replay")
    entry = page.locator("[data-agenda] a", has_text="Introduction by").first

    entry.click()

    expect(page).to_have_url(re.compile(r"\?t=330\b"))
    expect(page.locator("video source")).to_have_attribute("src", re.compile(r"#t=330$"))
    expect(entry).to_have_attribute("aria-current", "true")
    expect(page.locator("[data-agenda] [aria-current]")).to_have_count(1)


def question(page: Page) -> Locator:
    return page.locator(".question", has_text=QUESTION)


def act(desk: Page, name: str, *, becomes: str) -> None:
    """Press a button on the question's card; the page comes again, the card in its new place."""
    question(desk).get_by_role("button", name=name, exact=True).click()
    expect(question(desk)).to_have_attribute("data-status", becomes)


def vote(page: Page, *, has_voted: bool, votes: int) -> None:
    question(page).get_by_role("button").click()
    button = question(page).get_by_role("button")
    expect(button).to_have_attribute("aria-pressed", str(has_voted).lower())
    expect(button.locator("[data-votes]")).to_have_text(str(votes))
