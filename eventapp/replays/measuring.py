"""The length of a recording, found out by a process that knows nothing of us (`probe.py`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

from eventapp.core.confined import run_confined
from eventapp.replays.refusals import RecordingCannotBeRead

PROBE = Path(__file__).with_name("probe.py")
MOST_CPU_SECONDS = 20
MOST_MEMORY_BYTES = 2 * 1024**3


def measure_recording(stream: IO[bytes]) -> float | None:
    """Return the length in seconds, or None where the file doesn't tell in time.

    Leaves the stream rewound. Refuses: RecordingCannotBeRead.
    """
    output = run_confined(
        PROBE, stream, cpu_seconds=MOST_CPU_SECONDS, memory_bytes=MOST_MEMORY_BYTES
    )
    return None if output is None else _read_answer(output)


def _read_answer(output: bytes) -> float | None:
    try:
        answer = json.loads(output)
        duration = answer["duration"]
    except (ValueError, KeyError, TypeError) as error:
        raise RecordingCannotBeRead from error
    return None if duration is None else float(duration)
