from __future__ import annotations

import hashlib
import io

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from eventapp.core.access import public
from eventapp.core.db import db, transaction
from eventapp.core.files import (
    BLOCK_BYTES,
    StoredFile,
    _select_names,
    local_path,
    open_store,
    read_file,
    remove_unnamed_files,
    serve_file,
    store_file,
)
from tests.factories import SpeakerFactory

CONTENT = bytes(range(256)) * 40


def store(content: bytes = CONTENT, name: str = "slides.pdf", kind: str = "pdf") -> StoredFile:
    media_type = {"pdf": "application/pdf", "webm": "video/webm"}[kind]
    with transaction():
        return store_file(io.BytesIO(content), name=name, media_type=media_type, extension=kind)


@pytest.fixture
def file_client(app: Flask) -> FlaskClient:
    """A visitor to an application that serves a presentation at /file and a video at /video."""
    with app.app_context():
        file_id, video_id = store().id, store(name="hubs.webm", kind="webm").id

    def serve(file_id: int):
        return serve_file(db.session.get_one(StoredFile, file_id))

    app.add_url_rule("/file", "file", public(lambda: serve(file_id)))
    app.add_url_rule("/video", "video", public(lambda: serve(video_id)))
    return app.test_client()


def test_stored_file_keeps_what_it_was_given(in_app: Flask):
    stored = store()

    assert read_file(stored) == CONTENT
    assert stored.size == len(CONTENT)
    assert stored.sha256 == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("size", [0, 1, BLOCK_BYTES, BLOCK_BYTES + 1])
def test_stored_file_may_have_any_size(in_app: Flask, size):
    stored = store(b"x" * size)

    assert stored.size == size
    assert read_file(stored) == b"x" * size


def test_typed_name_never_becomes_a_path(in_app: Flask):
    stored = store(name="../../etc/passwd")

    path = local_path(stored)

    assert path is not None
    assert path.parent == local_path(store()).parent
    assert "/" not in stored.name
    assert "passwd" not in stored.key


def test_same_name_twice_is_two_files(in_app: Flask):
    first, second = store(b"first"), store(b"second")

    assert (read_file(first), read_file(second)) == (b"first", b"second")


def test_file_is_served_whole(file_client: FlaskClient):
    answer = file_client.get("/file", buffered=True)

    assert answer.data == CONTENT
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/file", "attachment; filename=slides.pdf"), ("/video", "inline; filename=hubs.webm")],
)
def test_file_is_saved_under_its_name_and_a_video_plays(file_client: FlaskClient, path, expected):
    disposition = file_client.get(path, buffered=True).headers["Content-Disposition"]

    assert disposition == expected


@pytest.mark.parametrize(
    ("asked", "expected", "described"),
    [
        ("bytes=0-9", CONTENT[:10], f"bytes 0-9/{len(CONTENT)}"),
        ("bytes=10000-", CONTENT[10000:], f"bytes 10000-{len(CONTENT) - 1}/{len(CONTENT)}"),
        ("bytes=-5", CONTENT[-5:], f"bytes {len(CONTENT) - 5}-{len(CONTENT) - 1}/{len(CONTENT)}"),
    ],
)
def test_part_of_a_file_is_served(file_client: FlaskClient, asked, expected, described):
    answer = file_client.get("/file", buffered=True, headers={"Range": asked})

    assert answer.status_code == 206
    assert answer.data == expected
    assert answer.headers["Content-Range"] == described


def test_part_beyond_the_end_is_refused(file_client: FlaskClient):
    answer = file_client.get("/file", buffered=True, headers={"Range": "bytes=999999-"})

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(CONTENT)}"


def test_file_that_is_known_is_not_sent_again(file_client: FlaskClient):
    etag = file_client.get("/file", buffered=True).headers["ETag"]

    answer = file_client.get("/file", buffered=True, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")


def test_part_of_a_file_that_changed_meanwhile_is_sent_whole(file_client: FlaskClient):
    answer = file_client.get(
        "/file", buffered=True, headers={"Range": "bytes=0-9", "If-Range": '"another"'}
    )

    assert (answer.status_code, answer.data) == (200, CONTENT)


@pytest.mark.every_engine
def test_file_that_no_row_names_is_swept_after_a_day(in_app: Flask, stopped_clock):
    path = local_path(store())
    stopped_clock.forward(hours=25)

    removed = remove_unnamed_files()

    assert removed == 1
    assert not path.exists()
    assert db.session.scalars(sa.select(StoredFile)).all() == []


@pytest.mark.every_engine
def test_file_that_is_named_or_new_is_kept(in_app: Flask, stopped_clock):
    named = store()
    SpeakerFactory(photo=named)
    stopped_clock.forward(hours=25)
    new = store()

    removed = remove_unnamed_files()

    assert removed == 0
    assert (read_file(named), read_file(new)) == (CONTENT, CONTENT)


def test_sweep_goes_on_where_it_was_cut_off(in_app: Flask, stopped_clock):
    local_path(store()).unlink()
    stopped_clock.forward(hours=25)

    assert remove_unnamed_files() == 1


def test_every_column_that_names_files_is_seen_by_the_sweep():
    named = {str(next(iter(statement.selected_columns))) for statement in _select_names()}

    assert named == {
        "caption_tracks.file_id",
        "presentations.file_id",
        "recordings.file_id",
        "replay_edition_files.file_id",
        "speakers.photo_id",
        "webinars.cover_id",
    }


def test_folder_of_a_store_is_made(tmp_path):
    open_store((tmp_path / "a folder" / "files").as_uri())

    assert (tmp_path / "a folder" / "files").is_dir()
