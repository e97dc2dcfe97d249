"""The agenda under review, row by row."""

from __future__ import annotations

import pytest

from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound
from eventapp.live.models import LogEntryKind
from eventapp.replays import actions
from eventapp.replays.models import Chapter, ChapterKind
from eventapp.replays.queries import list_chapters, list_dropped
from eventapp.replays.refusals import EntriesAreOutOfOrder, NothingAbove
from eventapp.webinars.actions import end_webinar
from eventapp.webinars.models import WebinarStatus
from tests.factories import (
    AgendaItemFactory,
    ChapterFactory,
    LogEntryFactory,
    QuestionFactory,
    RecordingFactory,
    WebinarFactory,
)
from tests.plugins.app import NOON

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def agenda(in_app):
    """A webinar with a talk at 100 s, a question under it at 200 s, and a talk at 300 s."""
    webinar = WebinarFactory(status=WebinarStatus.ENDED)
    RecordingFactory(webinar_id=webinar.id, offset_seconds=-50.0, cuts=[[100.0, 120.0]])
    talk = ChapterFactory(
        webinar_id=webinar.id, title="Talk", start_seconds=100.0, position=0, speakers=["Ann"]
    )
    question = ChapterFactory(
        webinar_id=webinar.id,
        title="Why?",
        start_seconds=200.0,
        position=1,
        kind=ChapterKind.QUESTION,
        parent_id=talk.id,
        question_id=QuestionFactory(webinar_id=webinar.id).id,
        speakers=["Ben"],
    )
    last = ChapterFactory(webinar_id=webinar.id, title="Last", start_seconds=300.0, position=2)
    return webinar, talk, question, last


def rows(webinar):
    """What the agenda shows: each title, with what it stands under."""
    titles = {chapter.id: chapter.title for chapter in list_chapters(webinar.id)}
    found = list_chapters(webinar.id)
    return [(chapter.title, titles.get(chapter.parent_id)) for chapter in found]


def act(do, webinar, chapter, **values):
    with transaction():
        return do(webinar, chapter_id=chapter.id, **values)


@pytest.mark.every_engine
def test_entry_is_nudged_over_its_neighbours_and_not_before_the_beginning(agenda):
    webinar, talk, _question, last = agenda

    act(actions.nudge_entry, webinar, last, by=-400)

    assert rows(webinar)[0] == ("Last", None)
    assert last.start_seconds == 50.0
    act(actions.nudge_entry, webinar, talk, by=10)
    assert talk.start_seconds == 110.0


@pytest.mark.every_engine
def test_nudge_counts_in_the_recording_and_steps_over_cuts(agenda):
    webinar, _talk, question, _last = agenda

    act(actions.nudge_entry, webinar, question, by=-31)

    # At 130 s of the recording, from where the cut at 100 s is 30 s away: 1 s before it.
    assert question.start_seconds == 149.0


@pytest.mark.every_engine
def test_part_cannot_be_nudged_past_its_question(agenda):
    webinar, talk, *_ = agenda

    with pytest.raises(EntriesAreOutOfOrder):
        act(actions.nudge_entry, webinar, talk, by=150)

    assert rows(webinar) == [("Talk", None), ("Why?", "Talk"), ("Last", None)]


@pytest.mark.every_engine
def test_entry_is_nested_with_what_stands_under_it(agenda):
    webinar, _talk, _question, last = agenda
    under = ChapterFactory(
        webinar_id=webinar.id, title="Under", start_seconds=310.0, position=3, parent_id=last.id
    )

    act(actions.nest_entry, webinar, last)
    assert rows(webinar)[2:] == [("Last", "Talk"), ("Under", "Talk")]

    act(actions.unnest_entry, webinar, under)
    assert rows(webinar)[3] == ("Under", None)


@pytest.mark.every_engine
def test_first_entry_has_nothing_to_go_under_or_into(agenda):
    webinar, talk, *_ = agenda

    for do in (actions.nest_entry, actions.merge_entry):
        with pytest.raises(NothingAbove):
            act(do, webinar, talk)


@pytest.mark.every_engine
def test_merged_entry_gives_what_it_has_to_the_one_above_and_can_come_back(agenda):
    webinar, talk, question, _last = agenda

    act(actions.merge_entry, webinar, question)

    assert rows(webinar) == [("Talk", None), ("Last", None)]
    assert (talk.speakers, talk.question_id) == (["Ann", "Ben"], question.question_id)
    act(actions.restore_entry, webinar, question)
    assert rows(webinar)[1] == ("Why?", "Talk")


