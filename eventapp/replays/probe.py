"""How long is a recording? A process of its own: `python probe.py < FILE`, or with the path behind.

It writes `{"duration": 5400.0}` (seconds, or null where the file doesn't tell) or `{"error": "…"}`.
Media is read here and nowhere else. It is run by its path and confined (`core/confined`), outside
the package, and imports nothing of the application.
"""

from __future__ import annotations

import json
import sys
from typing import Any, BinaryIO

import av

EBML_SIGNATURE = b"\x1a\x45\xdf\xa3"
MICROSECONDS = 1_000_000


def measure(stream: BinaryIO) -> float | None:
    """Return the length in seconds. Raises av.FFmpegError or ValueError for what can't be read.

    The container's kind is given, so that no other reader is tried, such as playlists that name
    further files.
    """
    signature = stream.read(len(EBML_SIGNATURE))
    stream.seek(0)
    kind = "matroska" if signature == EBML_SIGNATURE else "mp4"
    with av.open(stream, mode="r", format=kind) as container:
        if not container.streams.video and not container.streams.audio:
            message = "neither picture nor sound"
            raise ValueError(message)
        if container.duration:
            return round(container.duration / MICROSECONDS, 3)
        return _measure_packets(container)


def _measure_packets(container: Any) -> float | None:
    """Return where the last packet ends; recorders that stream leave the length out."""
    end = 0.0
    for packet in container.demux():
        if packet.pts is not None:
            end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return round(end, 3) or None


def main() -> int:
    try:
        if len(sys.argv) > 1:
            with open(sys.argv[1], "rb") as stream:  # noqa: PTH123 - paths would be one more import
                answer: dict[str, Any] = {"duration": measure(stream)}
        else:
            answer = {"duration": measure(sys.stdin.buffer)}
    except (av.FFmpegError, ValueError, OSError, MemoryError) as error:
        answer = {"error": str(error)}
    sys.stdout.write(json.dumps(answer) + "\n")
    return int("error" in answer)


if __name__ == "__main__":
    sys.exit(main())
