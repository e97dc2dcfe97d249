"""What people do who come to a webinar, and those who watch it later."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

SECONDS_PLAYED_AT_MOST = 20


def follows_live(page: Page) -> None:
    """Wait until the page hears of what happens."""
    expect(page.locator("[data-connection]")).to_have_text("Up to date")


class Attendee:
    """Somebody who registers."""

    def __init__(self, page: Page, url: str, *, name: str, email: str) -> None:
        self.page = page
        self.url = url
        self.name = name
        self.email = email

    def finds_webinar(self, title: str) -> None:
        self.page.goto(self.url)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(title)
        self.page.get_by_role("link", name="See the webinar").click()
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()

    def sees_both_zones(self, *, there: str, here: str) -> None:
        when = self.page.locator(".hero-when")
        expect(when).to_contain_text(there)
        expect(when).to_contain_text(f"{here} your time")

    def registers(self) -> None:
        self.page.get_by_role("link", name="Register").first.click()
        self.page.get_by_label("Name").fill(self.name)
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_role("button", name="Register").click()
        expect(self.page.get_by_text(f"We have written to {self.email}.")).to_be_visible()

    def opens_door(self, link: str) -> None:
        self.page.goto(link)
        expect(self.page.get_by_text(f"{self.name}, you have a seat.")).to_be_visible()

    def joins(self, link: str) -> Audience:
        self.page.goto(link)
        self.page.get_by_role("button", name=f"Join as {self.name}").click()
        return Audience(self.page)


class Audience:
    """Somebody in the room, registered or a guest."""

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_text("Live now")).to_be_visible()
        follows_live(page)
        # Whoever looks at this later knows that the page was never loaded anew.
        page.evaluate("window.wasNeverReloaded = true")

    @classmethod
    def enters(cls, page: Page, webinar: str) -> Audience:
        """Come in as a guest, through the webinar's page."""
        page.goto(f"{webinar}/")
        page.get_by_role("link", name="Enter the room").first.click()
        return cls(page)

    def asks(self, question: str) -> None:
        self.page.get_by_label("Your question").fill(question)
        self.page.get_by_role("button", name="Ask").click()
        expect(self.page.get_by_text("A moderator will read your question")).to_be_visible()
        expect(self._question(question)).to_contain_text("Waiting for a moderator")

    def sees_no_question(self) -> None:
        expect(self.page.get_by_text("Nothing here yet.")).to_be_visible()
        expect(self.page.locator("[data-list] [data-question]")).to_have_count(0)

    def sees_question(self, question: str, *, votes: int) -> None:
        expect(self._question(question)).to_be_visible()
        expect(self._question(question).locator("[data-votes]")).to_have_text(str(votes))
        expect(self._question(question)).not_to_contain_text("Waiting for a moderator")

    def votes_for(self, question: str) -> None:
        self._press_vote(question, has_voted=True)

    def takes_vote_back(self, question: str) -> None:
        self._press_vote(question, has_voted=False)

    def sees_on_air(self, question: str) -> None:
        expect(self.page.locator("[data-on-air-text]")).to_have_text(question)

    def sees_running(self, item: str) -> None:
        expect(self.page.locator("[data-agenda-title]")).to_have_text(item)

    def stayed_on_page(self) -> None:
        assert self.page.evaluate("window.wasNeverReloaded") is True

    def sees_end(self) -> None:
        expect(self.page.get_by_text("The webinar is over. Thank you for coming.")).to_be_visible()

    def _press_vote(self, question: str, *, has_voted: bool) -> None:
        button = self._question(question).locator("[data-vote]")
        with self.page.expect_response(re.compile(r"/vote(/take-back)?$")) as answer:
            button.click()
        assert answer.value.ok
        expect(button).to_have_attribute("aria-pressed", str(has_voted).lower())

    def _question(self, question: str) -> Locator:
        return self.page.locator("[data-list] [data-question]", has_text=question)


class Stage:
    """The screen that everybody in the hall looks at."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.goto(address)

    def shows(self, words: str) -> None:
        expect(self.page.locator("[data-text]")).to_have_text(words)


class Viewer:
    """Somebody who watches the replay."""

    def __init__(self, page: Page, webinar: str) -> None:
        self.page = page
        page.goto(f"{webinar}/")
        page.get_by_role("link", name="Watch the replay").first.click()
        expect(page.locator("video")).to_be_visible()

    def opens(self, link: str) -> None:
        self.page.goto(link)

    def chooses_entry(self, title: str) -> None:
        self.page.locator("[data-agenda] a", has_text=title).click()

    def follows_learning(self, timecode: str) -> None:
        self.page.locator(".prose").get_by_role("link", name=timecode).click()

    def is_at(self, second: float) -> None:
        """The player has gone there and not past it, but for what it has played since."""
        self.page.wait_for_function(
            """([second, atMost]) => {
                const video = document.querySelector("video");
                const played = video.currentTime - second;
                return !video.seeking && played > -0.5 && played < atMost;
            }""",
            arg=[second, SECONDS_PLAYED_AT_MOST],
        )

    def sees_current(self, title: str) -> None:
        current = self.page.locator("[data-agenda] [aria-current=true]")
        expect(current).to_have_count(1)
        expect(current).to_contain_text(title)
