"""Feeds of the public archive: Atom and podcast."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

import pytest

from eventapp.core.db import db
from eventapp.pages import episodes
from eventapp.replays.agenda.formats import parse_agenda
from eventapp.replays.models import Recording
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import (
    START,
    ChapterFactory,
    SpeakerFactory,
    WebinarFactory,
    add_speaker,
    publish_edition,
)
from tests.pages.public_replays import (
    add_captions,
    add_entries,
    make_replay,
    make_replay_elsewhere,
)

PODCAST = "/webinars/podcast.rss"
ATOM_FEED = "/webinars/replays.atom"
BOTH = pytest.mark.parametrize("feed", [PODCAST, ATOM_FEED])
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}


def read(client, feed, **headers):
    answer = client.get(feed, headers=headers)
    assert answer.status_code == 200
    return ET.fromstring(answer.data)


def titles(client, feed):
    root = read(client, feed)
    found = [*root.iterfind("channel/item/title"), *root.iterfind("atom:entry/atom:title", NAMES)]
    return [each.text for each in found]


def links(client, feed):
    root = read(client, feed)
    found = [*root.iterfind("atom:link", NAMES), *root.iterfind("channel/atom:link", NAMES)]
    return {each.get("rel"): each.get("href") for each in found if each.get("type") != "text/html"}


def local(url):
    return url.removeprefix("http://localhost")


def test_episode_has_all_that_podcast_programs_read(app, client):
    with app.app_context():
        webinar = make_replay(content=b"x" * 1234, title="Hubs & <more>")
        add_entries(webinar, 0, 330)
        add_captions(webinar, "en")
        add_captions(webinar, "fr")
        add_speaker(webinar, SpeakerFactory(name="Ann Lee", link="https://ann.example/?a&b"))

    [item] = read(client, PODCAST).iterfind("channel/item")

    assert item.findtext("title") == "Hubs & <more>"
    assert item.find("guid").attrib == {"isPermaLink": "true"}
    assert item.findtext("guid") == item.findtext("link") == "http://localhost/webinars/hubs/replay"
    assert parsedate_to_datetime(item.findtext("pubDate")) == START
    assert item.find("enclosure").attrib == {
        "url": "http://localhost/webinars/hubs/replay/recording.webm",
        "length": "1234",
        "type": "video/webm",
    }
    assert item.findtext("itunes:duration", namespaces=NAMES) == "5400"
    assert item.findtext("itunes:author", namespaces=NAMES) == "Ann Lee"
    assert item.find("podcast:chapters", NAMES).attrib == {
        "url": "http://localhost/webinars/hubs/replay/chapters.json",
        "type": "application/json+chapters",
    }
    assert [each.attrib for each in item.iterfind("podcast:transcript", NAMES)] == [
        {
            "url": f"http://localhost/webinars/hubs/captions/{language}.vtt",
            "type": "text/vtt",
            "language": language,
            "rel": "captions",
        }
        for language in ("en", "fr")
    ]
    [person] = item.iterfind("podcast:person", NAMES)
    assert (person.text, person.get("href")) == ("Ann Lee", "https://ann.example/?a&b")


def test_all_that_an_episode_names_is_there(app, client):
    with app.app_context():
        webinar = make_replay(content=b"x" * 1234)
        add_entries(webinar, 0)
        add_captions(webinar)
    channel = read(client, PODCAST).find("channel")
    item = channel.find("item")

    file = client.get(local(item.find("enclosure").get("url")), buffered=True)
    answers = {
        "enclosure": file,
        "chapters": client.get(local(item.find("podcast:chapters", NAMES).get("url"))),
        "transcript": client.get(local(item.find("podcast:transcript", NAMES).get("url"))),
        "image": client.get(local(item.find("itunes:image", NAMES).get("href"))),
        "cover": client.get(local(channel.find("itunes:image", NAMES).get("href"))),
    }

    assert {name: (each.status_code, each.mimetype) for name, each in answers.items()} == {
        "enclosure": (200, "video/webm"),
        "chapters": (200, "application/json+chapters"),
        "transcript": (200, "text/vtt"),
        "image": (200, "image/png"),
        "cover": (200, "image/png"),
    }
    assert len(answers["enclosure"].data) == 1234


@pytest.mark.every_engine
def test_podcast_has_files_of_ours_alone_and_atom_all(app, client):
    with app.app_context():
        make_replay("ours", title="Ours")
        make_replay_elsewhere("theirs", title="Theirs")

    assert titles(client, PODCAST) == ["Ours"]
    assert sorted(titles(client, ATOM_FEED)) == ["Ours", "Theirs"]


def test_what_is_not_known_is_left_out(app, client):
    with app.app_context():
        make_replay(summary="", description="")
        recording = db.session.query(Recording).one()
        recording.duration_seconds = None
        publish_edition(recording.webinar_id)

    [item] = read(client, PODCAST).iterfind("channel/item")

    names = {each.tag.rpartition("}")[2] for each in item}
    assert names & {"duration", "chapters", "transcript", "person"} == set()
    assert item.findtext("description") == "Creative hubs"


@BOTH
@pytest.mark.parametrize("status", list(WebinarStatus))
def test_only_public_replays_are_listed_whoever_asks(app, client, organiser, feed, status):
    with app.app_context():
        make_replay(status=status, title="Hubs")
    is_public = status in {WebinarStatus.REPLAY_PUBLISHED, WebinarStatus.ARCHIVED}

    for each in (client, organiser):
        assert titles(each, feed) == (["Hubs"] if is_public else [])


@BOTH
def test_feed_is_well_formed_with_hostile_words(app, client, feed):
    hostile = "<b>&]]>\u202e \ufffe\uffff\x01 title"
    with app.app_context():
        webinar = make_replay(title=hostile, summary=hostile, contact_name=hostile)
        add_speaker(webinar, SpeakerFactory(name=hostile, link="https://x.example/\ufffe"))

    assert titles(client, feed) == ["<b>&]]>\u202e  title"]


@BOTH
def test_feed_comes_in_pages(app, client, feed, monkeypatch):
    monkeypatch.setattr(episodes, "PER_FEED", 2)
    with app.app_context():
        for number in range(5):
            later = timedelta(days=number)
            make_replay(
                f"w{number}",
                title=f"{number}",
                starts_at=START + later,
                ends_at=START + later + timedelta(hours=1),
            )

    pages = {}
    address = feed
    while address:
        pages[address] = titles(client, address)
        address = local(links(client, address).get("next", ""))

    assert list(pages.values()) == [["4", "3"], ["2", "1"], ["0"]]
    assert links(client, f"{feed}?page=2") == {
        "self": f"http://localhost{feed}?page=2",
        "first": f"http://localhost{feed}",
        "previous": f"http://localhost{feed}",
        "next": f"http://localhost{feed}?page=3",
    }
    assert client.get(f"{feed}?page=4").status_code == 404
    assert client.get(f"{feed}?page=x").status_code == 200


@BOTH
def test_empty_feed_is_a_feed(client, feed):
    assert titles(client, feed) == []


@BOTH
def test_feed_is_not_sent_again_to_who_has_it(app, client, feed):
    with app.app_context():
        make_replay()
    first = client.get(feed)

    by_tag = client.get(feed, headers={"If-None-Match": first.headers["ETag"]})
    by_time = client.get(feed, headers={"If-Modified-Since": first.headers["Last-Modified"]})

    assert [(each.status_code, each.data) for each in (by_tag, by_time)] == [(304, b"")] * 2
    assert first.headers["Cache-Control"] == "public, max-age=300"


@BOTH
def test_changed_feed_is_sent_again(app, client, feed, stopped_clock):
    with app.app_context():
        make_replay()
    first = client.get(feed)
    with app.app_context():
        webinar = db.session.query(Webinar).one()
        webinar.title, webinar.updated_at = "After", START + timedelta(days=9)
        db.session.commit()

    answers = [
        client.get(feed, headers={"If-None-Match": first.headers["ETag"]}),
        client.get(feed, headers={"If-Modified-Since": first.headers["Last-Modified"]}),
    ]

    assert [(each.status_code, b"After" in each.data) for each in answers] == [(200, True)] * 2


@BOTH
def test_feed_takes_the_same_queries_for_one_and_for_many(app, client, feed, count_queries):
    def add(slug):
        with app.app_context():
            webinar = make_replay(slug)
            add_entries(webinar, 0, 5)
            add_captions(webinar)
            add_speaker(webinar)

    add("one")
    for_one = count_queries(lambda: client.get(feed))
    for number in range(9):
        add(f"more-{number}")

    assert count_queries(lambda: client.get(feed)) == for_one
    assert count_queries(lambda: client.get(feed)) == 1


@BOTH
def test_feed_gives_nobody_a_cookie(app, organiser, feed):
    with organiser.session_transaction() as session:
        session.permanent = True

    answer = organiser.get(feed)

    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Language"


def test_podcast_keeps_one_guid_over_its_pages(app, client, monkeypatch):
    monkeypatch.setattr(episodes, "PER_FEED", 1)
    with app.app_context():
        make_replay("one")
        make_replay("two")

    guids = {
        read(client, f"{PODCAST}?page={page}").findtext("channel/podcast:guid", namespaces=NAMES)
        for page in (1, 2)
    }

    name = "localhost/webinars/podcast.rss"
    assert guids == {str(uuid.uuid5(uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6"), name))}


# -- chapters ----------------------------------------------------------------------------------


def test_chapters_are_as_the_namespace_describes_them(app, client):
    with app.app_context():
        webinar = make_replay()
        ChapterFactory(webinar_id=webinar.id, start_seconds=0.0, title="Welcome")
        ChapterFactory(webinar_id=webinar.id, start_seconds=330.5, title="Why?", kind="question")
        publish_edition(webinar.id)

    answer = client.get("/webinars/hubs/replay/chapters.json")

    assert answer.content_type == "application/json+chapters; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert json.loads(answer.data) == {
        "version": "1.2.0",
        "title": "Creative hubs",
        "chapters": [
            {
                "startTime": 0.0,
                "title": "Welcome by Sonia Speaker",
                "url": "http://localhost/webinars/hubs/replay?t=0",
                "endTime": 330.5,
            },
            {
                "startTime": 330.5,
                "title": "Q&A: Why?",
                "url": "http://localhost/webinars/hubs/replay?t=330",
                "endTime": 5400.0,
            },
        ],
    }


def test_chapters_can_be_read_back_as_an_agenda(app, client):
    with app.app_context():
        add_entries(make_replay(), 0, 330.25)

    agenda = parse_agenda(client.get("/webinars/hubs/replay/chapters.json").text)

    assert [(entry.start, entry.title) for entry in agenda.entries] == [
        (0.0, "Entry at 0 by Sonia Speaker"),
        (330.25, "Entry at 330.25 by Sonia Speaker"),
    ]


def test_last_chapter_of_a_recording_of_unknown_length_has_no_end(app, client):
    with app.app_context():
        add_entries(make_replay(), 0, 5)
        recording = db.session.query(Recording).one()
        recording.duration_seconds = None
        publish_edition(recording.webinar_id)

    chapters = json.loads(client.get("/webinars/hubs/replay/chapters.json").data)["chapters"]

    assert [each.get("endTime") for each in chapters] == [5.0, None]


@pytest.mark.parametrize("path", ["chapters.json", "recording.webm"])
def test_what_is_not_public_is_for_organisers_alone(app, client, organiser, path):
    with app.app_context():
        add_entries(make_replay(status=WebinarStatus.ENDED), 0)

    address = f"/webinars/hubs/replay/{path}"

    assert client.get(address).status_code == 404
    answer = organiser.get(address, buffered=True)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("path", ["recording.mp4", "recording.", "recording.b%00"])
def test_file_has_its_own_ending_alone(app, client, path):
    with app.app_context():
        make_replay()

    assert client.get(f"/webinars/hubs/replay/{path}").status_code == 404


def test_replay_without_an_agenda_has_no_chapters(app, client):
    with app.app_context():
        make_replay()
        WebinarFactory(slug="tubs")

    answers = [client.get(f"/webinars/{slug}/replay/chapters.json") for slug in ("hubs", "tubs")]

    assert [each.status_code for each in answers] == [404, 404]


def test_file_is_sent_in_ranges(app, client):
    with app.app_context():
        make_replay(content=b"0123456789")

    address = "/webinars/hubs/replay/recording.webm"

    answer = client.get(address, headers={"Range": "bytes=2-4"}, buffered=True)

    assert (answer.status_code, answer.data) == (206, b"234")
