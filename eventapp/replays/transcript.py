"""What captions say, cue by cue: the transcript (WebVTT, https://www.w3.org/TR/webvtt1/)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape

TIMING = re.compile(
    r"\s*(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})\s+-->\s+(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
)
VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
TAG = re.compile(r"<[^>]*>")
# What people see as one line is one, even where it is shown as two.
PAUSE_SECONDS = 4.0
BREATH_SECONDS = 1.0
LINE_SECONDS = 10.0
SPACES = re.compile(r"\s+")


@dataclass(frozen=True, kw_only=True)
class Cue:
    """What is said from `start` to `end`, in seconds; `speaker` where a voice is named."""

    start: float
    end: float
    text: str
    speaker: str = ""


def read_cues(webvtt: str) -> list[Cue]:
    """Return the cues in order of time, without those that say nothing.

    Cues may overlap or stand in another order; what is no cue (notes, styles) is left out.
    """
    return sorted(_read(webvtt), key=lambda cue: (cue.start, cue.end))


def _read(webvtt: str) -> Iterator[Cue]:
    for block in re.split(r"\n[ \t]*\n", webvtt):
        lines = block.split("\n")
        found = ((number, TIMING.match(line)) for number, line in enumerate(lines))
        number, timing = next(((n, match) for n, match in found if match), (0, None))
        if timing is None:
            continue
        words = "\n".join(lines[number + 1 :])
        text = _plain(words)
        if text:
            parts = timing.groups()
            voice = VOICE.search(words)
            yield Cue(
                start=_seconds(parts[:4]),
                end=_seconds(parts[4:]),
                text=text,
                speaker=_plain(voice[1]) if voice else "",
            )


def _plain(words: str) -> str:
    return SPACES.sub(" ", unescape(TAG.sub("", words))).strip()


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, milliseconds = (int(part or 0) for part in parts)
    return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000


def join_cues(cues: list[Cue]) -> list[Cue]:
    """Return lines to read: cues of one voice that follow each other, for about ten seconds.

    Captions break sentences wherever the screen is full.
    """
    lines: list[Cue] = []
    for cue in cues:
        line = lines[-1] if lines else None
        if line is not None and _goes_on(line, cue):
            text = f"{line.text} {cue.text}"
            lines[-1] = replace(line, end=max(line.end, cue.end), text=text)
        else:
            lines.append(cue)
    return lines


def _goes_on(line: Cue, cue: Cue) -> bool:
    is_soon = cue.start - line.end <= BREATH_SECONDS
    return is_soon and cue.speaker == line.speaker and cue.end - line.start <= LINE_SECONDS


def write_plain(cues: list[Cue]) -> str:
    """Return the transcript as text to read: who speaks begins a paragraph, silence ends one."""
    paragraphs: list[str] = []
    speaker, end = "", 0.0
    for cue in cues:
        is_next = not paragraphs or cue.speaker != speaker or cue.start - end > PAUSE_SECONDS
        if is_next:
            paragraphs.append(f"{cue.speaker}: {cue.text}" if cue.speaker else cue.text)
        else:
            paragraphs[-1] += f" {cue.text}"
        speaker, end = cue.speaker, cue.end
    return "\n\n".join(paragraphs) + "\n"
