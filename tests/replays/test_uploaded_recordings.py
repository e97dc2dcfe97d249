"""What comes of an upload: joined and checked by a worker, then the recording, or refused."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa

from eventapp.core import clock, queue
from eventapp.core.db import db, transaction
from eventapp.core.files import StoredFile, read_file
from eventapp.core.resumable import working
from eventapp.core.resumable.models import ResumableUpload, UploadPart, UploadState
from eventapp.core.resumable.purposes import PURPOSES
from eventapp.core.uploads import NotAVideo
from eventapp.replays.queries import find_recording
from eventapp.replays.uploaded import RECORDINGS
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import publish_edition
from tests.replays.media import make_m4a, make_sound, make_video
from tests.servers.storage import BUCKET

BALLAST_BYTES = 4 * 1024 * 1024


@pytest.fixture(params=["folder", "s3"])
def environment(request, monkeypatch):
    """Each test runs with files in a folder, and in an S3 store."""
    if request.param == "folder":
        return {}
    server = request.getfixturevalue("storage_server")
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return {"STORAGE_URL": f"s3://{BUCKET}"}


def work(app):
    with app.app_context():
        working.sweep()


def read_row(app):
    with app.app_context():
        return db.session.scalars(sa.select(ResumableUpload)).one()


def count(app, model):
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_parts_become_the_recording(app, tus, hubs):
    content = make_video(2)
    address = tus.send(content, parts=4, name="../Über <uns>.webm")
    waiting = tus.state(address)

    work(app)

    assert waiting["state"] == "waiting"
    assert tus.state(address)["said"] == "The recording is saved."
    with app.app_context():
        recording = find_recording(hubs)
        assert (recording.duration_seconds, recording.file.name) == (2.0, "Über -uns.webm")
        assert read_file(recording.file) == content
        assert recording.file.sha256 == hashlib.sha256(content).hexdigest()
        assert recording.file.size == len(content)
    assert count(app, UploadPart) == 0


@pytest.mark.parametrize(
    ("make", "media_type", "extension"),
    [
        (lambda: make_video(3, kind="mp4", codec="libx264"), "video/mp4", "mp4"),
        (make_m4a, "audio/mp4", "m4a"),
        (make_sound, "audio/mpeg", "mp3"),
    ],
    ids=["mp4", "m4a", "mp3"],
)
def test_sound_and_picture_are_taken_and_played(
    app, client, tus, hubs, make, media_type, extension
):
    content = make()
    tus.send(content, name="talk")

    work(app)

    with app.app_context():
        recording = find_recording(hubs)
        assert recording.duration_seconds == pytest.approx(3, abs=0.2)
        assert recording.file.name == f"talk.{extension}"
        db.session.get_one(Webinar, hubs).status = WebinarStatus.REPLAY_PUBLISHED
        db.session.commit()
        publish_edition(hubs)
    answer = client.get(
        "/webinars/hubs/replay/recording", headers={"Range": "bytes=0-9"}, buffered=True
    )
    if answer.status_code == 302:
        answer = httpx.get(answer.location, headers={"Range": "bytes=0-9"})
    assert answer.status_code == 206
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers.get("Content-Disposition", "inline").startswith("inline")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "doesn't look like a recording"),
        (b"%PDF-1.7 and so on", "doesn't look like a recording"),
        (make_video(20)[:-60], "The end of this recording is missing"),
        (make_video(9, kind="mp4", codec="libx264")[:-60], "The end of this recording is missing"),
        (make_sound(60)[:200_000], "The end of this recording is missing"),
        (b"\x00\x00\x00\x18ftypisom" + b"\0" * 12, "can't be read"),
    ],
    ids=["nothing", "pdf", "cut webm", "cut mp4", "cut mp3", "hollow mp4"],
)
def test_what_is_no_whole_recording_is_refused_and_leaves_nothing(app, tus, hubs, content, said):
    address = tus.send(content) if content else tus.begin(0)

    work(app)

    state = tus.state(address)
    assert state["state"] == "refused"
    assert said in state["said"]
    assert (count(app, UploadPart), count(app, StoredFile)) == (0, 0)
    with app.app_context():
        assert find_recording(hubs) is None


def test_same_file_again_is_recognised(app, tus, hubs):
    content = make_video(2)
    tus.send(content)
    work(app)
    again = tus.send(content, parts=5, name="copy.webm")

    work(app)

    state = tus.state(again)
    assert (state["state"], state["is_known"]) == ("done", True)
    assert state["said"] == "This very file is the recording already, so nothing has changed."
    assert count(app, StoredFile) == 1
    with app.app_context():
        assert find_recording(hubs).file.name == "talk.webm"


def test_upload_for_a_webinar_that_is_gone_is_refused(app, tus, hubs):
    address = tus.send(make_video(2))
    with app.app_context(), transaction():
        db.session.delete(db.session.get_one(Webinar, hubs))

    work(app)

    assert "isn't there any more" in tus.state(address)["said"]
    assert count(app, StoredFile) == 0


def test_worker_that_died_is_followed_by_another(app, tus, hubs, stopped_clock):
    tus.send(make_video(2))
    with app.app_context():
        working._claim(db.session.scalars(sa.select(ResumableUpload.id)).one())
    work(app)
    assert read_row(app).state == UploadState.CHECKING
    stopped_clock.at(clock.now() + working.CLAIM_LASTS + timedelta(seconds=1))

    work(app)

    assert read_row(app).state == UploadState.DONE


def test_worker_that_comes_back_too_late_changes_nothing(app, tus, hubs, stopped_clock):
    tus.send(make_video(2))
    with app.app_context():
        late = working._claim(db.session.scalars(sa.select(ResumableUpload.id)).one())
    stopped_clock.at(clock.now() + working.CLAIM_LASTS + timedelta(seconds=1))
    with app.app_context():
        working.release_stuck(clock.now())
        working._claim(late.upload_id)

        with pytest.raises(working.ClaimIsLost):
            working._bring_to_end(late)
        assert find_recording(hubs) is None
    assert read_row(app).state == UploadState.CHECKING
    assert count(app, StoredFile) == 0


def test_upload_that_is_stopped_while_it_is_checked_is_not_taken(app, tus, hubs):
    address = tus.send(make_video(2))
    with app.app_context():
        claim = working._claim(db.session.scalars(sa.select(ResumableUpload.id)).one())
    tus.http.delete(address, headers={"Tus-Resumable": "1.0.0"})

    with app.app_context():
        with pytest.raises((working.ClaimIsLost, NotAVideo)):
            working._bring_to_end(claim)

        assert find_recording(hubs) is None
    assert (count(app, ResumableUpload), count(app, StoredFile)) == (0, 0)


def test_upload_that_is_stopped_at_the_last_moment_is_not_taken(app, tus, hubs, monkeypatch):
    address = tus.send(make_video(2))
    purpose = RECORDINGS

    def stop_then_examine(content):
        tus.http.delete(address, headers={"Tus-Resumable": "1.0.0"})
        return purpose.examine(content)

    stopping = replace(purpose, examine=stop_then_examine)
    monkeypatch.setitem(app.extensions[PURPOSES], "recording", stopping)

    work(app)

    with app.app_context():
        assert find_recording(hubs) is None
    assert (count(app, ResumableUpload), count(app, StoredFile)) == (0, 0)


def test_worker_is_told_with_the_last_part_alone(app, tus, monkeypatch):
    told = []
    monkeypatch.setattr(queue, "tell_queue", lambda name, row_id: told.append((name, row_id)))
    address = tus.begin(4)

    for at, expected in ((0, []), (2, [("join_upload", 1)])):
        tus.patch(address, b"12", at=at)
        assert told == expected
