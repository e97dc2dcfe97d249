"""The length of a recording, found out by a process that knows nothing of us (`probe.py`)."""

from __future__ import annotations

import json
import subprocess
import sys
from io import UnsupportedOperation
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO

from structlog import get_logger

from eventapp.replays.refusals import RecordingCannotBeRead

PROBE = Path(__file__).with_name("probe.py")
LONGEST_WAIT_SECONDS = 30

log = get_logger(__name__)


def measure_recording(stream: IO[bytes]) -> float | None:
    """Return the length in seconds, or None where the file doesn't tell in time.

    Leaves the stream rewound. Refuses: RecordingCannotBeRead.
    """
    stream.seek(0)
    try:
        descriptor = stream.fileno()
    except (UnsupportedOperation, AttributeError):
        with TemporaryFile() as copy:
            copyfileobj(stream, copy)
            copy.seek(0)
            return _probe(copy.fileno())
    else:
        return _probe(descriptor)
    finally:
        stream.seek(0)


def _probe(descriptor: int) -> float | None:
    try:
        done = subprocess.run(  # noqa: S603 - our own script, on a file that is its standard input
            [sys.executable, "-P", str(PROBE)],
            stdin=descriptor,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_WAIT_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        log.warning("probe_timed_out", after=LONGEST_WAIT_SECONDS)
        return None
    return _read_answer(done.stdout)


def _read_answer(output: bytes) -> float | None:
    try:
        answer = json.loads(output)
        duration = answer["duration"]
    except (ValueError, KeyError, TypeError) as error:
        raise RecordingCannotBeRead from error
    return None if duration is None else float(duration)
