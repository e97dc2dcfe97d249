"""Captions: WebVTT as it is, SubRip (.srt) turned into WebVTT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from eventapp.core.uploads.refusals import (
    LARGEST_CAPTIONS,
    CaptionsAreTooLarge,
    CaptionTimeIsWrong,
    NotCaptions,
)
from eventapp.core.uploads.streams import rewound

VTT_HEADER = re.compile(r"WEBVTT(?:[ \t\n]|\Z)")
VTT_TIMING = re.compile(
    r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})[ \t]+-->"
    r"[ \t]+(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})(?:[ \t].*)?"
)
SRT_TIMING = re.compile(
    r"[ \t]*(\d{1,3}):([0-5]?\d):([0-5]?\d)[,.](\d{1,3})[ \t]*-->"
    r"[ \t]*(\d{1,3}):([0-5]?\d):([0-5]?\d)[,.](\d{1,3})(?:[ \t].*)?"
)
SRT_POSITION = re.compile(r"\{\\[^{}\n]{0,40}\}")
SRT_MARKUP = re.compile(r"<(/?)([a-zA-Z]{1,10})(?:[ \t][^<>\n]{0,200})?>")
KEPT_MARKUP = frozenset({"b", "i", "u"})
ENTITY = re.compile(r"&(?!(?:amp|lt|gt|nbsp|lrm|rlm|#\d{1,7});)")


def check_captions(stream: IO[bytes]) -> str:
    """Return the captions as WebVTT with plain line ends; refuse with NotCaptions or its kin."""
    with rewound(stream) as size:
        if size > LARGEST_CAPTIONS:
            raise CaptionsAreTooLarge
        content = stream.read(LARGEST_CAPTIONS)
    text = _decode(content)
    if VTT_HEADER.match(text):
        _check_webvtt(text)
        return text.rstrip("\n") + "\n"
    return _convert_subrip(text)


def _decode(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotCaptions from error
    # WebVTT, section 4.1 of its parser: one kind of line end, and no NUL.
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _check_webvtt(text: str) -> None:
    cues = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if "-->" in line:
            _read_timing(VTT_TIMING, line, number)
            cues += 1
    if not cues:
        raise NotCaptions


@dataclass
class _Cue:
    start: int
    end: int
    lines: list[str]


def _convert_subrip(text: str) -> str:
    cues = [
        f"{_write_time(cue.start)} --> {_write_time(cue.end)}\n" + "\n".join(cue.lines) + "\n"
        for cue in _read_subrip(text)
        if cue.lines
    ]
    if not cues:
        raise NotCaptions
    return "WEBVTT\n\n" + "\n".join(cues)


def _read_subrip(text: str) -> Iterator[_Cue]:
    """Yield the captions; a blank line inside one is dropped, as WebVTT can't hold it."""
    lines = text.split("\n")
    cue: _Cue | None = None
    for number, line in enumerate(lines, start=1):
        if "-->" in line:
            if cue is not None:
                yield cue
            start, end = _read_timing(SRT_TIMING, line, number)
            cue = _Cue(start, end, [])
        elif cue is None:
            _check_preamble(line)
        elif not _is_counter(lines, number):
            cue.lines.extend(_clean_subrip_line(line))
    if cue is not None:
        yield cue


def _check_preamble(line: str) -> None:
    """Before the first caption's time stands its number and nothing else."""
    if line.strip() and not line.strip().isdecimal():
        raise NotCaptions


def _is_counter(lines: list[str], number: int) -> bool:
    """Tell whether line `number` is the running number above the next caption's time."""
    has_time_below = number < len(lines) and "-->" in lines[number]
    return has_time_below and lines[number - 1].strip().isdecimal()


def _clean_subrip_line(line: str) -> list[str]:
    """Return the line in WebVTT's markup, or nothing if it is blank."""
    plain = ENTITY.sub("&amp;", SRT_POSITION.sub("", line))
    parts: list[str] = []
    position = 0
    for tag in SRT_MARKUP.finditer(plain):
        parts.append(plain[position : tag.start()].replace("<", "&lt;"))
        name = tag[2].lower()
        parts.append(f"<{tag[1]}{name}>" if name in KEPT_MARKUP else "")
        position = tag.end()
    parts.append(plain[position:].replace("<", "&lt;"))
    cleaned = "".join(parts).strip()
    return [cleaned] if cleaned else []


def _read_timing(pattern: re.Pattern[str], line: str, number: int) -> tuple[int, int]:
    """Return start and end in milliseconds."""
    match = pattern.fullmatch(line)
    if match is None:
        raise CaptionTimeIsWrong(number)
    start, end = _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:])
    if end <= start:
        raise CaptionTimeIsWrong(number)
    return start, end


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole * 1000 + int((fraction or "0").ljust(3, "0"))


def _write_time(milliseconds: int) -> str:
    seconds, fraction = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{fraction:03}"
