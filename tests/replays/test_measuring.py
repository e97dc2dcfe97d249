"""The length of a recording, read by a process of its own."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from eventapp.replays.measuring import PROBE, measure_recording
from eventapp.replays.refusals import RecordingCannotBeRead

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
