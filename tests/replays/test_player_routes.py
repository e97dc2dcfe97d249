"""What players fetch."""

from __future__ import annotations

from io import BytesIO

import pytest

from eventapp.core.db import db
from eventapp.core.files import store_file
from eventapp.replays.models import RecordingKind
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import (
    ChapterFactory,
    RecordingFactory,
    publish_edition,
)

VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"


def add_file(webinar_id, content=b"0123456789"):
    stored = store_file(BytesIO(content), name="r.webm", media_type="video/webm", extension="webm")
    RecordingFactory(webinar_id=webinar_id, kind=RecordingKind.FILE, file_id=stored.id, address="")
    db.session.commit()


def publish(app, webinar_id):
    with app.app_context():
        db.session.get(Webinar, webinar_id).status = WebinarStatus.REPLAY_PUBLISHED
        publish_edition(webinar_id)


def at(hubs, path=""):
    return f"/manage/webinars/{hubs}/replay{path}"


@pytest.mark.parametrize(
    ("asked", "status", "content"),
    [
        (None, 200, b"0123456789"),
        ("bytes=2-4", 206, b"234"),
        ("bytes=7-", 206, b"789"),
        ("bytes=-2", 206, b"89"),
        ("bytes=10-", 416, None),
    ],
)
def test_recording_is_streamed_in_ranges(app, client, hubs, asked, status, content):
    with app.app_context():
        add_file(hubs)
    publish(app, hubs)
    headers = {"Range": asked} if asked else {}

    with client.get("/webinars/hubs/replay/recording", headers=headers) as response:
        assert response.status_code == status
        assert content is None or response.data == content


def test_recording_says_how_large_it_is(app, client, hubs):
    with app.app_context():
        add_file(hubs)
    publish(app, hubs)

    with client.head("/webinars/hubs/replay/recording") as head:
        assert (head.data, head.headers["Content-Length"]) == (b"", "10")
        assert head.headers["Accept-Ranges"] == "bytes"


def test_caches_ask_before_they_hand_out_a_recording(app, client, hubs):
    with app.app_context():
        add_file(hubs)
    publish(app, hubs)

    with client.get("/webinars/hubs/replay/recording") as whole:
        known = {"If-None-Match": whole.headers["ETag"]}
    with client.get("/webinars/hubs/replay/recording", headers=known) as again:
        assert (again.status_code, again.data) == (304, b"")
    assert whole.headers["Cache-Control"] == again.headers["Cache-Control"] == "no-cache"


def test_nothing_is_there_for_visitors_before_the_replay_is_public(app, client, organiser, hubs):
    with app.app_context():
        add_file(hubs)
        ChapterFactory(webinar_id=hubs)
    organiser.post(
        at(hubs, "/captions"), data={"language": "en", "captions": (BytesIO(VTT), "a.vtt")}
    )
    paths = [
        f"/webinars/hubs/{path}"
        for path in ("replay", "replay/recording", "replay/chapters.vtt", "captions/en.vtt")
    ]

    assert [client.get(path).status_code for path in paths] == [404] * 4
    for path in paths:
        with organiser.get(path) as response:
            caching = response.headers["Cache-Control"]
            assert (response.status_code, caching) == (200, "private, no-store")


def test_chapters_are_shifted_and_end_where_the_next_begins(app, client, hubs):
    with app.app_context():
        RecordingFactory(webinar_id=hubs, offset_seconds=-330.5, duration_seconds=600.0)
        ChapterFactory(webinar_id=hubs, title="A --> <b>", position=0, start_seconds=330.0)
        ChapterFactory(webinar_id=hubs, title="B", position=1, start_seconds=400.0)
    publish(app, hubs)

    response = client.get("/webinars/hubs/replay/chapters.vtt")

    assert response.mimetype == "text/vtt"
    assert "00:00:00.000 --> 00:01:09.500\n" in response.text
    assert "00:01:09.500 --> 00:10:00.000\n" in response.text
    assert "A --&gt; &lt;b&gt;" in response.text
