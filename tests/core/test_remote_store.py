"""Files in an S3 store: browsers fetch them from there, and get what they get from a folder."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from eventapp.core import clock
from eventapp.core.db import db
from eventapp.core.files import (
    StoredFile,
    put_file,
    remove_unnamed_files,
    serve_file,
    store_file,
)
from eventapp.replays.models import RecordingKind
from eventapp.webinars.models import WebinarStatus
from tests.factories import RecordingFactory, WebinarFactory, publish_edition
from tests.servers.storage import BUCKET

DEMO = Path("eventapp/demo/assets/creative-hubs")
SLIDES = (DEMO / "introduction.pdf").read_bytes()
VIDEO = (DEMO / "recording.webm").read_bytes()


@pytest.fixture
def environment(storage_server, monkeypatch):
    """The store is reached at one address by us and at another by browsers."""
    for name, value in storage_server.environment.items():
        monkeypatch.setenv(name, value)
    return {
        "STORAGE_URL": f"s3://{BUCKET}",
        "STORAGE_PUBLIC_URL": storage_server.other_url,
    }


@pytest.fixture
def hubs(app):
    """The id of an ended webinar, "hubs"."""
    with app.app_context():
        return WebinarFactory(slug="hubs", status=WebinarStatus.REPLAY_PUBLISHED).id


def fetch(client, path, **headers):
    """Fetch what a browser that follows the site's redirect gets."""
    redirect = client.get(path)
    assert redirect.status_code == 302
    return httpx.get(redirect.location, headers=headers)


def upload_slides(organiser, hubs, *, path="", name="Über uns.pdf"):
    data = {"title": "Slides", "agenda_item": "0", "file": (BytesIO(SLIDES), name)}
    return organiser.post(f"/manage/webinars/{hubs}/presentations{path}", data=data)


def test_slides_are_downloaded_under_their_name(client, organiser, hubs):
    upload_slides(organiser, hubs)

    answer = fetch(client, "/webinars/hubs/presentations/1")

    assert (answer.status_code, answer.content) == (200, SLIDES)
    assert answer.headers["Content-Type"] == "application/pdf"
    disposition = "attachment; filename*=UTF-8''%C3%9Cber%20uns.pdf"
    assert answer.headers["Content-Disposition"] == disposition


def test_recording_plays_from_any_place(app, client, hubs):
    with app.app_context():
        stored = put_file(BytesIO(VIDEO), name="r.webm", media_type="video/webm", extension="webm")
        RecordingFactory(webinar_id=hubs, kind=RecordingKind.FILE, address="", file=stored)
        publish_edition(hubs)

    answer = fetch(client, "/webinars/hubs/replay/recording", Range="bytes=1000-1099")

    assert (answer.status_code, answer.content) == (206, VIDEO[1000:1100])
    assert answer.headers["Content-Range"] == f"bytes 1000-1099/{len(VIDEO)}"
    assert answer.headers["Content-Type"] == "video/webm"
    assert answer.headers["Content-Disposition"].startswith("inline;")


def test_large_file_keeps_its_name_and_type(in_app, storage_server):
    content = b"x" * 12_000_000
    stored = store_file(
        BytesIO(content), name="large.pdf", media_type="application/pdf", extension="pdf"
    )

    answer = httpx.get(serve_file(stored).location)

    assert answer.content == content
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''large.pdf"


def test_addresses_are_those_that_browsers_reach(client, organiser, hubs, storage_server):
    upload_slides(organiser, hubs)

    address = client.get("/webinars/hubs/presentations/1").location

    assert address.startswith(f"{storage_server.other_url}/{BUCKET}/")
    elsewhere = address.replace(storage_server.other_url, storage_server.url)
    assert httpx.get(elsewhere).status_code == 403


def test_address_that_nobody_signed_is_refused(client, organiser, hubs):
    upload_slides(organiser, hubs)

    address = client.get("/webinars/hubs/presentations/1").location

    assert httpx.get(address.partition("?")[0]).status_code == 403


def test_file_that_was_replaced_is_swept_from_the_store(
    app, organiser, hubs, storage_server, stopped_clock
):
    upload_slides(organiser, hubs)
    with app.app_context():
        old = db.session.scalars(db.select(StoredFile.key)).one()
    upload_slides(organiser, hubs, path="/1")
    stopped_clock.at(clock.now() + timedelta(hours=25))

    with app.app_context():
        remove_unnamed_files()
        new = db.session.scalars(db.select(StoredFile.key)).one()

    bucket = storage_server.open_bucket()
    assert bucket.head(new)["size"] == len(SLIDES)
    with pytest.raises(FileNotFoundError):
        bucket.head(old)
