"""The length of a recording, found out by a process that knows nothing of us (`probe.py`)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

from structlog import get_logger

from eventapp.core.confined import run_confined
from eventapp.replays.refusals import RecordingCannotBeRead

PROBE = Path(__file__).with_name("probe.py")
MOST_CPU_SECONDS = 20
MOST_MEMORY_BYTES = 2 * 1024**3
# Sound and picture end at different moments, and writers of headers round as they like.
HEADER_MAY_BE_OFF_SECONDS = 5.0

log = get_logger(__name__)


def measure_recording(stream: IO[bytes]) -> float | None:
    """Return the length in seconds, or None where the file doesn't tell in time.

    It is what the header says, unless the packets end elsewhere by more than a few seconds. The
    header is trusted where looking for the end takes too long. Leaves the stream rewound.
    Refuses: RecordingCannotBeRead.
    """
    said = _probe(stream)
    if said is None:
        return None
    try:
        found = _probe(stream, "--end")
    except RecordingCannotBeRead:
        return said
    if found is None or abs(found - said) <= HEADER_MAY_BE_OFF_SECONDS:
        return said
    log.info("header_is_wrong", said=said, found=found)
    return found


def _probe(stream: IO[bytes], *arguments: str) -> float | None:
    output = run_confined(
        PROBE, stream, arguments, cpu_seconds=MOST_CPU_SECONDS, memory_bytes=MOST_MEMORY_BYTES
    )
    return None if output is None else _read_answer(output)


def _read_answer(output: bytes) -> float | None:
    try:
        answer = json.loads(output)
        duration = answer["duration"]
    except (ValueError, KeyError, TypeError) as error:
        raise RecordingCannotBeRead from error
    return None if duration is None else float(duration)
