"""Reading an upload without disturbing whoever reads it next."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO


@dataclass(frozen=True)
class UploadKind:
    """What a file was found to be: its media type, and the extension to keep it under (no dot)."""

    media_type: str
    extension: str


@contextmanager
def rewound(stream: IO[bytes]) -> Iterator[int]:
    """Yield the size in bytes; the stream stands at its start before and after."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    try:
        yield size
    finally:
        stream.seek(0)


def read_at(stream: IO[bytes], position: int, count: int) -> bytes:
    """Return up to `count` bytes from `position`; fewer at the end of the file."""
    stream.seek(position)
    return stream.read(count)
