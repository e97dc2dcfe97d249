"""Recordings with a picture that browsers play: MP4 and WebM; and M4A, which is an MP4 too."""

from __future__ import annotations

from typing import IO, NamedTuple

from eventapp.core.uploads.refusals import NotAVideo, VideoIsIncomplete
from eventapp.core.uploads.streams import UploadKind, read_at, rewound

MP4 = UploadKind("video/mp4", "mp4")
M4V = UploadKind("video/mp4", "m4v")
M4A = UploadKind("audio/mp4", "m4a")
WEBM = UploadKind("video/webm", "webm")

# The brands of ISO/IEC 14496-12 and its successors that stand for a film.
MP4_BRANDS = frozenset(
    b"isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 mp41 mp42 avc1 dash mmp4 MSNV av01 f4v".split()
) | {b"f4v "}
M4V_BRANDS = frozenset({b"M4V ", b"M4VH", b"M4VP"})
M4A_BRANDS = frozenset({b"M4A ", b"M4B "})
# The same container holds locked sound, pictures and QuickTime, which name brands from above too.
OTHER_MAJOR_BRANDS = frozenset(
    {b"M4P ", b"qt  ", b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis"} | {b"crx "}
)
SMALLEST_FILE_TYPE_BOX, LARGEST_FILE_TYPE_BOX = 16, 4096
BOX_HEADER_BYTES = 8
MOST_BOXES = 10_000

EBML_ID, DOCTYPE_ID, SEGMENT_ID, VOID_ID = 0x1A45DFA3, 0x4282, 0x18538067, 0xEC
HEAD_BYTES = 4096
ANY_SIZE = 2**63


def check_video(stream: IO[bytes]) -> UploadKind:
    """Return the kind of recording; refuse with NotAVideo or VideoIsIncomplete."""
    with rewound(stream) as size:
        head = stream.read(HEAD_BYTES)
        kind = recognise_video(head, size=size)
        if kind is None:
            raise NotAVideo
        if kind != WEBM:
            _check_boxes(stream, size)
        return kind


def recognise_video(head: bytes, *, size: int = ANY_SIZE) -> UploadKind | None:
    """Return the kind that the first `HEAD_BYTES` speak of, or None where they are no container's.

    Refuses what is in the container and isn't ours with NotAVideo, and with VideoIsIncomplete a
    WebM file that says that it is longer than `size` bytes.
    """
    if head[4:8] == b"ftyp":
        return _kind_of_mp4(head)
    if head.startswith(EBML_ID.to_bytes(4, "big")):
        return _check_webm(head, size)
    return None


def _kind_of_mp4(head: bytes) -> UploadKind:
    length = int.from_bytes(head[:4], "big")
    if not SMALLEST_FILE_TYPE_BOX <= length <= LARGEST_FILE_TYPE_BOX or length % 4:
        raise NotAVideo
    major = head[8:12]
    brands = {major} | {head[at : at + 4] for at in range(16, min(length, len(head)), 4)}
    if major in M4A_BRANDS:
        return M4A
    if major in OTHER_MAJOR_BRANDS or not brands & (MP4_BRANDS | M4V_BRANDS):
        raise NotAVideo
    return M4V if major in M4V_BRANDS else MP4


def _check_boxes(stream: IO[bytes], size: int) -> None:
    """Step over the file's boxes (ISO/IEC 14496-12, 4.2): each must end within the file."""
    position = 0
    for _ in range(MOST_BOXES):
        header = read_at(stream, position, 16)
        if len(header) < BOX_HEADER_BYTES:
            return
        length = int.from_bytes(header[:4], "big")
        if length == 0:
            return
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        position += max(length, BOX_HEADER_BYTES)
        if position > size:
            raise VideoIsIncomplete


class _Element(NamedTuple):
    """An EBML element (RFC 8794): where its content starts, and its size unless that is open."""

    id: int
    start: int
    size: int | None


def _check_webm(head: bytes, size: int) -> UploadKind:
    try:
        header = _read_element(head, 0)
        header_end = header.start + (header.size or 0)
        if _read_document_type(head, header.start, header_end) != b"webm":
            raise NotAVideo
        segment = _read_element(head, header_end)
        if segment.id == VOID_ID:
            segment = _read_element(head, segment.start + (segment.size or 0))
    except IndexError as error:
        raise VideoIsIncomplete from error
    if segment.id != SEGMENT_ID:
        raise NotAVideo
    if segment.size is not None and segment.start + segment.size > size:
        raise VideoIsIncomplete
    return WEBM


def _read_document_type(head: bytes, start: int, end: int) -> bytes:
    position = start
    while position < end:
        element = _read_element(head, position)
        position = element.start + (element.size or 0)
        if element.id == DOCTYPE_ID:
            return head[element.start : position].rstrip(b"\0")
    return b""


def _read_element(head: bytes, position: int) -> _Element:
    """Raise IndexError where `head` is too short."""
    id_length = _vint_length(head[position])
    size_at = position + id_length
    size_length = _vint_length(head[size_at])
    start = size_at + size_length
    head[start - 1]
    size = int.from_bytes(head[size_at:start], "big") & ((1 << 7 * size_length) - 1)
    is_open = size == (1 << 7 * size_length) - 1
    identifier = int.from_bytes(head[position:size_at], "big")
    return _Element(identifier, start, None if is_open else size)


def _vint_length(first: int) -> int:
    """Return how many bytes a number takes whose first byte this is (RFC 8794, section 4)."""
    return 9 - first.bit_length()
