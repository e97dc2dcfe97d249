"""Recordings that browsers play, with a picture or as sound alone: MP4, WebM, M4A and MP3."""

from __future__ import annotations

from typing import IO

from eventapp.core.uploads.audio import MP3, check_mp3, looks_like_mp3
from eventapp.core.uploads.refusals import NotAVideo
from eventapp.core.uploads.streams import UploadKind, rewound
from eventapp.core.uploads.videos import HEAD_BYTES, check_video, recognise_video


def recognise_recording(head: bytes) -> UploadKind:
    """Return the kind that a file's first bytes speak of; refuse with NotAVideo.

    For what isn't there as one file yet; whether it is whole, `check_recording` finds out.
    """
    kind = MP3 if looks_like_mp3(head) else recognise_video(head[:HEAD_BYTES])
    if kind is None:
        raise NotAVideo
    return kind


def check_recording(stream: IO[bytes]) -> UploadKind:
    """Return the kind of recording; refuse with NotAVideo or VideoIsIncomplete."""
    with rewound(stream):
        head = stream.read(HEAD_BYTES)
    return check_mp3(stream) if looks_like_mp3(head) else check_video(stream)
