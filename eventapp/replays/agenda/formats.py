"""Every format an agenda is read from and written to, and how they are told apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from flask_babel import gettext as _

from .ffmetadata import HEADER as FFMETADATA
from .ffmetadata import read_ffmetadata, write_ffmetadata
from .json_format import read_json, write_json
from .model import AgendaRefused, AgendaWarning, ParsedAgenda
from .plain_text import read_plain_text, write_plain_text
from .podlove import find_podlove_problems, read_podlove, write_podlove
from .tabular import is_table, read_csv, write_csv
from .webvtt import read_webvtt, write_webvtt
from .youtube import find_youtube_problems, has_filler, read_youtube, write_youtube

FORMATS = ("json", "text", "webvtt", "youtube", "csv", "podlove", "ffmetadata")
MOST_CHARACTERS = 2_000_000
MOST_LINES = 20_000

_READ_BY_LINE = {"text", "youtube", "webvtt", "csv", "ffmetadata"}
_FINDERS: dict[str, Callable[[ParsedAgenda], list[AgendaWarning]]] = {
    "youtube": find_youtube_problems,
    "podlove": find_podlove_problems,
}
_JSON_LIST = re.compile(r"\[\s*[\[{\]]")
_CHAPTER = re.compile(r"<(?:[a-zA-Z]{1,20}:)?chapters?[\s/>]")


class _Reader(Protocol):
    def __call__(self, text: str, /, *, duration: float | None = None) -> ParsedAgenda: ...


class _Writer(Protocol):
    def __call__(self, agenda: ParsedAgenda, /, *, duration: float | None = None) -> str: ...


_READERS: dict[str, _Reader] = {
    "json": read_json,
    "text": read_plain_text,
    "webvtt": read_webvtt,
    "youtube": read_youtube,
    "csv": read_csv,
    "podlove": read_podlove,
    "ffmetadata": read_ffmetadata,
}
# Those whose last piece ends with the recording are given its length.
_WRITERS_OF_ENDS: dict[str, _Writer] = {
    "webvtt": write_webvtt,
    "ffmetadata": write_ffmetadata,
}
_WRITERS: dict[str, Callable[[ParsedAgenda], str]] = {
    "json": write_json,
    "text": write_plain_text,
    "youtube": write_youtube,
    "csv": write_csv,
    "podlove": write_podlove,
}


def parse_agenda(
    text: str,
    *,
    format: str | None = None,  # noqa: A002 - the word everybody looks for
    duration: float | None = None,
) -> ParsedAgenda:
    """Return the agenda that stands in a text of any of FORMATS, told apart by its content.

    `duration` is the length of the recording in seconds. Raises AgendaRefused where nothing is
    found, times are out of order or past the end, or the text is not what `format` says.
    """
    if len(text) > MOST_CHARACTERS:
        raise AgendaRefused(
            _(
                "The text is %(length)s characters long; an agenda can have at most %(limit)s.",
                length=len(text),
                limit=MOST_CHARACTERS,
            )
        )
    name = format or detect_format(text)
    if name in _READ_BY_LINE:
        _check_lines(text)
    return _READERS[name](text, duration=duration)


def write_agenda(
    agenda: ParsedAgenda,
    *,
    format: str,  # noqa: A002 - as in parse_agenda
    duration: float | None = None,
) -> str:
    """Return the agenda in one of FORMATS; `duration` ends the last cue or chapter."""
    if format in _WRITERS_OF_ENDS:
        return _WRITERS_OF_ENDS[format](agenda, duration=duration)
    return _WRITERS[format](agenda)


def find_problems(agenda: ParsedAgenda, *, format: str) -> list[AgendaWarning]:  # noqa: A002
    """Return why whoever reads the written format may not show it as meant."""
    find = _FINDERS.get(format)
    return find(agenda) if find else []


def _check_lines(text: str) -> None:
    lines = max(text.count("\n"), text.count("\r")) + 1
    if lines > MOST_LINES:
        raise AgendaRefused(
            _(
                "The text has %(length)s lines; an agenda can have at most %(limit)s.",
                length=lines,
                limit=MOST_LINES,
            )
        )


def detect_format(text: str) -> str:
    """Return which of FORMATS a text is in; what is nothing else is plain text."""
    text = text.lstrip("\ufeff\x00 \t\r\n")
    if text.startswith("WEBVTT"):
        return "webvtt"
    if text.startswith(FFMETADATA):
        return "ffmetadata"
    if text.startswith("{") or _JSON_LIST.match(text):
        return "json"
    if text.startswith("<") and _CHAPTER.search(text):
        return "podlove"
    if is_table(text):
        return "csv"
    return "youtube" if has_filler(text) else "text"
