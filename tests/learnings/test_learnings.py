"""The key learnings and their editor."""

from __future__ import annotations

from datetime import timedelta

import pytest

from eventapp.core.db import db, transaction
from eventapp.learnings import actions
from eventapp.learnings.models import Learnings
from eventapp.learnings.queries import find_learnings
from eventapp.learnings.refusals import LearningsHaveChanged
from tests.factories import RecordingFactory, WebinarFactory
from tests.plugins.app import NOON

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def hubs(app):
    """The id of a webinar, "hubs"."""
    with app.app_context():
        return WebinarFactory(slug="hubs").id


@pytest.mark.every_engine
def test_learnings_are_saved_and_saved_again(in_app):
    webinar = WebinarFactory()

    with transaction():
        actions.save_learnings(webinar, body="First", now=NOON)
    with transaction():
        actions.save_learnings(webinar, body="Second", now=LATER, seen_at=NOON)

    found = find_learnings(webinar.id)
    assert (found.body, found.updated_at) == ("Second", LATER)


@pytest.mark.every_engine
@pytest.mark.parametrize("seen_at", [None, NOON - timedelta(hours=1)])
def test_somebody_elses_learnings_are_not_overwritten_unseen(in_app, seen_at):
    webinar = WebinarFactory()
    with transaction():
        actions.save_learnings(webinar, body="Theirs", now=NOON)

    with pytest.raises(LearningsHaveChanged), transaction():
        actions.save_learnings(webinar, body="Mine", now=LATER, seen_at=seen_at)

    assert find_learnings(webinar.id).body == "Theirs"


def test_preview_shows_times_as_links_and_stores_nothing(app, organiser, hubs):
    data = {"body": "## Heading\n\nSee [01:19:33].", "preview": "yes"}

    page = organiser.post(f"/manage/webinars/{hubs}/learnings", data=data).text

    assert '<a href="/webinars/hubs/replay?t=4773" data-seek="4773"' in page
    assert "Preview, not saved yet" in page
    with app.app_context():
        assert find_learnings(hubs) is None


def test_time_past_the_end_stays_text_and_is_said(app, organiser, hubs):
    with app.app_context():
        RecordingFactory(webinar_id=hubs, duration_seconds=5400.0)
    data = {"body": "At [1:30:00], not at [99:00:00].", "preview": "yes"}

    page = organiser.post(f"/manage/webinars/{hubs}/learnings", data=data).text

    assert "?t=5400" in page
    assert "?t=356400" not in page
    assert "not at [99:00:00]." in page
    assert "these times are no links: 99:00:00" in page


def test_preview_runs_nothing(organiser, hubs):
    data = {"body": "<script>alert(1)</script> [x](javascript:alert(1))", "preview": "yes"}

    page = organiser.post(f"/manage/webinars/{hubs}/learnings", data=data).text

    assert "<script>alert" not in page
    assert 'href="javascript:' not in page


def test_conflict_keeps_what_was_typed_and_lets_it_be_saved(app, organiser, hubs):
    with app.app_context():
        db.session.add(Learnings(webinar_id=hubs, body="Theirs", updated_at=NOON))
        db.session.commit()
    url = f"/manage/webinars/{hubs}/learnings"

    page = organiser.post(url, data={"body": "Mine", "seen_at": ""}).text
    organiser.post(url, data={"body": "Mine", "seen_at": NOON.isoformat()})

    assert "Someone else saved these learnings" in page
    assert "Mine</textarea>" in page
    assert f'value="{NOON.isoformat()}"' in page
    with app.app_context():
        assert find_learnings(hubs).body == "Mine"
