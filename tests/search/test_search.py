"""Finding what was said, asked and written in public replays."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.outbox import run_due_jobs
from eventapp.learnings.actions import save_learnings
from eventapp.questions import actions as questions
from eventapp.questions.models import QuestionStatus
from eventapp.replays import actions
from eventapp.replays.actions import publish_replay, withdraw_replay
from eventapp.replays.models import ChapterKind
from eventapp.replays.rules import Entry
from eventapp.search.actions import index_replay
from eventapp.search.folding import fold, read_query
from eventapp.search.models import SearchedKind, SearchEntry
from eventapp.search.queries import MOST_FOUND, search_replays
from eventapp.webinars.models import WebinarStatus
from tests.factories import (
    ChapterFactory,
    PresentationFactory,
    QuestionFactory,
    RecordingFactory,
    UserFactory,
    WebinarFactory,
)
from tests.plugins.app import NOON

SAID = (
    "WEBVTT\n\n00:10.000 --> 00:12.000\n<v Ann>Welcome to the Café of ideas\n\n"
    "00:12.000 --> 00:15.000\nwhere bakers meet\n\n10:00:00.000 --> 10:00:01.000\nGoodbye bakers\n"
)


def work():
    while run_due_jobs():
        pass


def publish(webinar):
    with transaction():
        publish_replay(webinar, now=NOON)
    work()


@pytest.fixture
def hubs(in_app):
    """An ended webinar with something of each kind to be found, once it is published."""
    webinar = WebinarFactory(slug="hubs", title="Hubs", status=WebinarStatus.ENDED)
    RecordingFactory(webinar_id=webinar.id, offset_seconds=10.0)
    question = QuestionFactory(
        webinar_id=webinar.id, text="Who funds the kiln?", status=QuestionStatus.ANSWERED
    )
    ChapterFactory(webinar_id=webinar.id, title="The mill", start_seconds=300.0, position=0)
    ChapterFactory(
        webinar_id=webinar.id, start_seconds=400.0, position=1, question_id=question.id, title="?"
    )
    PresentationFactory(webinar_id=webinar.id, title="Ovens of Europe")
    with transaction():
        save_learnings(webinar, body="# Start\n\n- Ask the **neighbours** first", now=NOON)
        actions.save_captions(webinar, language="en", text=SAID)
    return webinar


def find(text):
    return [(hit.kind, hit.text, hit.start) for found in search_replays(text) for hit in found.hits]


@pytest.mark.every_engine
@pytest.mark.parametrize(
    ("text", "kind", "start"),
    [
        ("mill", SearchedKind.CHAPTER, 310.0),
        ("KILN fund", SearchedKind.QUESTION, 410.0),
        ("neighbours", SearchedKind.LEARNINGS, None),
        ("ovens", SearchedKind.PRESENTATION, None),
        ("cafe", SearchedKind.TRANSCRIPT, 10.0),
        ("CAFÉ", SearchedKind.TRANSCRIPT, 10.0),
        ("meet", SearchedKind.TRANSCRIPT, 12.0),
        ("goodbye", SearchedKind.TRANSCRIPT, 36_000.0),
        ("ideas meet", SearchedKind.TRANSCRIPT, 10.0),
        ("bak", SearchedKind.TRANSCRIPT, 12.0),
    ],
)
def test_words_of_each_kind_are_found_at_their_second(hubs, text, kind, start):
    publish(hubs)

    hits = find(text)

    assert (hits[0][0], hits[0][2]) == (kind, start)


@pytest.mark.every_engine
@pytest.mark.parametrize("text", ["", "  ", "!!!", "zebra", "mill zebra", "ideas goodbye", "aker"])
def test_what_nobody_said_is_not_found(hubs, text):
    publish(hubs)

    assert find(text) == []


@pytest.mark.every_engine
@pytest.mark.parametrize(
    "text",
    ['"', "mill'", "mill OR", "NEAR(", "*", "zz & | !", "(", "kind : x", "\x00mill", "-mill", ":*"],
)
def test_nothing_that_is_typed_is_a_query_language(hubs, text):
    publish(hubs)

    assert all("mill" in line.lower() for _, line, _ in find(text))


@pytest.mark.every_engine
def test_only_what_is_public_is_found(hubs):
    before = find("mill")
    publish(hubs)
    public = len(find("mill"))
    with transaction():
        withdraw_replay(hubs, now=NOON)

    assert (before, public, find("mill")) == ([], 1, [])


@pytest.mark.every_engine
def test_new_edition_is_found_by_its_own_words(hubs):
    publish(hubs)
    with transaction():
        actions.replace_agenda(
            hubs, entries=[_entry("The windmill"), _entry("The lighthouse")], offset=0.0
        )
    unchanged = find("lighthouse")

    publish(hubs)

    assert unchanged == []
    assert [line[:14] for _, line, _ in find("lighthouse")] == ["The lighthouse"]
    assert find("mill") == []


def _entry(title):
    return Entry(start_seconds=10.0, kind=ChapterKind.PRESENTATION, title=title)


@pytest.mark.every_engine
def test_question_is_found_by_its_answer_and_no_more_once_it_is_left_out(hubs):
    publish(hubs)
    asked = QuestionFactory(webinar_id=hubs.id, text="And the flour?")
    with transaction():
        questions.write_answer(
            asked.id,
            webinar_id=hubs.id,
            text="From the cooperative.",
            submission_key="one",
            author_id=UserFactory().id,
            now=NOON,
        )
    work()
    answered = find("cooperative")

    with transaction():
        questions.dismiss_question(asked.id, webinar_id=hubs.id)
    work()

    assert [kind for kind, *_ in answered] == [SearchedKind.QUESTION]
    assert find("cooperative") == []


@pytest.mark.every_engine
def test_deleted_rows_leave_the_index(hubs):
    publish(hubs)

    with transaction():
        index_replay(hubs.id)
        db.session.execute(sa.delete(SearchEntry))

    assert find("mill") == []


@pytest.mark.every_engine
def test_common_words_cost_no_more_than_rare_ones(hubs, count_queries):
    publish(hubs)
    rows = [
        {
            "webinar_id": hubs.id,
            "kind": SearchedKind.TRANSCRIPT,
            "text": "flour",
            "folded": "flour",
            "starts": [float(number)],
        }
        for number in range(MOST_FOUND + 50)
    ]
    with transaction():
        db.session.execute(sa.insert(SearchEntry), rows)

    assert count_queries(lambda: search_replays("flour")) == count_queries(
        lambda: search_replays("mill")
    )
    [found] = search_replays("flour")
    assert len(found.hits) + found.more == MOST_FOUND


def test_words_are_compared_without_capitals_and_accents():
    assert fold("Das Cafe\u0301 in GROSSER Straße, №5!") == "das cafe in grosser strasse no5"
    assert read_query("Ä" * 100 + " x" * 20) == ["a" * 60, *["x"] * 7]


def test_archive_shows_what_was_found_as_links_into_the_recording(client, app):
    with app.app_context():
        webinar = WebinarFactory(slug="hubs", title="<i>Hubs</i>", status=WebinarStatus.ENDED)
        RecordingFactory(webinar_id=webinar.id)
        ChapterFactory(webinar_id=webinar.id, title="The <b>mill</b>", start_seconds=330.0)
        publish(webinar)

    page = client.get("/webinars/?q=mill").text

    assert '<a href="/webinars/hubs/replay?t=330">00:05:30</a>' in page
    assert "The &lt;b&gt;mill&lt;/b&gt;" in page
    assert "Nothing found" not in page
    assert "Nothing found" in client.get("/webinars/?q=zebra").text
