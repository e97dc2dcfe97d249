"""The parts of a player: where a recording comes from, and what the page may load for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, make_response, url_for
from flask_babel import gettext as _

from eventapp.core.files import serve_file
from eventapp.core.i18n import own_language_name
from eventapp.core.security_headers import allow_source
from eventapp.replays.addresses import VideoAddress, parse_address
from eventapp.replays.agenda.timecodes import parse_timecode
from eventapp.replays.models import Recording, RecordingKind
from eventapp.replays.queries import Replay, find_recording
from eventapp.webinars.models import Webinar

PROVIDERS = {RecordingKind.YOUTUBE: "YouTube", RecordingKind.VIMEO: "Vimeo"}
LONGEST_TIME = 20


@dataclass(frozen=True, kw_only=True)
class Track:
    """Captions or chapters as `components/player.html` shows them."""

    kind: str
    href: str
    lang: str
    label: str


@dataclass(frozen=True, kw_only=True)
class OutsidePlayer:
    """A recording at somebody else's: `provider` names them, the rest are addresses.

    `frame_url` is empty until the reader has agreed to load it.
    """

    provider: str
    url: str
    play_url: str
    frame_url: str
    frame_pattern: str


def read_start(text: str) -> int | None:
    """Return the second that `?t=` names (330, 5m30s or 1:19:33); None for anything else."""
    try:
        return int(parse_timecode(text[:LONGEST_TIME]))
    except ValueError:
        return None


def outside_address(recording: Recording | None) -> VideoAddress | None:
    if recording is None or recording.kind == RecordingKind.FILE:
        return None
    return parse_address(recording.address)


def allow_player(webinar_id: int, *, is_played: bool) -> None:
    """Let the page load the recording from where it lies.

    From a remote store, which we only lead to; from somebody else's once that was agreed to.
    """
    is_remote = not current_app.config["EVENTAPP"].storage_url.startswith("file:")
    if not is_remote and not is_played:
        return
    recording = find_recording(webinar_id)
    if is_remote and recording is not None and recording.file is not None:
        parts = urlsplit(make_response(serve_file(recording.file)).location)
        allow_source("media-src", f"{parts.scheme}://{parts.netloc}")
    address = outside_address(recording)
    if address is not None and is_played:
        allow_source("frame-src", address.frame_source)


def recording_url(recording: Recording | None, webinar: Webinar) -> str:
    """Return the address of our own file; empty where the recording lies elsewhere."""
    if recording is None or recording.file_id is None:
        return ""
    return url_for("replays.recording", slug=webinar.slug, v=recording.file_id)


def list_tracks(found: Replay, webinar: Webinar) -> list[Track]:
    tracks = [
        Track(
            kind="captions",
            href=url_for(
                "replays.captions", slug=webinar.slug, language=track.language, v=track.file_id
            ),
            lang=track.language,
            label=own_language_name(track.language),
        )
        for track in found.captions
    ]
    if found.entries:
        chapters = url_for("replays.chapters_vtt", slug=webinar.slug)
        tracks.append(
            Track(kind="chapters", href=chapters, lang=webinar.language, label=_("Agenda"))
        )
    return tracks


def outside_player(
    recording: Recording | None, *, start: str, is_played: bool, link_to_play: Callable[[], str]
) -> OutsidePlayer | None:
    """Return the player at somebody else's, which loads once that was agreed to.

    `start` is the second to start at, or what stands for it in a page that is kept.
    """
    address = outside_address(recording)
    if address is None:
        return None
    return OutsidePlayer(
        provider=PROVIDERS.get(address.kind, address.host),
        url=address.url,
        play_url=link_to_play(),
        frame_url=address.frame_url(start=start or 0) if is_played else "",
        frame_pattern=address.frame_url(start="{start}"),
    )
