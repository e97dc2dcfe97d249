"""Scripts that open what strangers made: each in a process of its own, with little time and memory.

A hostile file can at most end that process, and the libraries for it are in memory for a moment
only.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Sequence
from io import UnsupportedOperation
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO

from structlog import get_logger

LAUNCHER = Path(__file__).with_name("launch.py")
LONGEST_WAIT_SECONDS = 30
CPU_SPENT = -getattr(signal, "SIGXCPU", 0) or None
# Together they may hold twice the memory of one, however many people upload at once.
PLACES = BoundedSemaphore(2)

log = get_logger(__name__)


def run_confined(
    script: Path,
    stream: IO[bytes],
    arguments: Sequence[str] = (),
    *,
    cpu_seconds: int,
    memory_bytes: int,
) -> bytes | None:
    """Return what `script` writes, given `stream` as its input; None where its time ran out.

    Leaves the stream rewound.
    """
    limits = (str(cpu_seconds), str(memory_bytes))
    command = [sys.executable, "-P", str(LAUNCHER), *limits, str(script), *arguments]
    stream.seek(0)
    try:
        descriptor = stream.fileno()
    except (UnsupportedOperation, AttributeError):
        with TemporaryFile() as copy:
            copyfileobj(stream, copy)
            copy.seek(0)
            return _run_in_turn(command, copy.fileno())
    else:
        return _run_in_turn(command, descriptor)
    finally:
        stream.seek(0)


def _run_in_turn(command: Sequence[str], descriptor: int) -> bytes | None:
    if not PLACES.acquire(timeout=LONGEST_WAIT_SECONDS):
        log.warning("script_found_no_place", command=command)
        return None
    try:
        return _run(command, descriptor)
    finally:
        PLACES.release()


def _run(command: Sequence[str], descriptor: int) -> bytes | None:
    try:
        done = subprocess.run(  # noqa: S603 - our own script, on a file that is its standard input
            command,
            stdin=descriptor,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_WAIT_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        log.warning("script_timed_out", command=command)
        return None
    if done.returncode == CPU_SPENT:
        log.warning("script_spent_its_time", command=command)
        return None
    return done.stdout
