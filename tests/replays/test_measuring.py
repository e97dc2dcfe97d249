"""The length of a recording, read by a process of its own."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from eventapp.replays import measuring
from eventapp.replays.measuring import PROBE, measure_recording
from eventapp.replays.refusals import RecordingCannotBeRead
from tests.replays.media import make_m4a, make_sound, make_video, with_length

RECORDING = Path("eventapp/demo/assets/creative-hubs/recording.webm")


def test_length_of_a_file_is_found_and_the_stream_is_rewound():
    with RECORDING.open("rb") as stream:
        stream.seek(500)

        assert (measure_recording(stream), stream.tell()) == (5400.0, 0)


def test_length_of_a_stream_in_memory_is_found():
    assert measure_recording(BytesIO(RECORDING.read_bytes())) == 5400.0


@pytest.mark.parametrize(
    "content",
    [
        RECORDING.read_bytes()[:60],
        b"\x1a\x45\xdf\xa3" + bytes(1000),
        b"\x00\x00\x00\x18ftypisom" + b"\xff" * 1000,
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"",
    ],
    ids=["truncated", "webm of zeros", "mp4 of noise", "playlist", "empty"],
)
def test_what_cannot_be_read_is_refused(content):
    with pytest.raises(RecordingCannotBeRead):
        measure_recording(BytesIO(content))


def test_file_cut_in_the_middle_does_not_break_the_probe():
    cut = BytesIO(RECORDING.read_bytes()[:100_000])

    assert measure_recording(cut) in {None, 5400.0}


@pytest.mark.parametrize("make", [make_sound, make_m4a], ids=["mp3", "m4a"])
def test_length_of_sound_alone_is_found(make):
    assert measure_recording(BytesIO(make(7))) == pytest.approx(7, abs=0.2)


@pytest.mark.parametrize("said", [3.0, 36_000.0])
def test_header_that_is_wrong_is_not_believed(said):
    content = with_length(make_video(60), said)

    assert measure_recording(BytesIO(content)) == pytest.approx(60, abs=1.5)


def test_header_that_is_off_by_little_is_believed():
    assert measure_recording(BytesIO(with_length(make_video(60), 62.5))) == 62.5


def test_header_is_believed_where_the_end_takes_too_long_to_find(monkeypatch):
    answers = {(): b'{"duration": 36000.0}', ("--end",): None}
    monkeypatch.setattr(
        measuring, "run_confined", lambda _probe, _stream, arguments, **_limits: answers[arguments]
    )

    assert measure_recording(BytesIO()) == 36_000.0


def test_probe_imports_nothing_of_the_application():
    imports = "import sys; sys.argv = ['probe']; import runpy; runpy.run_path({!r}); "
    told = "print(any(name.split('.')[0] in {'eventapp', 'flask'} for name in sys.modules))"

    done = subprocess.run(
        [sys.executable, "-P", "-c", imports.format(str(PROBE)) + told],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "False"


def test_server_does_not_load_the_media_library():
    told = "import sys, eventapp.replays.routes; print('av' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"
