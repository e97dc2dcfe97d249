"""Structured data: valid by schema.org's definitions, whole by what search engines ask for."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from eventapp.core.db import db, transaction
from eventapp.pages.structured_data import Captions, Clip, event_data, video_data
from eventapp.replays.actions import replace_agenda
from eventapp.replays.agenda.formats import parse_agenda
from eventapp.replays.rules import from_parsed
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.architecture.sources import ROOT, TEMPLATES
from tests.factories import StoredFileFactory, WebinarFactory, add_speaker, publish_edition
from tests.pages.public_replays import make_replay, make_replay_elsewhere
from tests.pages.vocabulary import find_faults

REFERENCE = Path("eventapp/demo/assets/creative-hubs/agenda.txt").read_text("utf-8")

# developers.google.com/search/docs/appearance/structured-data: what "Event" and "Video" need, and
# what they recommend of what we know.
EVENT_WANTS = {
    *("name", "startDate", "location", "description", "endDate", "eventStatus", "image"),
    *("eventAttendanceMode", "organizer", "offers", "performer"),
}
OFFER_WANTS = {"price", "priceCurrency", "availability", "url", "validFrom"}
VIDEO_WANTS = {
    *("name", "thumbnailUrl", "uploadDate", "description", "duration", "contentUrl", "embedUrl"),
}
CLIP_WANTS = {"name", "startOffset", "endOffset", "url"}


def data_of(page):
    return [
        json.loads(text)
        for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    ]


def make_full_webinar(**values):
    webinar = WebinarFactory(slug="hubs", cover_id=StoredFileFactory().id, **values)
    add_speaker(webinar)
    return webinar


@pytest.mark.parametrize("status", [s for s in WebinarStatus if s != WebinarStatus.DRAFT])
def test_page_of_a_webinar_is_valid_in_every_state(app, client, status):
    with app.app_context():
        make_full_webinar(status=status)

    [data] = data_of(client.get("/webinars/hubs/").text)

    assert data["@type"] == "Event"
    assert find_faults(data) == []


def test_page_of_a_bare_webinar_is_valid(app, client):
    with app.app_context():
        WebinarFactory(slug="hubs", summary="", description="", contact_name="")

    [data] = data_of(client.get("/webinars/hubs/").text)

    assert find_faults(data) == []


@pytest.mark.parametrize("make", [make_replay, make_replay_elsewhere])
@pytest.mark.parametrize("agenda", [REFERENCE, ""], ids=["agenda", "no agenda"])
def test_page_of_a_replay_is_valid(app, client, make, agenda):
    with app.app_context():
        webinar = make()
        if agenda:
            with transaction():
                entries = from_parsed(parse_agenda(agenda))
                replace_agenda(db.session.get(Webinar, webinar.id), entries=entries, offset=0.0)
        publish_edition(webinar.id)

    [data] = data_of(client.get("/webinars/hubs/replay").text)

    assert data["@type"] == "VideoObject"
    assert ("hasPart" in data, "potentialAction" in data) == (bool(agenda), not agenda)
    assert find_faults(data) == []


def test_event_has_all_that_search_engines_ask_for(app):
    with app.test_request_context():
        data = event_data(make_full_webinar(), can_register=True, seats_left=0)

    assert EVENT_WANTS - data.keys() == set()
    assert OFFER_WANTS - data["offers"].keys() == set()


def test_video_has_all_that_search_engines_ask_for(app):
    clips = [
        Clip(start=0.0, title="A", url="http://x/1"),
        Clip(start=9.5, title="B", url="http://x/2"),
    ]
    with app.test_request_context():
        data = video_data(
            make_replay(),
            clips=clips,
            duration=60.0,
            content_url="http://localhost/r.webm",
            captions=[Captions(language="en", url="http://localhost/c.vtt")],
        )

    assert VIDEO_WANTS - data.keys() == set()
    assert [CLIP_WANTS - clip.keys() for clip in data["hasPart"]] == [set(), set()]
    assert data["embedUrl"] == "http://localhost/webinars/hubs/replay/embed"
    assert data["caption"][0]["encodingFormat"] == "text/vtt"
    assert find_faults(data) == []


def test_no_two_clips_begin_in_the_same_second(app):
    clips = [Clip(start=at, title=f"{at}", url="http://x/1") for at in (5.0, 5.9, 7.0, 7.0)]

    with app.test_request_context():
        data = video_data(make_replay(), clips=clips, duration=None)

    assert [(c["name"], c["startOffset"], c.get("endOffset")) for c in data["hasPart"]] == [
        ("5.0", 5, 7),
        ("7.0", 7, None),
    ]


def test_thumbnail_can_be_fetched(app, client):
    with app.app_context():
        make_replay()

    [data] = data_of(client.get("/webinars/hubs/replay").text)

    answers = [
        client.get(url.removeprefix("http://localhost")).mimetype for url in data["thumbnailUrl"]
    ]
    assert answers == ["image/png"]


def test_every_template_with_structured_data_is_looked_at_here():
    with_data = {
        path.relative_to(TEMPLATES).as_posix()
        for path in (ROOT / "templates").rglob("*.html")
        if "application/ld+json" in path.read_text("utf-8")
    }

    assert with_data == {"pages/replay.html", "pages/webinar.html"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"@type": "Webinar"}, "$: 'Webinar' is no class"),
        ({"startTime2": "x"}, "$.startTime2: no such property"),
        ({"endOffset": 5}, "$.endOffset: Event has no such property"),
        ({"startDate": "tomorrow"}, "$.startDate[0]: 'tomorrow' is none of ('Date', 'DateTime')"),
        ({"eventStatus": "https://schema.org/Held"}, "$.eventStatus[0]: "),
        ({"location": {"@type": "Person"}}, "$.location[0]: 'Person' is none of "),
        ({"image": []}, "$.image: empty"),
        ({"isAccessibleForFree": "yes"}, "$.isAccessibleForFree[0]: "),
        ({"@context": "http://example.org"}, "@context is "),
    ],
)
def test_faults_are_found(app, change, fault):
    with app.test_request_context():
        data = event_data(WebinarFactory(), can_register=True, seats_left=None)

    assert find_faults(data) == []
    assert [found[: len(fault)] for found in find_faults({**data, **change})] == [fault]
