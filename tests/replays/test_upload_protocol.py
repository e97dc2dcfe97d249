"""Uploads in parts as tus 1.0 has them, over connections to a real server."""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.core.resumable import actions, working
from eventapp.core.resumable.models import ResumableUpload, UploadPart
from tests.core.uploading import PART, TUS, TusClient, name_in_base64
from tests.factories import UserFactory


def stored_objects(tmp_path):
    return sorted(path.name for path in (tmp_path / "files").rglob("*") if path.is_file())


def read_upload(app):
    with app.app_context():
        return db.session.scalars(sa.select(ResumableUpload)).one()


def test_options_tell_what_is_spoken(tus):
    answer = tus.http.options(tus.uploads)

    assert answer.status_code == 204
    told = {name: answer.headers[name] for name in ("Tus-Version", "Tus-Extension", "Tus-Max-Size")}
    assert told == {
        "Tus-Version": "1.0.0",
        "Tus-Extension": "creation,expiration,termination",
        "Tus-Max-Size": str(4096 * 1024 * 1024),
    }


def test_upload_grows_part_by_part(tus):
    made = tus.create(10)
    address = made.headers["Location"]

    answers = [tus.patch(address, b"12345"), tus.patch(address, b"678", at=5)]
    head = tus.head(address)

    assert (made.status_code, [answer.status_code for answer in answers]) == (201, [204, 204])
    assert [answer.headers["Upload-Offset"] for answer in answers] == ["5", "8"]
    assert (head.status_code, head.headers["Upload-Offset"]) == (200, "8")
    assert head.headers["Upload-Length"] == "10"
    assert head.headers["Cache-Control"] == "no-store"
    assert {answer.headers["Tus-Resumable"] for answer in (made, head, *answers)} == {"1.0.0"}
    assert all("Upload-Expires" in answer.headers for answer in (made, head, *answers))


def test_wrong_offset_is_a_conflict_and_changes_nothing(tus):
    address = tus.begin(10)
    tus.patch(address, b"12345")

    answers = [tus.patch(address, b"x", at=at).status_code for at in (0, 4, 6, 10)]

    assert answers == [409, 409, 409, 409]
    assert tus.offset(address) == 5


@pytest.mark.parametrize("offset", ["-1", "", "1.5", "0x1", "٣", "1" * 17, "9" * 5000])
def test_offset_that_is_no_number_is_refused(tus, offset):
    address = tus.begin(10)

    answer = tus.patch(address, b"x", **{"Upload-Offset": offset.encode()})

    assert answer.status_code == 400
    assert tus.offset(address) == 0


@pytest.mark.parametrize("length", ["-1", "", "many", "1e3", "+5", "9" * 17, "٣"])
def test_length_that_is_no_number_is_refused(tus, length):
    assert tus.create(0, **{"Upload-Length": length.encode()}).status_code == 400


def test_file_above_the_largest_size_is_refused_before_it_is_sent(app, tus):
    answer = tus.create(4096 * 1024 * 1024 + 1)

    assert answer.status_code == 413
    assert "at most 4096 MB" in answer.json()["error"]
    with app.app_context():
        assert db.session.scalars(sa.select(ResumableUpload)).all() == []


def test_part_that_is_longer_than_what_is_missing_is_refused(tus, tmp_path):
    address = tus.begin(4)

    assert tus.patch(address, b"12345").status_code == 413
    assert (tus.offset(address), stored_objects(tmp_path)) == (0, [])


def test_other_content_types_are_refused(tus):
    address = tus.begin(4)

    answers = [
        tus.patch(address, b"1234", **{"Content-Type": kind}).status_code
        for kind in ("application/octet-stream", "text/plain", "")
    ]

    assert answers == [415, 415, 415]


def test_other_versions_are_refused_with_ours(tus):
    address = tus.begin(4)
    spoken = {"Tus-Resumable": "0.2.2"}

    answers = [
        tus.create(4, **spoken),
        tus.patch(address, b"1234", **spoken),
        tus.http.head(address, headers=spoken),
        tus.http.delete(address),
    ]

    assert [answer.status_code for answer in answers] == [412] * 4
    assert {answer.headers["Tus-Version"] for answer in answers} == {"1.0.0"}
    assert tus.offset(address) == 0


@pytest.mark.parametrize(
    "metadata",
    [
        b"filename !!!",
        b"filename dGFsaw, filename dGFsaw==",
        b"filename dGFsaw==,filename dGFsaw==",
        "Dateiname ü".encode(),
        b",,,",
        b"a b c",
        b"x" * 9000,
    ],
)
def test_metadata_that_cannot_be_read_are_refused(tus, metadata):
    assert tus.create(4, **{"Upload-Metadata": metadata}).status_code == 400


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (name_in_base64("Vortrag für alle 🎥.webm"), "Vortrag für alle 🎥.webm"),
        (name_in_base64("a\0b\r\nc\x1b.webm"), "ab c.webm"),
        (name_in_base64("n" * 600), "n" * 255),
        ("filename /////w==", "\ufffd" * 4),
        ("filename", ""),
        ("", ""),
        ("other dGFsaw==,is_private", ""),
    ],
)
def test_name_is_kept_as_it_can_be_shown(app, tus, given, kept):
    assert tus.create(4, **{"Upload-Metadata": given}).status_code == 201
    assert read_upload(app).name == kept


