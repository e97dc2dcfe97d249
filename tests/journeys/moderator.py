"""What a moderator does at the live desk while the webinar runs."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from tests.journeys.audience import follows_live


class Moderator:
    """An organiser at the live desk, opened through the webinar's overview at `webinar`."""

    def __init__(self, page: Page, webinar: str) -> None:
        self.page = page
        page.goto(webinar.rstrip("/") + "/live")
        follows_live(page)

    def go_live(self) -> None:
        self.page.get_by_role("button", name="Go live").click()
        self.page.get_by_role("dialog").get_by_role("button", name="Go live").click()
        expect(self.page.get_by_role("button", name="End the webinar")).to_be_visible()
        follows_live(self.page)

    def find_stage(self) -> str:
        """Return where the stage is, with the key that the desk's link has."""
        link = self.page.get_by_role("link", name="Stage", exact=True)
        return link.get_attribute("href") or ""

    def marks_recording(self) -> None:
        self.page.get_by_role("button", name="Recording starts now").click()
        expect(self.page.get_by_role("button", name="Recording stops now")).to_be_visible()

    def starts(self, item: str) -> None:
        self.page.get_by_role("button", name=f"Start {item}").click()
        running = self.page.locator("[data-item][aria-current=true]")
        expect(running).to_contain_text(item)

    def sees_waiting(self, question: str) -> None:
        expect(self._card("pending", question)).to_be_visible()

    def approves(self, question: str) -> None:
        self._moves(question, act="Publish", to="approved")

    def puts_on_air(self, question: str) -> None:
        self._moves(question, act="On air", to="on_air")

    def marks_answered(self, question: str) -> None:
        self._moves(question, act="Answered", to="answered")

    def ends_webinar(self) -> None:
        self.page.get_by_role("button", name="End the webinar").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name="End the webinar").click()
        expect(self.page.get_by_text("The webinar is over.")).to_be_visible()

    def sees_log(self, *acts: str) -> None:
        """The log has acts that begin so, in this order and no others."""
        self.page.get_by_role("link", name="Log", exact=True).click()
        beginnings = [re.compile(rf"^\s*{re.escape(act)}") for act in acts]
        expect(self.page.get_by_role("rowheader")).to_have_text(beginnings)

    def _moves(self, question: str, *, act: str, to: str) -> None:
        card = self.page.locator("[data-question]", has_text=question)
        card.get_by_role("button", name=act, exact=True).click()
        expect(self._card(to, question)).to_be_visible()

    def _card(self, column: str, question: str) -> Locator:
        return self.page.locator(f"[data-column={column}] [data-question]", has_text=question)