@pytest.mark.every_engine
def test_dropped_part_leaves_its_questions_and_comes_back_at_its_time(agenda):
    webinar, talk, *_ = agenda

    act(actions.drop_entry, webinar, talk)
    without = rows(webinar)
    dropped = [chapter.title for chapter in list_dropped(webinar.id)]
    act(actions.restore_entry, webinar, talk)

    assert without == [("Why?", None), ("Last", None)]
    assert dropped == ["Talk"]
    assert [title for title, _ in rows(webinar)] == ["Talk", "Why?", "Last"]


@pytest.mark.every_engine
def test_entry_comes_back_by_itself_where_its_part_is_gone(agenda):
    webinar, talk, question, _last = agenda
    act(actions.drop_entry, webinar, question)
    act(actions.drop_entry, webinar, talk)

    act(actions.restore_entry, webinar, question)

    assert rows(webinar)[0] == ("Why?", None)


@pytest.mark.every_engine
def test_dropped_entry_is_changed_by_nobody_until_it_is_back(agenda):
    webinar, talk, *_ = agenda
    act(actions.drop_entry, webinar, talk)

    for do in (actions.drop_entry, actions.nest_entry, actions.unnest_entry):
        with pytest.raises(NotFound):
            act(do, webinar, talk)


@pytest.mark.every_engine
def test_agenda_from_the_log_is_on_the_desk_when_the_webinar_ends(in_app):
    webinar = WebinarFactory(status=WebinarStatus.LIVE)
    item = AgendaItemFactory(webinar=webinar, title="The bakery")
    LogEntryFactory(
        webinar_id=webinar.id,
        kind=LogEntryKind.AGENDA_ITEM_STARTED,
        agenda_item_id=item.id,
        title=item.title,
    )

    with transaction():
        end_webinar(webinar, now=NOON)

    assert rows(webinar) == [("The bakery", None)]


# -- by script ---------------------------------------------------------------------------------


@pytest.fixture
def stored(app, organiser):
    """The ids of a webinar and its one entry, with an organiser's browser at the desk."""
    with app.app_context():
        webinar_id = WebinarFactory(status=WebinarStatus.ENDED).id
        return webinar_id, ChapterFactory(webinar_id=webinar_id, title="Talk").id


def at(stored, name):
    webinar_id, chapter_id = stored
    return f"/manage/webinars/{webinar_id}/replay/entries/{chapter_id}/{name}"


def test_script_gets_the_rows_as_they_are_now(organiser, stored):
    data = {"title": "  The <b>bakery</b>\n"}

    answer = organiser.post(at(stored, "rename"), data=data, headers=SCRIPT).json

    assert answer["chapter_id"] == stored[1]
    assert "The &lt;b&gt;bakery&lt;/b&gt;</a>" in answer["rows"]
    assert answer["said"] == "Renamed."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("rename", {"title": " "}),
        ("rename", {"title": "x" * 1001}),
        ("retype", {"kind": "<b>"}),
        ("nest", {}),
        ("merge", {}),
    ],
)
def test_script_hears_why_not(app, organiser, stored, name, data):
    answer = organiser.post(at(stored, name), data=data, headers=SCRIPT)

    assert answer.status_code == 422
    assert answer.json["said"]
    assert "Talk" in answer.json["rows"]


@pytest.mark.parametrize("by", ["", "x", "1e9", "-99999999999", "٣", "99999999999999999999"])
def test_nudge_by_nonsense_moves_by_a_day_at_most(app, organiser, stored, by):
    organiser.post(at(stored, "nudge"), data={"by": by}, headers=SCRIPT)

    with app.app_context():
        assert 0 <= db.session.get(Chapter, stored[1]).start_seconds <= 330 + 86_400


def test_without_scripts_the_review_says_what_happened(organiser, stored):
    page = organiser.post(at(stored, "drop"), data={}, follow_redirects=True).text

    assert "Dropped; you can bring it back" in page
    assert "1 dropped entry" in page
    assert "It is back." in organiser.post(at(stored, "restore"), follow_redirects=True).text


def test_another_webinars_entry_is_not_found(app, organiser, stored):
    with app.app_context():
        other = WebinarFactory().id

    assert organiser.post(at((other, stored[1]), "drop")).status_code == 404
