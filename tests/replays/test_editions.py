"""What is public of a replay: editions, the links into them, and how they come back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.files import StoredFile
from eventapp.core.mailer import OutgoingMail
from eventapp.core.outbox import run_due_jobs
from eventapp.learnings.actions import save_learnings
from eventapp.questions.models import QuestionStatus
from eventapp.replays import actions, queries
from eventapp.replays.addresses import parse_address
from eventapp.replays.models import ReplayEditionFile
from eventapp.replays.timing import Timing
from eventapp.webinars.models import WebinarStatus
from tests.factories import (
    ChapterFactory,
    QuestionFactory,
    RecordingFactory,
    RegistrationFactory,
    StoredFileFactory,
    WebinarFactory,
)
from tests.plugins.app import NOON

pytestmark = pytest.mark.every_engine

OTHER = parse_address("https://vimeo.com/76979871")


@pytest.fixture
def webinar(in_app):
    """An ended webinar with a recording and one chapter at 330 seconds."""
    made = WebinarFactory(slug="hubs", status=WebinarStatus.ENDED)
    RecordingFactory(webinar_id=made.id)
    ChapterFactory(webinar_id=made.id, title="Talk")
    return made


def publish(webinar):
    with transaction():
        edition = actions.publish_replay(webinar, now=NOON)
    return edition.number


def replace_recording(webinar, *, offset):
    with transaction():
        actions.save_recording_address(webinar, address=OTHER, duration=5400.0, now=NOON)
        timing = Timing(offset=offset)
        actions.adjust_recording(webinar, timing=timing, duration=5400.0)


def titles(replay):
    return [entry.title for entry in replay.entries]


def test_what_changes_on_the_desk_is_public_only_once_it_is_published_again(webinar):
    publish(webinar)
    [chapter] = queries.list_chapters(webinar.id)
    with transaction():
        chapter.title = "Corrected"

    before = titles(queries.get_public_replay(webinar.id))
    number = publish(webinar)

    assert before == ["Talk"]
    assert titles(queries.get_public_replay(webinar.id)) == ["Corrected"]
    assert number == 2
    assert webinar.status is WebinarStatus.REPLAY_PUBLISHED


def test_publishing_what_is_public_already_makes_no_edition(webinar):
    assert [publish(webinar), publish(webinar)] == [1, 1]


def test_learnings_are_public_with_the_edition(webinar):
    with transaction():
        save_learnings(webinar, body="First.", now=NOON)
    publish(webinar)
    with transaction():
        save_learnings(webinar, body="Second.", now=NOON, seen_at=NOON)

    before = queries.get_public_replay(webinar.id).learnings
    publish(webinar)

    assert (before, queries.get_public_replay(webinar.id).learnings) == ("First.", "Second.")


def test_agenda_of_an_earlier_edition_comes_back_without_links_to_what_is_gone(webinar):
    question = QuestionFactory(webinar_id=webinar.id)
    [chapter] = queries.list_chapters(webinar.id)
    with transaction():
        chapter.question_id = question.id
    publish(webinar)
    with transaction() as session:
        chapter.title = "Spoiled"
        session.delete(question)

    with transaction():
        actions.restore_agenda(webinar, number=1)

    [entry] = queries.get_replay(webinar.id).entries
    assert (entry.title, entry.question_id, entry.start_seconds) == ("Talk", None, 330.0)


@pytest.mark.parametrize(
    ("number", "asked", "second"), [(None, 330, 342), (1, 330, 342), (2, 342, 342), (9, 342, 342)]
)
def test_links_into_a_replaced_recording_land_where_they_meant(webinar, number, asked, second):
    publish(webinar)
    replace_recording(webinar, offset=12.0)
    publish(webinar)

    replay = queries.get_public_replay(webinar.id)

    assert replay.recording.number == 2
    assert replay.find_second(asked, number=number) == second


def test_recording_that_was_never_public_is_replaced_without_a_trace(webinar):
    replace_recording(webinar, offset=12.0)

    [recording] = queries.list_recordings(webinar.id)
    assert (recording.number, recording.address) == (1, OTHER.url)


def test_number_of_a_recording_that_was_public_is_given_to_no_other(webinar):
    publish(webinar)
    with transaction():
        actions.withdraw_replay(webinar, now=NOON)
        actions.remove_recording(webinar)

    replace_recording(webinar, offset=0.0)

    assert [recording.number for recording in queries.list_recordings(webinar.id)] == [2]


def test_file_stays_while_it_is_public_and_goes_with_the_next_edition(in_app):
    webinar = WebinarFactory(status=WebinarStatus.ENDED)
    stored = StoredFileFactory()
    RecordingFactory(webinar_id=webinar.id, kind="file", address="", file_id=stored.id)
    publish(webinar)
    named = sa.select(sa.func.count()).select_from(ReplayEditionFile)

    replace_recording(webinar, offset=0.0)
    while_public = db.session.scalar(named), queries.get_public_replay(webinar.id).recording.file
    publish(webinar)

    assert while_public == (1, db.session.get(StoredFile, stored.id))
    assert db.session.scalar(named) == 0
    assert [recording.file_id for recording in queries.list_recordings(webinar.id)] == [None, None]


def test_mail_leads_into_the_recording_that_is_public(webinar, stopped_clock):
    asker = RegistrationFactory(webinar=webinar)
    publish(webinar)
    question = QuestionFactory(
        webinar_id=webinar.id, registration_id=asker.id, status=QuestionStatus.ANSWERED
    )
    ChapterFactory(webinar_id=webinar.id, start_seconds=400.0, question_id=question.id)
    replace_recording(webinar, offset=12.0)

    publish(webinar)
    publish(webinar)
    while run_due_jobs():
        pass

    [mail] = db.session.scalars(
        sa.select(OutgoingMail).where(OutgoingMail.message == "question_answered")
    )
    assert "/webinars/hubs/replay?t=412&r=2" in mail.body_text
