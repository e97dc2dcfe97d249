"""Presentations: PDF, PowerPoint (.pptx) and OpenDocument (.odp)."""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import IO
from xml.parsers import expat

from eventapp.core.uploads.refusals import (
    NotAPresentation,
    PresentationHasMacros,
    PresentationIsIncomplete,
)
from eventapp.core.uploads.streams import UploadKind, read_at, rewound

PDF = UploadKind("application/pdf", "pdf")
PPTX = UploadKind(
    "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"
)
ODP = UploadKind("application/vnd.oasis.opendocument.presentation", "odp")

# Readers look for a PDF's header in its first and for its end in its last kilobyte.
PDF_HEADER_BYTES = 1024
PDF_TRAILER_BYTES = 2048
BLANK_BEFORE_PDF = b" \t\r\n\f\0\xef\xbb\xbf"

# The end of a zip archive (APPNOTE 4.3.16): 22 bytes and a comment of at most 65,535.
ZIP_END = struct.Struct("<4s4H2LH")
ZIP_END_SIGNATURE = b"PK\x05\x06"
ZIP64_LOCATOR_SIGNATURE = b"PK\x06\x07"
ZIP64_LOCATOR_BYTES = 20
LONGEST_ZIP_COMMENT = 65_535
MOST_ZIP_ENTRIES = 20_000
LARGEST_ZIP_DIRECTORY = 4 * 1024 * 1024

CONTENT_TYPES = "[Content_Types].xml"
LARGEST_CONTENT_TYPES = 4 * 1024 * 1024
MACRO_FOLDERS = ("basic/", "scripts/")
MACRO_TYPES = ("vbaproject", "macroenabled")

UNREADABLE_ZIP = (
    zipfile.BadZipFile,
    expat.ExpatError,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


def check_presentation(stream: IO[bytes]) -> UploadKind:
    """Return the kind of presentation; refuse with NotAPresentation or one of its kin."""
    with rewound(stream) as size:
        head = stream.read(PDF_HEADER_BYTES)
        if head.lstrip(BLANK_BEFORE_PDF).startswith(b"%PDF-"):
            return _check_pdf(stream, size)
        if head.startswith(b"PK\x03\x04"):
            return _check_archive(stream, size)
        raise NotAPresentation


def _check_pdf(stream: IO[bytes], size: int) -> UploadKind:
    if b"%%EOF" not in read_at(stream, max(0, size - PDF_TRAILER_BYTES), PDF_TRAILER_BYTES):
        raise PresentationIsIncomplete
    return PDF


def _check_archive(stream: IO[bytes], size: int) -> UploadKind:
    """Look at the list of entries and at one short entry; nothing else is unpacked."""
    _check_directory(stream, size)
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_names(archive.namelist())
            if {CONTENT_TYPES, "ppt/presentation.xml"} <= set(archive.namelist()):
                return _check_powerpoint(archive)
            with archive.open("mimetype") as entry:
                media_type = entry.read(len(ODP.media_type) + 2)
    except UNREADABLE_ZIP as error:
        raise NotAPresentation from error
    if media_type.strip() != ODP.media_type.encode():
        raise NotAPresentation
    return ODP


def _check_names(names: list[str]) -> None:
    for name in names:
        path = name.replace("\\", "/").lower()
        if path.startswith(MACRO_FOLDERS) or path.endswith("vbaproject.bin"):
            raise PresentationHasMacros


def _check_powerpoint(archive: zipfile.ZipFile) -> UploadKind:
    """Read what the parts are said to be: a part may have any name, and its type alone counts."""
    with archive.open(CONTENT_TYPES) as entry:
        content = entry.read(LARGEST_CONTENT_TYPES + 1)
    if len(content) > LARGEST_CONTENT_TYPES:
        raise NotAPresentation
    parser = expat.ParserCreate()
    parser.StartElementHandler = _check_type
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(content, True)  # noqa: FBT003 - expat names no parameter
    return PPTX


def _check_type(_name: str, attributes: dict[str, str]) -> None:
    media_type = attributes.get("ContentType", "").lower()
    if any(word in media_type for word in MACRO_TYPES):
        raise PresentationHasMacros


def _refuse_doctype(*_declared: object) -> None:
    """The format has no doctype; entities in one could make much out of little."""
    raise NotAPresentation


def _check_directory(stream: IO[bytes], size: int) -> None:
    """Refuse an archive whose list of entries is missing or too long to read into memory.

    The 64-bit form is refused as well, since it would override the figures checked here and no
    presentation needs it.
    """
    start = max(0, size - ZIP_END.size - LONGEST_ZIP_COMMENT - ZIP64_LOCATOR_BYTES)
    tail = read_at(stream, start, size - start)
    end = tail.rfind(ZIP_END_SIGNATURE)
    if end < 0 or len(tail) - end < ZIP_END.size:
        raise PresentationIsIncomplete
    _, _, _, _, entries, directory_size, _, _ = ZIP_END.unpack_from(tail, end)
    locator = tail[max(0, end - ZIP64_LOCATOR_BYTES) : end]
    if (
        entries > MOST_ZIP_ENTRIES
        or directory_size > LARGEST_ZIP_DIRECTORY
        or locator.startswith(ZIP64_LOCATOR_SIGNATURE)
    ):
        raise NotAPresentation
