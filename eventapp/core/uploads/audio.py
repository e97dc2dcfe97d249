"""Sound alone: MP3, which is one MPEG audio frame after another (ISO/IEC 11172-3, 2.4.1.3)."""

from __future__ import annotations

from typing import IO

from eventapp.core.uploads.refusals import NotAVideo, VideoIsIncomplete
from eventapp.core.uploads.streams import UploadKind, read_at, rewound

MP3 = UploadKind("audio/mpeg", "mp3")

TAG_MARK = b"ID3"
TAG_HEADER_BYTES = 10
# Behind the last tag some programs leave a gap before the first frame.
LONGEST_GAP = 64 * 1024
FRAME_HEADER_BYTES = 4
# By version (MPEG 1, then 2 and 2.5): kilobits a second of layer III, by the header's four bits.
KILOBITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
KILOBITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
# Samples a second of MPEG 2.5, 2 and 1, by the header's two bits.
RATES = {0: (11025, 12000, 8000), 2: (22050, 24000, 16000), 3: (44100, 48000, 32000)}
MPEG_1, LAYER_3 = 3, 1
FRAMES_IN_A_ROW = 3
# The first frame may tell how many bytes there are (“Xing” or “Info”, at one of these places).
SUMMARY_AT = (36, 21, 13)
HAS_FRAMES, HAS_BYTES = 1, 2
# A tag at the end may have been taken off or put on since.
LOOSE_END = 64 * 1024


def looks_like_mp3(head: bytes) -> bool:
    """Whether a file that begins so is one; a tag may be longer than `head`."""
    return head.startswith(TAG_MARK) or _frame_length(head[:FRAME_HEADER_BYTES]) is not None


def check_mp3(stream: IO[bytes]) -> UploadKind:
    """Return the kind; refuse with NotAVideo, or VideoIsIncomplete where the file tells."""
    with rewound(stream) as size:
        after_tags = _skip_tags(stream)
        if after_tags >= size:
            raise VideoIsIncomplete
        block = read_at(stream, after_tags, LONGEST_GAP)
        start = _find_frames(block)
        said = _read_length(block[start:])
        if said is not None and after_tags + start + said > size + LOOSE_END:
            raise VideoIsIncomplete
        return MP3


def _skip_tags(stream: IO[bytes]) -> int:
    """Return where the sound begins: behind the ID3v2 tags, whose sizes have 7 bits a byte."""
    position = 0
    while (header := read_at(stream, position, TAG_HEADER_BYTES)).startswith(TAG_MARK):
        if len(header) < TAG_HEADER_BYTES:
            raise VideoIsIncomplete
        length = 0
        for byte in header[6:]:
            length = (length << 7) | (byte & 0x7F)
        position += TAG_HEADER_BYTES + length
    return position


def _find_frames(block: bytes) -> int:
    """Return where a few frames follow one another."""
    start = block.find(b"\xff")
    while start >= 0:
        if _has_frames(block, start):
            return start
        start = block.find(b"\xff", start + 1)
    raise NotAVideo


def _has_frames(block: bytes, start: int) -> bool:
    """Whether frames follow one another from `start`; the file may end with the first."""
    position = start
    for number in range(FRAMES_IN_A_ROW):
        if number and position >= len(block):
            return True
        length = _frame_length(block[position : position + FRAME_HEADER_BYTES])
        if length is None:
            return False
        position += length
    return True


def _frame_length(header: bytes) -> int | None:
    """Return the bytes of a layer III frame with this header, or None where it is no such."""
    if len(header) < FRAME_HEADER_BYTES or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:  # noqa: PLR2004
        return None
    version, layer = (header[1] >> 3) & 3, (header[1] >> 1) & 3
    bits, rate, padding = header[2] >> 4, (header[2] >> 2) & 3, (header[2] >> 1) & 1
    kilobits = KILOBITS_1 if version == MPEG_1 else KILOBITS_2
    if version not in RATES or layer != LAYER_3 or rate == len(RATES[version]):
        return None
    if not 0 < bits < len(kilobits):
        return None
    factor = 144 if version == MPEG_1 else 72
    return factor * 1000 * kilobits[bits] // RATES[version][rate] + padding


def _read_length(frame: bytes) -> int | None:
    """Return how many bytes of sound the first frame speaks of."""
    for place in SUMMARY_AT:
        if frame[place : place + 4] in {b"Xing", b"Info"}:
            flags = int.from_bytes(frame[place + 4 : place + 8], "big")
            at = place + 8 + (4 if flags & HAS_FRAMES else 0)
            return int.from_bytes(frame[at : at + 4], "big") if flags & HAS_BYTES else None
    return None
