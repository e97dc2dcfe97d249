"""Pictures of people and covers: opened, turned upright, made smaller and written anew."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from eventapp.core.confined import run_confined
from eventapp.core.uploads.refusals import NotAPicture, PictureIsTooLarge, PictureTakesTooLong

REDRAW = Path(__file__).with_name("redraw.py")
MOST_CPU_SECONDS = 15
MOST_MEMORY_BYTES = 512 * 1024**2


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as we keep it: without anything but what is to be seen."""

    content: bytes
    media_type: str
    extension: str
    width: int
    height: int


def clean_picture(stream: IO[bytes], *, max_side: int) -> Picture:
    """Return the picture upright, at most `max_side` pixels either way, without metadata.

    JPEG, which every mail program and preview shows; WebP where parts are transparent. Of an
    animation the first frame is kept. Refuses with NotAPicture, PictureIsTooLarge or
    PictureTakesTooLong.
    """
    output = run_confined(
        REDRAW,
        stream,
        [str(max_side)],
        cpu_seconds=MOST_CPU_SECONDS,
        memory_bytes=MOST_MEMORY_BYTES,
    )
    if output is None:
        raise PictureTakesTooLong
    head, _, content = output.partition(b"\n")
    answer = json.loads(head or b"{}")
    if "most_pixels" in answer:
        raise PictureIsTooLarge(answer["most_pixels"])
    if "is_too_dear" in answer:
        raise PictureTakesTooLong
    if not content:
        raise NotAPicture
    return Picture(content=content, **answer)
