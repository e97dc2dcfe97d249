"""How long is a recording? A process of its own: `python probe.py [--end] < FILE`, or with a path.

It writes `{"duration": 5400.0}` (seconds, or null where the file doesn't tell) or `{"error": "…"}`.
With `--end` it looks where the last packets end, whatever the header says. Media is read here and
nowhere else. It is run by its path and confined (`core/confined`), outside the package, and imports
nothing of the application.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any, BinaryIO

import av

EBML_SIGNATURE = b"\x1a\x45\xdf\xa3"
MP4_SIGNATURE = b"ftyp"
HEAD_BYTES = 12
MICROSECONDS = 1_000_000
# Behind the end of every recording: what is sought there is the last place to seek to.
FAR_SECONDS = 1_000_000
MOST_SECONDS_FOR_THE_END = 10.0


def measure(stream: BinaryIO) -> float | None:
    """Return the length in seconds. Raises av.FFmpegError or ValueError for what can't be read."""
    with _open(stream) as container:
        if container.duration:
            return float(round(container.duration / MICROSECONDS, 3))
        return _measure_packets(container)


def measure_end(stream: BinaryIO) -> float | None:
    """Return where the last packet ends, or None where finding that takes too long.

    An MP3 has nothing to seek by, and is small: it is read whole.
    """
    deadline = time.monotonic() + MOST_SECONDS_FOR_THE_END
    with _open(stream) as container:
        if container.format.name != "mp3":
            container.seek(FAR_SECONDS * MICROSECONDS, backward=True)
        return _measure_packets(container, deadline=deadline)


def _open(stream: BinaryIO) -> Any:
    """Open the container as what it begins as.

    The kind is given, so that no other reader is tried, such as playlists that name further files.
    """
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    container = av.open(stream, mode="r", format=_kind_of(head))
    if not container.streams.video and not container.streams.audio:
        message = "neither picture nor sound"
        raise ValueError(message)
    return container


def _kind_of(head: bytes) -> str:
    if head.startswith(EBML_SIGNATURE):
        return "matroska"
    is_mp3 = head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] >= b"\xe0")
    return "mp3" if is_mp3 and head[4:8] != MP4_SIGNATURE else "mp4"


def _measure_packets(container: Any, *, deadline: float | None = None) -> float | None:
    """Return where the last packet ends; recorders that stream leave the length out."""
    end = 0.0
    for packet in container.demux():
        if packet.pts is not None:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
        if deadline is not None and time.monotonic() > deadline:
            return None
    return round(end, 3) or None


def main(arguments: list[str]) -> int:
    find = measure_end if "--end" in arguments else measure
    paths = [argument for argument in arguments if argument != "--end"]
    try:
        if paths:
            with open(paths[0], "rb") as stream:  # noqa: PTH123 - paths would be one more import
                answer: dict[str, Any] = {"duration": find(stream)}
        else:
            answer = {"duration": find(sys.stdin.buffer)}
    except (av.FFmpegError, ValueError, OSError, MemoryError) as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer) + "\n")
    return int("error" in answer)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
