"""The reference webinar from nothing to its published replay: from a live log, and from a page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys import organiser as desk
from tests.journeys.audience import Audience
from tests.journeys.moderator import Moderator
from tests.journeys.organiser import Organiser
from tests.journeys.site import ROOT, Site

ASSETS = ROOT / "eventapp/demo/assets/creative-hubs"
RECORDING = ASSETS / "recording.webm"
REFERENCE = (ASSETS / "agenda.txt").read_text(encoding="utf-8")
TITLE = "Support infrastructures for creative industries"
SLUG = "support-infrastructures-for-creative-industries"
PARTS = {
    "Introduction by thematic expert": [],
    "The Trakk creative hub in Namur": [
        "Are you charging for the services you provide?",
        "How transferable is the concept to other regions?",
    ],
    "The Wap's creative hub in Tournai": ["Does the creative hub have a separate legal structure?"],
    "Canodrom Creative Industries Research Park": [],
}
# Two entries in one second would be one place in the recording.
A_SECOND = 1100
BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.fixture
def organiser(site: Site, new_page: Callable[..., Page]) -> Organiser:
    site.command(
        "create-organiser", f"--email={desk.EMAIL}", f"--name={desk.NAME}",
        f"--password={desk.PASSWORD}",
    )  # fmt: skip
    made = Organiser(new_page(), site.url)
    made.sign_in()
    day = datetime.now(BRUSSELS) + timedelta(days=3)
    start = day.replace(hour=10, minute=0, second=0, microsecond=0)
    made.plan_webinar(
        title=TITLE, summary="What hubs do.", start=start, end=start + timedelta(minutes=90)
    )
    for title in PARTS:
        kind = "Introduction" if title.startswith("Introduction") else "Presentation"
        made.add_agenda_item(title, kind=kind, minutes=15)
    made.publish()
    return made


def hold(moderator: Moderator, audience: Audience) -> None:
    """Hold the webinar as fast as its parts and questions can be pressed."""
    moderator.marks_recording()
    for title, questions in PARTS.items():
        moderator.starts(title)
        moderator.page.wait_for_timeout(A_SECOND)
        for question in questions:
            audience.asks(question)
            moderator.sees_waiting(question)
            moderator.approves(question)
            moderator.puts_on_air(question)
            moderator.marks_answered(question)
            moderator.page.wait_for_timeout(A_SECOND)
    moderator.ends_webinar()


def test_reference_is_published_from_its_live_log(site, organiser, new_page):
    moderator = Moderator(organiser.page, organiser.webinar)
    moderator.go_live()
    hold(moderator, Audience.enters(new_page(), f"{site.url}/webinars/{SLUG}"))

    organiser.upload_recording(RECORDING)
    organiser.publish_replay()

    titles = [each for part, questions in PARTS.items() for each in (part, *questions)]
    watch_every_entry(new_page(), site, expected=titles)


def test_reference_is_published_from_the_pasted_page(site, organiser, new_page):
    moderator = Moderator(organiser.page, organiser.webinar)
    moderator.go_live()
    moderator.ends_webinar()

    organiser.upload_recording(RECORDING)
    organiser.paste_agenda(REFERENCE, understood=17)
    organiser.publish_replay()

    watch_every_entry(new_page(), site, expected=[""] * 17)


def watch_every_entry(page: Page, site: Site, *, expected: list[str]) -> None:
    """Follow each line of the agenda: it plays from its second, and is marked."""
    page.goto(f"{site.url}/webinars/{SLUG}/replay")
    entries = page.locator("[data-agenda] [data-start]")
    expect(entries).to_have_count(len(expected))
    for number, title in enumerate(expected):
        entry = entries.nth(number)
        expect(entry).to_contain_text(title)
        entry.click()
        start = float(entry.get_attribute("data-start") or "nan")
        at = page.locator("video").evaluate("video => video.currentTime")
        assert start - 0.2 <= at < start + 5
        expect(entry).to_have_attribute("aria-current", "true")
    assert Axe().run(page).response["violations"] == []
