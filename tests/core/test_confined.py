"""Scripts that run with little time and memory."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from eventapp.core.confined import run_confined

MEGABYTE = 1024 * 1024


@pytest.fixture
def run(tmp_path: Path):
    """Return a function that runs a script on "0123456789", and gives what it writes."""

    def run_it(text: str, *arguments: str) -> bytes | None:
        script = tmp_path / "script.py"
        script.write_text(f"import sys\n{text}\n")
        stream = io.BytesIO(b"0123456789")
        stream.seek(3)
        output = run_confined(script, stream, arguments, cpu_seconds=1, memory_bytes=200 * MEGABYTE)
        assert stream.tell() == 0
        return output

    return run_it


def test_script_is_given_stream_and_arguments(run):
    output = run("print(sys.stdin.read(), *sys.argv[1:])", "and", "more")

    assert output.split() == [b"0123456789", b"and", b"more"]


def test_script_that_takes_too_long_is_ended(run):
    assert run("while True: pass") is None


def test_script_that_takes_too_much_memory_fails(run):
    assert run(f"bytearray(300 * {MEGABYTE}); print('done')") == b""


def test_script_does_not_see_the_environment_or_the_application(run):
    output = run("import os; print(len(os.environ) < 3, 'eventapp' in sys.modules)")

    assert output.split() == [b"True", b"False"]
