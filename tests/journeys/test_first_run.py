"""A newcomer's first minute: `python -m eventapp run` on an empty folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.journeys.organiser import Organiser
from tests.journeys.site import SignIn, Site


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.stop()


def test_first_run_serves_the_demo_and_the_second_keeps_what_was_written(new_site, new_page):
    new_site.start("run")
    first = new_site.sign_in
    addresses = re.findall(rf"^ +({new_site.url}\S+)", new_site.said, re.MULTILINE)
    answers = {address: httpx.get(address).status_code for address in addresses}
    assert len(addresses) >= 4
    assert set(answers.values()) == {httpx.codes.OK}, answers
    assert first.address == f"{new_site.url}/manage/"
    assert list_readable_by_others(new_site.instance) == []
    write_first_draft(first, by=Organiser(new_page(), new_site.url))

    new_site.stop()
    new_site.start("run")

    assert new_site.sign_in == first
    organiser = Organiser(new_page(), new_site.url)
    organiser.sign_in(email=first.email, password=first.password)
    titles = organiser.page.get_by_role("rowheader")
    expect(titles.filter(has_text="Written on the first day")).to_have_count(1)
    expect(titles).to_have_count(4)


def list_readable_by_others(folder: Path) -> list[Path]:
    """What people's data is in belongs to the user who runs the site alone."""
    return [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


def write_first_draft(sign_in: SignIn, *, by: Organiser) -> None:
    """Leave a fourth webinar beside the demo's three."""
    by.sign_in(email=sign_in.email, password=sign_in.password)
    by.page.goto(f"{by.url}/manage/webinars/new")
    by.field("Title").fill("Written on the first day")
    by.field("Starts").fill("2040-03-01T10:00")
    by.field("Ends").fill("2040-03-01T11:00")
    by.press("Save the draft")
    by.is_told("The draft is saved.")