def test_upload_is_its_owners_and_its_webinars(app, tus, hubs):
    address = tus.begin(4)
    with app.app_context():
        other = UserFactory().fs_uniquifier
    stranger = app.test_client()
    with stranger.session_transaction() as session:
        session |= {"_user_id": other, "_fresh": True}
    identity = stranger.get_cookie("session").value
    with TusClient(tus.url, session=identity, uploads=tus.uploads) as them:
        answers = [them.head(address), them.patch(address, b"1234")]
        answers.append(them.http.delete(address, headers=TUS))

    assert [answer.status_code for answer in answers] == [404] * 3
    assert tus.head(address.replace(f"/{hubs}/", "/999/")).status_code == 404
    assert tus.offset(address) == 0


def test_visitors_may_do_nothing(tus):
    address = tus.begin(4)

    with TusClient(tus.url, session="", uploads=tus.uploads) as visitor:
        answers = [visitor.create(4), visitor.patch(address, b"1234"), visitor.head(address)]

    assert [answer.status_code for answer in answers] == [403, 403, 302]


def test_stopped_upload_is_gone_with_all_it_had(app, tus, tmp_path):
    address = tus.begin(10)
    tus.patch(address, b"12345")

    answer = tus.http.delete(address, headers=TUS)

    assert answer.status_code == 204
    assert tus.head(address).status_code == tus.patch(address, b"6", at=5).status_code == 404
    assert "Upload-Offset" not in tus.head(address).headers
    assert stored_objects(tmp_path) == []
    with app.app_context():
        assert db.session.scalars(sa.select(UploadPart)).all() == []


def test_methods_can_be_said_in_a_header(tus):
    address = tus.begin(4)
    given = {"Upload-Offset": "0", "Content-Type": PART, "X-HTTP-Method-Override": "PATCH"}

    sent = tus.http.post(address, content=b"12", headers={**TUS, **given})
    other = tus.http.post(address, headers={**TUS, "X-HTTP-Method-Override": "BREW"})
    ended = tus.http.post(address, headers={**TUS, "X-HTTP-Method-Override": "DELETE"})

    assert (sent.status_code, sent.headers["Upload-Offset"]) == (204, "2")
    assert (other.status_code, ended.status_code) == (405, 204)


def test_expired_upload_is_gone_and_swept(app, tus, tmp_path, stopped_clock):
    address = tus.begin(10)
    tus.patch(address, b"12345")
    stopped_clock.at(clock.now() + actions.KEPT + timedelta(minutes=1))

    answers = (tus.head(address).status_code, tus.patch(address, b"6", at=5).status_code)
    with app.app_context():
        working.sweep()

    assert answers == (410, 410)
    assert tus.head(address).status_code == 404
    assert stored_objects(tmp_path) == []


def test_each_part_puts_the_end_off(app, tus, stopped_clock):
    address = tus.begin(10)
    stopped_clock.at(clock.now() + actions.KEPT - timedelta(minutes=1))
    tus.patch(address, b"12345")
    stopped_clock.at(clock.now() + timedelta(hours=1))

    with app.app_context():
        working.sweep()

    assert tus.offset(address) == 5


def test_nobody_begins_uploads_without_end(tus):
    answers = [tus.create(4).status_code for _ in range(21)]

    assert answers == [201] * 20 + [429]


def test_what_came_before_the_connection_broke_is_kept(tus):
    size, sent = 8_000_000, 5_000_000
    address = tus.begin(size)
    where = urlsplit(tus.url)
    head = (
        f"PATCH {address} HTTP/1.1\r\nHost: localhost\r\nCookie: session={tus.session}\r\n"
        f"Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: {PART}\r\n"
        f"Content-Length: {size}\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port)) as connection:
        connection.sendall(head.encode() + b"x" * sent)
        time.sleep(0.5)

    deadline = time.monotonic() + 10
    while tus.offset(address) == 0 and time.monotonic() < deadline:
        time.sleep(0.1)

    assert 0 < tus.offset(address) <= sent
    rest = b"x" * (size - tus.offset(address))
    assert tus.patch(address, rest, at=tus.offset(address)).headers["Upload-Offset"] == str(size)


def test_part_of_a_crash_is_swept_with_its_upload(app, tus, tmp_path, stopped_clock):
    """The process ends between storing a part and counting it."""
    tus.begin(10)
    with app.app_context(), transaction():
        key = actions.begin_part(db.session.scalars(sa.select(ResumableUpload)).one()).key
    (tmp_path / "files" / key).write_bytes(b"12345")
    stopped_clock.at(clock.now() + actions.KEPT + timedelta(minutes=1))

    with app.app_context():
        working.sweep()

    assert stored_objects(tmp_path) == []
