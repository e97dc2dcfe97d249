"""What organisers do at their desk, before and after a webinar."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

EMAIL = "olga@example.org"
NAME = "Olga Organiser"
PASSWORD = "a-long-password-1"


class Organiser:
    """Somebody signed in at the desk, at work on one webinar."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.webinar = ""

    def sign_in(self, *, email: str = EMAIL, password: str = PASSWORD) -> None:
        self.page.goto(f"{self.url}/manage/")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.press("Sign in")
        expect(self.heading("Webinars")).to_be_visible()

    def turn_to(self, title: str) -> None:
        """Go on with a webinar that stands in the list."""
        self.page.get_by_role("link", name=title, exact=True).click()
        expect(self.heading("Overview")).to_be_visible()
        self.webinar = self.page.url

    # -- before ----------------------------------------------------------------------------

    def plan_webinar(self, *, title: str, summary: str, start: datetime, end: datetime) -> None:
        """Save a draft; `start` and `end` are times on the clock in Brussels."""
        self.page.goto(f"{self.url}/manage/webinars/new")
        self.field("Title").fill(title)
        self.field("Summary").fill(summary)
        self._fill_in_times(start, end)
        self.field("Time zone").select_option("Europe/Brussels")
        self.field("Address of the meeting").fill("https://meet.example.org/hubs")
        self.field("Contact").fill(NAME)
        self.field("Contact's e-mail address").fill(EMAIL)
        self.press("Save the draft")
        self.is_told("The draft is saved.")
        self.webinar = self.page.url

    def add_speaker(self, name: str, *, affiliation: str) -> None:
        self.open_tab("Speakers")
        self.page.get_by_role("link", name="Add someone new").click()
        self.field("Name").fill(name)
        self.field("Organisation or project").fill(affiliation)
        self.press("Add the speaker")
        expect(self.page.locator(".editor-title")).to_contain_text([name])

    def add_agenda_item(self, title: str, *, kind: str, minutes: int, speaker: str = "") -> None:
        self.open_tab("Agenda")
        self.field("Title").fill(title)
        self.field("Kind").select_option(label=kind)
        self.field("Minutes").fill(str(minutes))
        if speaker:
            self.page.get_by_label(speaker).check()
        self.press("Add to the agenda")
        expect(self.page.locator(".editor-title").last).to_have_text(title)

    def publish(self) -> None:
        self.open_tab("Overview")
        self.page.get_by_role("link", name="Publish", exact=True).first.click()
        self.press("Publish")
        self.is_told("The webinar is published.")

    def reschedule(self, *, start: datetime, end: datetime) -> None:
        self.open_tab("Details")
        self._fill_in_times(start, end)
        self.press("Save")
        expect(self.page.get_by_text("Shall we tell 1 person?")).to_be_visible()
        self.press("Save and tell them")
        expect(self.heading("Overview")).to_be_visible()

    def sees_registration(self, *words: str) -> None:
        self.open_tab("Registrations")
        row = self.page.get_by_role("row").filter(has_text=words[0])
        for each in words:
            expect(row).to_contain_text(each)

    # -- after -----------------------------------------------------------------------------

    def upload_recording(self, path: Path) -> None:
        self.open_tab("Replay")
        self.page.locator("input[type=file][name=recording]").set_input_files(path)
        self.press("Upload")
        expect(self.page.locator(".review", has_text=path.name).first).to_be_visible()

    def take_agenda_from_log(self) -> None:
        self.page.get_by_role("link", name="Take it from the live log").click()
        self.press("Use this agenda")
        expect(self.heading("Replay")).to_be_visible()

    def has_agenda(self, titles: list[str]) -> None:
        expect(self.page.locator(".entry-title")).to_have_text(titles)

    def paste_agenda(self, text: str, *, understood: int) -> None:
        self.page.get_by_role("link", name=re.compile("as text$")).click()
        self.field("The agenda as text").fill(text)
        self.press("Show what was understood")
        expect(self.heading(f"{understood} entries understood")).to_be_visible()
        self.press("Use this agenda")
        expect(self.heading("Replay")).to_be_visible()
        expect(self.page.locator(".entry-title")).to_have_count(understood)

    def write_learnings(self, text: str) -> None:
        self.open_tab("Learnings")
        self.field("Key learnings").fill(text)
        self.press("Save")
        self.is_told("Saved.")

    def publish_replay(self) -> None:
        self.open_tab("Replay")
        self.press("Publish the replay")
        self.agree("Publish the replay")
        self.is_told("The replay is public.")

    def sees_mail(self, *subjects: str) -> None:
        """The ledger has these, each sent."""
        self.open_tab("Messages")
        for subject in subjects:
            row = self.page.get_by_role("row").filter(has_text=subject)
            expect(row).to_contain_text("Sent")

    # -- the ways of the desk --------------------------------------------------------------

    def open_tab(self, name: str) -> None:
        if not self.page.url.startswith(self.webinar):
            self.page.goto(self.webinar)
        tabs = self.page.get_by_role("navigation", name="Pages of this webinar")
        tabs.get_by_role("link", name=name, exact=True).click()
        expect(tabs.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")

    def field(self, label: str) -> Locator:
        """The control under `label`, whether or not the label goes on with “(optional)”."""
        return self.page.get_by_label(re.compile(rf"^\s*{label}\s*(\(optional\))?\s*$"))

    def heading(self, name: str) -> Locator:
        return self.page.get_by_role("heading", name=name, exact=True)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def agree(self, name: str) -> None:
        """Answer the dialog that asks whether one is sure."""
        self.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()

    def is_told(self, words: str) -> None:
        expect(self.page.locator(".flash", has_text=words)).to_be_visible()

    def _fill_in_times(self, start: datetime, end: datetime) -> None:
        self.field("Starts").fill(f"{start:%Y-%m-%dT%H:%M}")
        self.field("Ends").fill(f"{end:%Y-%m-%dT%H:%M}")
