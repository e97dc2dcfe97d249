"""Names under which files are handed out."""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_NAME = 120
LONGEST_NAME_BYTES = 240
NOT_IN_NAMES = re.compile(r'[/\\:*?"<>|]+')
INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)


def safe_download_name(name: str, extension: str) -> str:
    """Return a file name that every system takes, ending in `extension`; never empty.

    Separators become hyphens, letters of every script stay; characters that can't be seen, such as
    those that turn the writing direction, go. An extension that says something else is replaced.
    """
    suffix = f".{extension.lstrip('.')}"
    stem = _strip_ends(_without_extension(_visible(name), suffix))
    if RESERVED.fullmatch(stem.split(".")[0].strip()):
        stem = f"file-{stem}"
    return _shorten(stem, LONGEST_NAME - len(suffix), LONGEST_NAME_BYTES - len(suffix)) + suffix


def _visible(name: str) -> str:
    spaced = " ".join(unicodedata.normalize("NFC", name).split())
    shown = "".join(char for char in spaced if unicodedata.category(char) not in INVISIBLE)
    return _strip_ends(NOT_IN_NAMES.sub("-", shown))


def _without_extension(name: str, suffix: str) -> str:
    ending = PurePosixPath(name).suffix.lower()
    is_replaced = ending == suffix.lower() or ending in mimetypes.types_map
    return name[: -len(ending)] if ending and is_replaced else name


def _strip_ends(name: str) -> str:
    return name.strip(" .-")


def _shorten(stem: str, characters: int, octets: int) -> str:
    short = stem[:characters].encode()[:octets].decode(errors="ignore")
    return _strip_ends(short) or "file"
