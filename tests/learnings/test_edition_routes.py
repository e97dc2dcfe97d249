"""Earlier editions at the desk: listed, compared and brought back."""

from __future__ import annotations

import pytest

from eventapp.core.db import db, transaction
from eventapp.learnings.actions import save_learnings
from eventapp.replays.queries import get_replay, list_chapters
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import ChapterFactory, RecordingFactory, WebinarFactory
from tests.plugins.app import NOON


@pytest.fixture
def published(app, organiser):
    """The id of a webinar whose replay is public, and has been changed at the desk since."""
    with app.app_context():
        webinar_id = WebinarFactory(status=WebinarStatus.ENDED).id
        RecordingFactory(webinar_id=webinar_id)
        ChapterFactory(webinar_id=webinar_id, title="The bakery", position=0)
        ChapterFactory(webinar_id=webinar_id, title="The mill", position=1, start_seconds=900.0)
        with transaction():
            webinar = db.session.get_one(Webinar, webinar_id)
            save_learnings(webinar, body="Bread first.\n\nThen cake.", now=NOON)
    organiser.post(f"/manage/webinars/{webinar_id}/replay/publish")
    with app.app_context(), transaction():
        list_chapters(webinar_id)[0].title = "Spoiled"
        webinar = db.session.get_one(Webinar, webinar_id)
        save_learnings(webinar, body="Cake first.\n\nThen cake.", now=NOON, seen_at=NOON)
    return webinar_id


def at(webinar_id, path=""):
    return f"/manage/webinars/{webinar_id}/replay/editions/{path}"


def test_editions_are_listed_with_who_published_them(organiser, published):
    page = organiser.get(at(published)).text

    assert "Version 1" in page
    assert "olga@example.org" in page or "Olga" in page


def test_edition_is_compared_with_the_desk(organiser, published):
    page = organiser.get(at(published, "1")).text

    assert "The bakery" in page
    assert '<ins><span class="visually-hidden">New: </span>00:05:30 Spoiled' in page
    assert '<del><span class="visually-hidden">Before: </span>Bread first.</del>' in page
    assert "<li>Then cake.</li>" in page


@pytest.mark.parametrize("part", ["agenda", "learnings"])
def test_one_part_is_brought_back_and_the_other_stays(app, organiser, published, part):
    organiser.post(at(published, f"1/restore/{part}"))

    with app.app_context():
        replay = get_replay(published)
        is_back = {
            "agenda": replay.entries[0].title == "The bakery",
            "learnings": replay.learnings.startswith("Bread"),
        }
    assert [name for name, back in is_back.items() if back] == [part]


def test_review_says_that_changes_wait_and_publishes_them(client, organiser, published):
    review = organiser.get(f"/manage/webinars/{published}/replay").text
    organiser.post(f"/manage/webinars/{published}/replay/publish")

    assert "Publish the changes" in review
    assert "as you see it here" in organiser.get(f"/manage/webinars/{published}/replay").text
    assert "the latest" in organiser.get(at(published)).text


def test_there_is_no_edition_of_that_number(organiser, published):
    assert organiser.get(at(published, "9")).status_code == 404
    assert organiser.post(at(published, "9/restore/agenda")).status_code == 404
    assert organiser.post(at(published, "1/restore/recording")).status_code == 404
