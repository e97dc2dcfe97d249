"""The transcript beside the recording: every line a link to its second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from eventapp.core.files import read_file
from eventapp.core.i18n import own_language_name
from eventapp.replays.agenda.timecodes import format_timecode
from eventapp.replays.editions import Replay
from eventapp.replays.models import CaptionTrack
from eventapp.replays.transcript import Cue, join_cues, read_cues
from eventapp.webinars.models import Webinar


@dataclass(frozen=True, kw_only=True)
class TranscriptLine:
    """`href` is relative to the page; `speaker` is said where another begins to speak."""

    href: str
    timecode: str
    speaker: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Language:
    name: str
    code: str
    href: str
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class Transcript:
    language: str
    lines: Sequence[TranscriptLine]
    languages: Sequence[Language]
    webvtt_url: str
    text_url: str


def describe_transcript(
    found: Replay, webinar: Webinar, *, wanted: str, query: dict[str, int]
) -> Transcript | None:
    """Return what was said, in the wanted language, or the webinar's, or any there is.

    `query` is what each link's address carries beside its second.
    """
    track = choose_track(found.captions, wanted=wanted, webinar=webinar)
    if track is None:
        return None
    cues = join_cues(read_cues(read_file(track.file).decode()))
    address: dict[str, Any] = {
        "slug": webinar.slug,
        "language": track.language,
        "draft": query.get("draft"),
    }
    return Transcript(
        language=track.language,
        lines=_describe(cues, query),
        languages=[
            Language(
                name=own_language_name(other.language),
                code=other.language,
                href="?" + urlencode({"transcript": other.language} | query) + "#transcript",
                is_shown=other is track,
            )
            for other in found.captions
        ],
        webvtt_url=url_for("replays.captions", **address, v=track.file_id),
        text_url=url_for("replays.transcript", **address),
    )


def choose_track(
    captions: Sequence[CaptionTrack], *, wanted: str, webinar: Webinar
) -> CaptionTrack | None:
    by_language = {track.language: track for track in captions}
    anything = captions[0] if captions else None
    return by_language.get(wanted) or by_language.get(webinar.language) or anything


def _describe(cues: list[Cue], query: dict[str, int]) -> list[TranscriptLine]:
    lines, speaker = [], ""
    rest = "&" + urlencode(query) if query else ""
    for cue in cues:
        lines.append(
            TranscriptLine(
                href=f"?t={int(cue.start)}{rest}",
                timecode=_short(cue.start),
                speaker=cue.speaker if cue.speaker != speaker else "",
                text=cue.text,
            )
        )
        speaker = cue.speaker
    return lines


def _short(seconds: float) -> str:
    """Return "5:30" or "1:05:30": there are hundreds of them on a page."""
    whole = format_timecode(seconds, milliseconds=False)
    hours, minutes, rest = whole.split(":")
    return f"{int(hours)}:{minutes}:{rest}" if int(hours) else f"{int(minutes)}:{rest}"
