"""What stands beside the recording on the replay's page: transcript, questions, heat, old links."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from eventapp.audience_reactions.models import ReactionBucket, ReactionKind
from eventapp.core.db import db, transaction
from eventapp.learnings.models import Learnings
from eventapp.live.models import LogEntryKind
from eventapp.questions.models import QuestionStatus
from eventapp.replays import actions
from eventapp.replays.addresses import parse_address
from eventapp.replays.timing import Timing
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import (
    START,
    ChapterFactory,
    LogEntryFactory,
    QuestionFactory,
    RecordingFactory,
    WebinarFactory,
    add_speaker,
    publish_edition,
)
from tests.plugins.app import NOON

REPLAY = "/webinars/hubs/replay"
ENGLISH = (
    "WEBVTT\n\n00:05.000 --> 00:07.000\n<v Ann>Caf&eacute; <b>&lt;script&gt;</b>\n\n"
    "01:02:03.000 --> 01:02:04.000\n<v Ann>Bye\n"
)
DUTCH = "WEBVTT\n\n00:05.000 --> 00:07.000\nHallo\n"


@pytest.fixture
def hubs(app):
    """The id of a webinar with a public replay of 90 minutes, "hubs"."""
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", status=WebinarStatus.REPLAY_PUBLISHED)
        RecordingFactory(webinar_id=webinar.id)
        publish_edition(webinar.id)
        return webinar.id


def add_captions(app, hubs, **texts):
    with app.app_context():
        with transaction():
            for language, text in texts.items():
                webinar = db.session.get_one(Webinar, hubs)
                actions.save_captions(webinar, language=language, text=text)
        publish_edition(hubs)


def transcript_of(page):
    return re.findall(r'<li><a href="([^"]*)"><b>([^<]*)</b> (.*?)</a></li>', page)


def test_each_line_of_the_transcript_is_a_link_to_its_second(app, client, hubs):
    add_captions(app, hubs, en=ENGLISH)

    assert transcript_of(client.get(REPLAY).text) == [
        ("?t=5", "0:05", "<i>Ann:</i> Café &lt;script&gt;"),
        ("?t=3723", "1:02:03", "Bye"),
    ]


def test_transcript_is_read_in_another_language(app, client, hubs):
    add_captions(app, hubs, en=ENGLISH, nl=DUTCH)

    page = client.get(f"{REPLAY}?transcript=nl").text

    assert transcript_of(page) == [("?t=5", "0:05", "Hallo")]
    assert '<a href="?transcript=en#transcript" lang="en">English</a>' in page
    assert '<ol class="transcript-lines" lang="nl"' in page


def test_nobody_fills_the_kept_pages_with_languages_that_are_not_there(
    app, client, hubs, count_queries
):
    add_captions(app, hubs, en=ENGLISH)
    usual = client.get(f"{REPLAY}?transcript=en").text
    client.get(f"{REPLAY}?transcript=zz")

    found = []
    queries = count_queries(lambda: found.append(client.get(f"{REPLAY}?transcript=<b>").text))

    assert queries == 1
    assert transcript_of(found[0]) == transcript_of(usual)


def test_transcript_is_handed_out_as_text(app, client, hubs):
    add_captions(app, hubs, en=ENGLISH)

    response = client.get("/webinars/hubs/captions/en.txt")

    assert response.text == "Ann: Café <script>\n\nAnn: Bye\n"
    assert response.mimetype == "text/plain"
    assert "attachment" in response.headers["Content-Disposition"]
    assert client.get("/webinars/hubs/captions/fr.txt").status_code == 404


def test_questions_come_by_their_moment_then_as_wanted_and_the_rest_apart(app, client, hubs):
    with app.app_context():
        speaker = add_speaker(db.session.get_one(Webinar, hubs))
        early = QuestionFactory(
            webinar_id=hubs, text="Early?", status=QuestionStatus.ANSWERED, speaker=speaker
        )
        late = QuestionFactory(
            webinar_id=hubs, text="Late?", status=QuestionStatus.ANSWERED, votes=9
        )
        QuestionFactory(webinar_id=hubs, text="Elsewhere?", status=QuestionStatus.ANSWERED)
        QuestionFactory(webinar_id=hubs, text="Open?", votes=2)
        for status in (QuestionStatus.PENDING, QuestionStatus.DISMISSED):
            QuestionFactory(webinar_id=hubs, text="Hidden?", status=status)
        ChapterFactory(webinar_id=hubs, start_seconds=300.0, question_id=early.id, position=0)
        ChapterFactory(webinar_id=hubs, start_seconds=400.0, question_id=late.id, position=1)
        publish_edition(hubs)
        name = speaker.name

    page = client.get(REPLAY).text
    asked = page[page.index('id="questions"') :]

    places = [asked.index(text) for text in ("Early?", "Late?", "Elsewhere?", "Open?")]
    assert places == sorted(places)
    assert f"answered by {name}" in asked
    assert f'<a href="{REPLAY}?t=300" data-seek="300.0">' in asked
    assert "1 question without an answer" in asked
    assert "Hidden?" not in page


def test_page_takes_as_many_queries_for_one_question_as_for_many(app, client, hubs, count_queries):
    def add(many):
        with app.app_context():
            for _ in range(many):
                speaker = add_speaker(db.session.get_one(Webinar, hubs))
                QuestionFactory(webinar_id=hubs, speaker=speaker)
            publish_edition(hubs)

    add(1)
    one = count_queries(lambda: client.get(REPLAY))
    add(20)
    with app.app_context():
        ChapterFactory(webinar_id=hubs)
        publish_edition(hubs)

    assert count_queries(lambda: client.get(REPLAY)) == one


def test_heat_follows_the_recording_and_its_cuts(app, client, hubs):
    with app.app_context():
        LogEntryFactory(webinar_id=hubs, kind=LogEntryKind.RECORDING_STARTED, at=START)
        for minutes, count in ((30, 4), (60, 8)):
            moment = START + timedelta(minutes=minutes)
            bucket = {"webinar_id": hubs, "begins_at": moment, "count": count}
            db.session.add(ReactionBucket(kind=ReactionKind.HEART, **bucket))
        db.session.commit()
        with transaction():
            webinar = db.session.get_one(Webinar, hubs)
            cut = Timing(cuts=((1800.0, 3600.0),))
            actions.adjust_recording(webinar, timing=cut, duration=3600.0)
        publish_edition(hubs)

    path = re.search(r'<path d="M0 100([^"]*)z"', client.get(REPLAY).text)[1]

    # Both stand where the cut is, half way.
    tops = re.findall(r"V(\d+)h1", path)
    assert [number for number, top in enumerate(tops) if top != "100"] == [60]


def test_links_of_a_replaced_recording_still_land_right(app, client, hubs):
    with app.app_context():
        ChapterFactory(webinar_id=hubs, start_seconds=330.0)
        publish_edition(hubs)
        with transaction():
            webinar = db.session.get_one(Webinar, hubs)
            address = parse_address("https://vimeo.com/76979871")
            actions.save_recording_address(webinar, address=address, duration=5400.0, now=NOON)
            actions.adjust_recording(webinar, timing=Timing(offset=-30.0), duration=5400.0)
        publish_edition(hubs)

    old, new = client.get(f"{REPLAY}?t=330").text, client.get(f"{REPLAY}?t=300&r=2").text

    for page in (old, new):
        assert f"{REPLAY}?t=300&amp;play=1#player" in page
        assert f'<a href="{REPLAY}?t=300&amp;r=2" class="agenda-row"' in page
        assert 'aria-current="true"' in page


@pytest.mark.parametrize("number", ["x", "0", "-1", "99999999", "²"])
def test_link_with_a_number_that_says_nothing_is_one_without(client, hubs, number):
    assert client.get(f"{REPLAY}?t=30&r={number}").status_code == 200


@pytest.mark.parametrize(("headings", "listed"), [(2, 0), (3, 3)])
def test_learnings_with_many_headings_have_contents(app, client, hubs, headings, listed):
    body = "\n\n".join(f"## Part <b>{number}</b>\n\nText." for number in range(headings))
    with app.app_context():
        db.session.add(Learnings(webinar_id=hubs, body=body, updated_at=START))
        publish_edition(hubs)

    page = client.get(REPLAY).text

    anchors = re.findall(r'<li class="contents-1"><a href="#([^"]+)">', page)
    assert len(anchors) == listed
    assert all(f'id="{anchor}"' in page for anchor in anchors)
