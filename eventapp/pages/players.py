"""The parts of a player: where a recording comes from, and what the page may load for it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, make_response, url_for
from flask_babel import gettext as _

from eventapp.core.files import serve_file
from eventapp.core.i18n import own_language_name
from eventapp.core.page_cache import cached
from eventapp.core.security_headers import allow_source
from eventapp.pages.queries import PageState
from eventapp.replays.agenda.timecodes import parse_timecode
from eventapp.replays.editions import Replay, read_content, write_content
from eventapp.replays.models import Recording
from eventapp.replays.outside import allow_frame
from eventapp.replays.queries import get_public_replay
from eventapp.webinars.models import Webinar

LONGEST_TIME = 20
NUMBER = re.compile(r"[1-9][0-9]{0,4}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Track:
    """Captions or chapters as `components/player.html` shows them."""

    kind: str
    href: str
    lang: str
    label: str


def read_start(text: str) -> int | None:
    """Return the second that `?t=` names (330, 5m30s or 1:19:33); None for anything else."""
    try:
        return int(parse_timecode(text[:LONGEST_TIME]))
    except ValueError:
        return None


def read_number(text: str) -> int | None:
    """Return which recording `?r=` names; None for what is no number."""
    return int(text) if NUMBER.fullmatch(text) else None


def recall_public_replay(state: PageState) -> Replay:
    """Return what is public of a replay, without its files; it is kept with the page."""

    def make() -> bytes:
        return json.dumps(write_content(get_public_replay(state.webinar_id))).encode()

    key = (state.webinar_id, state.revision, "edition")
    return read_content(json.loads(cached(key, make)), files=None)


def needs_allowing(*, is_played: bool) -> bool:
    """Whether a page with a player loads something from elsewhere."""
    return is_played or not current_app.config["EVENTAPP"].storage_url.startswith("file:")


def allow_player(recording: Recording | None, *, is_played: bool) -> None:
    """Let the page load the recording from where it lies.

    From a remote store, which we only lead to; from somebody else's once that was agreed to.
    """
    is_local = current_app.config["EVENTAPP"].storage_url.startswith("file:")
    if recording is not None and recording.file is not None and not is_local:
        parts = urlsplit(make_response(serve_file(recording.file)).location)
        allow_source("media-src", f"{parts.scheme}://{parts.netloc}")
    if is_played:
        allow_frame(recording)


def recording_url(
    recording: Recording | None, webinar: Webinar, *, draft: int | None = None
) -> str:
    """Return the address of our own file; empty where the recording lies elsewhere."""
    if recording is None or recording.file_id is None:
        return ""
    return url_for("replays.recording", slug=webinar.slug, v=recording.file_id, draft=draft)


def list_tracks(found: Replay, webinar: Webinar, *, draft: int | None = None) -> list[Track]:
    """Return captions and chapters; with `draft` 1, those that the desk has."""
    tracks = [
        Track(
            kind="captions",
            href=url_for(
                "replays.captions",
                slug=webinar.slug,
                language=track.language,
                v=track.file_id,
                draft=draft,
            ),
            lang=track.language,
            label=own_language_name(track.language),
        )
        for track in found.captions
    ]
    if found.entries:
        chapters = url_for("replays.chapters_vtt", slug=webinar.slug, draft=draft)
        tracks.append(
            Track(kind="chapters", href=chapters, lang=webinar.language, label=_("Agenda"))
        )
    return tracks
