"""The review screen: recording, captions, publishing."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import av
import pytest

from eventapp.core.db import db
from eventapp.replays.queries import find_recording, list_captions
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import (
    ChapterFactory,
    RecordingFactory,
)

DEMO = Path("eventapp/demo/assets/creative-hubs")
SCRIPT = {"Accept": "application/json"}
VTT = b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n"


@pytest.fixture(scope="session")
def two_seconds():
    """A whole recording, small enough for a test's client to keep it in memory."""
    content = BytesIO()
    with av.open(content, mode="w", format="webm") as container:
        stream = container.add_stream("libvpx", rate=1)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(2):
            container.mux(stream.encode(av.VideoFrame(32, 32, "yuv420p")))
        container.mux(stream.encode())
    return content.getvalue()


def at(hubs, path=""):
    return f"/manage/webinars/{hubs}/replay{path}"


# -- the recording -----------------------------------------------------------------------------


def test_review_of_a_webinar_without_anything_shows_the_way(organiser, hubs):
    page = organiser.get(at(hubs)).text

    assert "Add the recording" in page
    assert "Add the recording first" in page


def test_upload_is_stored_with_its_length(app, organiser, hubs, two_seconds):
    data = {"recording": (BytesIO(two_seconds), "../<script>.exe")}

    response = organiser.post(at(hubs, "/recording"), data=data)

    assert response.status_code == 302
    with app.app_context():
        recording = find_recording(hubs)
        assert (recording.duration_seconds, recording.file.name) == (2.0, "script.webm")


def test_same_file_again_is_said_to_be_there(app, organiser, hubs, two_seconds):
    pages = [
        organiser.post(
            at(hubs, "/recording"),
            data={"recording": (BytesIO(two_seconds), name)},
            follow_redirects=True,
        ).text
        for name in ("talk.webm", "copy.webm")
    ]

    assert "The recording is saved." in pages[0]
    assert "This very file is the recording already" in pages[1]
    with app.app_context():
        assert find_recording(hubs).file.name == "talk.webm"


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"GIF89a", "doesn't look like a recording"),
        ((DEMO / "recording.webm").read_bytes()[:5000], "The end of this recording is missing"),
    ],
)
def test_upload_of_something_else_is_refused_kindly(app, organiser, hubs, content, answer):
    data = {"recording": (BytesIO(content), "talk.mp4")}

    page = organiser.post(at(hubs, "/recording"), data=data).text

    assert answer in page.replace("&#39;", "'")
    with app.app_context():
        assert find_recording(hubs) is None


def test_upload_by_script_is_answered_in_json(organiser, hubs, two_seconds):
    answers = [
        organiser.post(
            at(hubs, "/recording"), data={"recording": (BytesIO(content), "a")}, headers=SCRIPT
        )
        for content in (b"x", two_seconds)
    ]

    assert (answers[0].status_code, list(answers[0].json)) == (422, ["error"])
    assert answers[1].json == {"href": at(hubs)}


def test_address_is_stored_as_we_write_it(app, organiser, hubs):
    organiser.post(
        at(hubs, "/address"),
        data={"address": "youtu.be/aqz-KE-bpKQ", "address_length": "1:30:00"},
    )

    with app.app_context():
        recording = find_recording(hubs)
        assert recording.address == "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
        assert recording.duration_seconds == 5400.0


def test_address_of_a_script_is_refused(app, organiser, hubs):
    page = organiser.post(at(hubs, "/address"), data={"address": "javascript:alert(1)"}).text

    assert "address of a video on YouTube, Vimeo or PeerTube" in page
    with app.app_context():
        assert find_recording(hubs) is None


@pytest.mark.parametrize(
    ("typed", "offset"), [("-12", -12.0), ("−0:30", -30.0), ("1:00:00", 3600.0), ("", 0.0)]
)
def test_shift_is_typed_in_seconds_or_as_a_time(app, organiser, hubs, typed, offset):
    with app.app_context():
        RecordingFactory(webinar_id=hubs)

    organiser.post(at(hubs, "/adjust"), data={"offset": typed, "length": "2:00:00"})

    with app.app_context():
        recording = find_recording(hubs)
        assert (recording.offset_seconds, recording.duration_seconds) == (offset, 7200.0)


def test_shift_past_the_end_is_said_in_the_form(app, organiser, hubs):
    with app.app_context():
        RecordingFactory(webinar_id=hubs)
        ChapterFactory(webinar_id=hubs, title="<b>Talk</b>")

    page = organiser.post(at(hubs, "/adjust"), data={"offset": "2:00:00", "length": "0:10:00"}).text

    assert (
        "“&lt;b&gt;Talk&lt;/b&gt;” starts at 02:05:30, but the recording ends at 00:10:00" in page
    )


def test_shift_before_the_beginning_is_said_in_the_form(app, organiser, hubs):
    with app.app_context():
        RecordingFactory(webinar_id=hubs)
        ChapterFactory(webinar_id=hubs, start_seconds=330.0, position=0)
        ChapterFactory(webinar_id=hubs, start_seconds=1030.0, title="Second", position=1)

    page = organiser.post(at(hubs, "/adjust"), data={"offset": "-5:00:00", "length": ""}).text

    assert "Shifted like this, 2 entries would start before the recording does" in page
    with app.app_context():
        assert find_recording(hubs).offset_seconds == 0.0


# -- captions and publishing -------------------------------------------------------------------


def test_captions_are_checked_stored_and_deleted(app, organiser, hubs):
    refused = organiser.post(
        at(hubs, "/captions"), data={"language": "en", "captions": (BytesIO(b"<x>"), "a.vtt")}
    )
    for language in ("nl", "../etc"):
        organiser.post(
            at(hubs, "/captions"),
            data={"language": language, "captions": (BytesIO(VTT), "a.srt")},
        )

    assert "look like a caption file" in refused.text
    with app.app_context():
        assert [track.language for track in list_captions(hubs)] == ["nl"]
    assert organiser.get("/webinars/hubs/captions/nl.vtt").data == VTT
    organiser.post(at(hubs, "/captions/nl/delete"))
    assert organiser.get("/webinars/hubs/captions/nl.vtt").status_code == 404


def test_replay_is_published_and_withdrawn(app, organiser, hubs):
    with app.app_context():
        RecordingFactory(webinar_id=hubs)

    published = organiser.post(at(hubs, "/publish"), follow_redirects=True).text
    with app.app_context():
        status = db.session.get(Webinar, hubs).status
    withdrawn = organiser.post(at(hubs, "/withdraw"), follow_redirects=True).text

    assert "The replay is public." in published
    assert status == WebinarStatus.REPLAY_PUBLISHED
    assert "The replay is hidden again." in withdrawn
