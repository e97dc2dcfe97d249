"""What organisers do with a replay."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound
from eventapp.core.mailer import OutgoingMail
from eventapp.core.outbox import OutboxJob, run_due_jobs
from eventapp.core.uploads import UploadKind
from eventapp.live.models import LogEntryKind
from eventapp.questions.models import QuestionStatus
from eventapp.registrations.mails import MAILING_AT_ONCE
from eventapp.registrations.models import RegistrationStatus
from eventapp.replays import actions
from eventapp.replays.actions import EntryWords, VideoUpload
from eventapp.replays.addresses import parse_address
from eventapp.replays.models import ChapterKind, RecordingKind
from eventapp.replays.queries import find_recording, get_replay, list_captions, list_chapters
from eventapp.replays.refusals import (
    EntriesAreOutOfOrder,
    EntryIsPastTheEnd,
    RecordingIsNeeded,
    RecordingIsPublic,
)
from eventapp.replays.rules import Entry
from eventapp.replays.timing import Timing
from eventapp.webinars.models import WebinarStatus
from eventapp.webinars.refusals import CannotPublishReplay
from tests.factories import (
    ChapterFactory,
    LogEntryFactory,
    QuestionFactory,
    RecordingFactory,
    RegistrationFactory,
    WebinarFactory,
)
from tests.plugins.app import NOON

pytestmark = pytest.mark.every_engine

YOUTUBE = parse_address("https://youtu.be/aqz-KE-bpKQ")


def ended(**values):
    return WebinarFactory(status=WebinarStatus.ENDED, **values)


def entry(start, title, **values):
    values = {"kind": ChapterKind.PRESENTATION, **values}
    return Entry(start_seconds=start, title=title, **values)


def words(start, title="A question?", **values):
    values = {"kind": ChapterKind.QUESTION, "speakers": (), "section": "", **values}
    return EntryWords(start=start, title=title, parent_id=values.pop("parent_id", None), **values)


def titles(webinar):
    return [chapter.title for chapter in list_chapters(webinar.id)]


def test_file_takes_the_place_of_an_address_and_keeps_the_shift(in_app):
    webinar = ended()
    RecordingFactory(webinar_id=webinar.id, offset_seconds=12.0)
    upload = VideoUpload(
        content=BytesIO(b"video"),
        name="../../a\r\nb.webm",
        kind=UploadKind("video/webm", "webm"),
        duration=60.0,
    )
    stored = actions.put_recording(upload)

    with transaction():
        actions.save_recording_file(webinar, stored=stored, duration=upload.duration, now=NOON)

    recording = find_recording(webinar.id)
    assert (recording.kind, recording.address) == (RecordingKind.FILE, "")
    assert (recording.duration_seconds, recording.offset_seconds) == (60.0, 12.0)
    assert recording.file.name == "a b.webm"


def test_address_takes_the_place_of_a_file(in_app):
    webinar = ended()

    with transaction():
        actions.save_recording_address(webinar, address=YOUTUBE, duration=None, now=NOON)

    recording = find_recording(webinar.id)
    assert (recording.kind, recording.address) == (RecordingKind.YOUTUBE, YOUTUBE.url)


def test_agenda_is_stored_with_its_parents_and_the_shift(in_app):
    webinar = ended()
    RecordingFactory(webinar_id=webinar.id)
    ChapterFactory(webinar_id=webinar.id)
    entries = [
        entry(10, "Talk", speakers=("Ann",)),
        entry(20, "Why?", kind=ChapterKind.QUESTION, parent=0),
    ]

    with transaction():
        actions.replace_agenda(webinar, entries=entries, offset=-5.0)

    talk, question = list_chapters(webinar.id)
    assert (talk.title, talk.speakers, talk.start_seconds) == ("Talk", ["Ann"], 10)
    assert (question.parent_id, question.position) == (talk.id, 1)
    assert find_recording(webinar.id).offset_seconds == -5.0


def test_agenda_without_a_recording_takes_the_shift_into_its_times(in_app):
    webinar = ended()

    with transaction():
        actions.replace_agenda(webinar, entries=[entry(10, "Talk")], offset=30.0)

    assert [chapter.start_seconds for chapter in list_chapters(webinar.id)] == [40.0]


def test_agenda_past_the_end_leaves_the_old_one(in_app):
    webinar = ended()
    RecordingFactory(webinar_id=webinar.id, duration_seconds=60.0)
    ChapterFactory(webinar_id=webinar.id, title="Old", start_seconds=0.0)

    with pytest.raises(EntryIsPastTheEnd), transaction():
        actions.replace_agenda(webinar, entries=[entry(61, "New")], offset=0.0)

    assert titles(webinar) == ["Old"]


def test_shift_past_the_end_is_refused(in_app):
    webinar = ended()
    RecordingFactory(webinar_id=webinar.id, duration_seconds=400.0)
    ChapterFactory(webinar_id=webinar.id, start_seconds=330.0)

    with pytest.raises(EntryIsPastTheEnd), transaction():
        actions.adjust_recording(webinar, timing=Timing(offset=71.0), duration=400.0)


def test_entry_is_added_at_its_time_in_the_recording(in_app):
    webinar = ended()
    RecordingFactory(webinar_id=webinar.id, offset_seconds=100.0)
    first = ChapterFactory(webinar_id=webinar.id, title="First", start_seconds=0.0, position=0)
    ChapterFactory(webinar_id=webinar.id, title="Last", start_seconds=50.0, position=1)

    with transaction():
        added = actions.add_entry(webinar, words=words(120.0, "Middle", parent_id=first.id))

    assert titles(webinar) == ["First", "Middle", "Last"]
    assert (added.start_seconds, added.parent_id) == (20.0, first.id)


def test_entry_that_is_edited_moves_to_its_time(in_app):
    webinar = ended()
    first = ChapterFactory(webinar_id=webinar.id, title="First", start_seconds=0.0, position=0)
    ChapterFactory(webinar_id=webinar.id, title="Last", start_seconds=50.0, position=1)

    with transaction():
        actions.edit_entry(webinar, chapter_id=first.id, words=words(60.0, "First no more"))

    assert titles(webinar) == ["Last", "First no more"]


def test_entry_cannot_come_before_its_parent(in_app):
    webinar = ended()
    parent = ChapterFactory(webinar_id=webinar.id, start_seconds=50.0, position=0)

    with pytest.raises(EntriesAreOutOfOrder), transaction():
        actions.add_entry(webinar, words=words(40.0, parent_id=parent.id))

    assert len(list_chapters(webinar.id)) == 1


def test_entry_cannot_stand_under_another_webinars(in_app):
    webinar, other = ended(), ended()
    foreign = ChapterFactory(webinar_id=other.id, start_seconds=0.0)

    with pytest.raises(NotFound), transaction():
        actions.add_entry(webinar, words=words(40.0, parent_id=foreign.id))


def test_captions_of_a_language_are_kept_once(in_app):
    webinar = ended()

    for text in ("WEBVTT\n\nold", "WEBVTT\n\nnew"):
        with transaction():
            actions.save_captions(webinar, language="en", text=text)

    assert [track.language for track in list_captions(webinar.id)] == ["en"]
    with transaction():
        actions.delete_captions(webinar, language="en")
    assert list_captions(webinar.id) == []


def test_publishing_records_that_it_happened(in_app):
    webinar = ended()
    RecordingFactory(webinar_id=webinar.id)

    with transaction() as session:
        actions.publish_replay(webinar, now=NOON)
        recorded = [type(event).__name__ for event in session.info["recorded_events"]]

    assert recorded == ["ReplayPublished", "EditionPublished"]
    assert (webinar.status, webinar.replay_published_at) == (WebinarStatus.REPLAY_PUBLISHED, NOON)


def test_publishing_needs_a_recording(in_app):
    webinar = ended()

    with pytest.raises(RecordingIsNeeded), transaction():
        actions.publish_replay(webinar, now=NOON)


def test_publishing_needs_an_agenda_that_can_be_true(in_app):
    webinar = ended()
    RecordingFactory(webinar_id=webinar.id, duration_seconds=10.0)
    ChapterFactory(webinar_id=webinar.id)

    with pytest.raises(EntryIsPastTheEnd), transaction():
        actions.publish_replay(webinar, now=NOON)


@pytest.mark.parametrize("status", [WebinarStatus.DRAFT, WebinarStatus.LIVE])
def test_publishing_needs_the_webinar_to_have_ended(in_app, status):
    webinar = WebinarFactory(status=status)
    RecordingFactory(webinar_id=webinar.id)

    with pytest.raises(CannotPublishReplay), transaction():
        actions.publish_replay(webinar, now=NOON)


def test_public_recording_cannot_be_removed(in_app):
    webinar = WebinarFactory(status=WebinarStatus.REPLAY_PUBLISHED)
    RecordingFactory(webinar_id=webinar.id)

    with pytest.raises(RecordingIsPublic), transaction():
        actions.remove_recording(webinar)


def test_asker_gets_one_mail_with_the_moment_of_the_answer(in_app, stopped_clock):
    webinar = ended(slug="hubs")
    RecordingFactory(webinar_id=webinar.id, offset_seconds=30.0)
    ada = RegistrationFactory(webinar=webinar, name="Ada")
    answered = QuestionFactory(
        webinar_id=webinar.id,
        registration_id=ada.id,
        text="Is <b>this</b> open?",
        status=QuestionStatus.ANSWERED,
    )
    ChapterFactory(webinar_id=webinar.id, start_seconds=300.0, question_id=answered.id)
    guest = QuestionFactory(webinar_id=webinar.id, status=QuestionStatus.ANSWERED)
    ChapterFactory(webinar_id=webinar.id, start_seconds=310.0, question_id=guest.id)
    QuestionFactory(webinar_id=webinar.id, registration_id=ada.id)

    for _ in range(2):
        with transaction():
            actions.publish_replay(webinar, now=stopped_clock())
        while run_due_jobs():
            pass
        with transaction():
            actions.withdraw_replay(webinar, now=stopped_clock())

    [mail] = db.session.scalars(
        sa.select(OutgoingMail).where(OutgoingMail.message == "question_answered")
    )
    assert (mail.once_key, mail.to_address) == (f"answered:{answered.id}", ada.email)
    assert "http://localhost/webinars/hubs/replay?t=330" in mail.body_text
    assert "Is <b>this</b> open?" in mail.body_text
    assert "Is &lt;b&gt;this&lt;/b&gt; open?" in mail.body_html
    assert set(db.session.scalars(sa.select(OutboxJob.last_error))) == {None}


def answer(webinar, asker):
    question = QuestionFactory(
        webinar_id=webinar.id, registration_id=asker.id, status=QuestionStatus.ANSWERED
    )
    ChapterFactory(webinar_id=webinar.id, question_id=question.id)


def publish_and_work(webinar):
    with transaction():
        actions.publish_replay(webinar, now=NOON)
    while run_due_jobs():
        pass


def list_told():
    told = sa.select(OutgoingMail.to_name).where(OutgoingMail.message == "question_answered")
    return list(db.session.scalars(told.order_by(OutgoingMail.id)))


def test_who_cancelled_gets_no_answer(in_app):
    webinar = ended()
    RecordingFactory(webinar_id=webinar.id)
    answer(webinar, RegistrationFactory(webinar=webinar, name="Ada"))
    gone = RegistrationStatus.CANCELLED
    answer(webinar, RegistrationFactory(webinar=webinar, name="Ben", status=gone))

    publish_and_work(webinar)

    assert list_told() == ["Ada"]


def test_answer_that_the_agenda_leaves_out_is_found_in_the_log(in_app):
    webinar = ended(slug="hubs")
    RecordingFactory(webinar_id=webinar.id, duration_seconds=5400.0)
    ChapterFactory(webinar_id=webinar.id, title="Something else")
    ada = RegistrationFactory(webinar=webinar)
    question = QuestionFactory(
        webinar_id=webinar.id, registration_id=ada.id, status=QuestionStatus.ANSWERED
    )
    note(webinar, LogEntryKind.RECORDING_STARTED, minutes=0)
    note(webinar, LogEntryKind.QUESTION_ON_AIR, minutes=7, question_id=question.id)
    note(webinar, LogEntryKind.QUESTION_ANSWERED, minutes=9, question_id=question.id)

    publish_and_work(webinar)

    [mail] = db.session.scalars(
        sa.select(OutgoingMail).where(OutgoingMail.message == "question_answered")
    )
    assert "http://localhost/webinars/hubs/replay?t=420" in mail.body_text


def note(webinar, kind, *, minutes, **values):
    at = webinar.starts_at + timedelta(minutes=minutes)
    LogEntryFactory(webinar_id=webinar.id, kind=kind, number=minutes + 1, at=at, **values)


def test_many_answers_are_mailed_in_slices(in_app, stopped_clock):
    webinar = ended()
    RecordingFactory(webinar_id=webinar.id)
    names = [f"Ada {number}" for number in range(2 * MAILING_AT_ONCE + 3)]
    for name in names:
        answer(webinar, RegistrationFactory(webinar=webinar, name=name))

    publish_and_work(webinar)

    slices = sa.select(sa.func.count()).where(OutboxJob.event == "AskerMailingAdvanced")
    assert list_told() == names
    assert db.session.scalar(slices) == 3


def test_replay_is_read_in_three_statements(app, count_queries):
    with app.app_context():
        webinar = ended()
        RecordingFactory(webinar_id=webinar.id)
        for second in range(30):
            ChapterFactory(webinar_id=webinar.id, start_seconds=float(second))
        webinar_id = webinar.id
        db.session.expire_all()

        assert count_queries(lambda: get_replay(webinar_id)) == 4
