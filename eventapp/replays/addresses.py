"""Addresses of recordings elsewhere: read strictly into provider, host and id, and written anew.

What a person pastes never reaches a page: an address is taken apart, and only letters, digits and
hyphens of it are put together again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, urlencode, urlsplit

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal
from eventapp.replays.models import RecordingKind

YOUTUBE_HOSTS = frozenset(
    {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com"}
    | {"youtube-nocookie.com", "www.youtube-nocookie.com"}
)
YOUTUBE_SHORT_HOSTS = frozenset({"youtu.be", "www.youtu.be"})
VIMEO_HOSTS = frozenset({"vimeo.com", "www.vimeo.com", "player.vimeo.com"})
NO_PEERTUBE_HOSTS = YOUTUBE_HOSTS | YOUTUBE_SHORT_HOSTS | VIMEO_HOSTS

YOUTUBE_ID = r"(?P<id>[A-Za-z0-9_-]{11})"
YOUTUBE_PATH = re.compile(rf"/(?:embed|live|shorts|v)/{YOUTUBE_ID}/?")
YOUTUBE_SHORT_PATH = re.compile(rf"/{YOUTUBE_ID}/?")
VIMEO_PATH = re.compile(
    r"/(?:video/|channels/[\w-]{1,80}/|groups/[\w-]{1,80}/videos/|showcase/[0-9]{1,12}/video/)?"
    r"(?P<id>[0-9]{1,12})(?:/(?P<key>[0-9a-f]{6,40}))?/?",
    re.ASCII,
)
VIMEO_KEY = re.compile(r"[0-9a-f]{6,40}")
PEERTUBE_PATH = re.compile(
    r"/(?:w|videos/watch|videos/embed)/"
    r"(?P<id>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[1-9A-HJ-NP-Za-km-z]{20,22})/?"
)
MOST_QUERY_FIELDS = 50
HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")


class AddressIsNotKnown(Refusal):
    """The address leads to no recording that can be shown here."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "This doesn't look like the address of a video on YouTube, Vimeo or PeerTube. "
                "Open the video there, copy the address from the browser, and paste it here; it "
                "starts with https://."
            )
        )


@dataclass(frozen=True, kw_only=True)
class VideoAddress:
    """A video elsewhere. `key` opens an unlisted one at Vimeo, and is empty otherwise."""

    kind: RecordingKind
    host: str
    id: str
    key: str = ""

    @property
    def url(self) -> str:
        """Where people watch it; also how it is stored."""
        if self.kind == RecordingKind.YOUTUBE:
            return f"https://www.youtube.com/watch?v={self.id}"
        if self.kind == RecordingKind.VIMEO:
            return f"https://vimeo.com/{self.id}" + (f"/{self.key}" if self.key else "")
        return f"https://{self.host}/w/{self.id}"

    @property
    def frame_source(self) -> str:
        """The origin that the player's frame comes from, for the page's content policy."""
        hosts = {
            RecordingKind.YOUTUBE: "www.youtube-nocookie.com",
            RecordingKind.VIMEO: "player.vimeo.com",
        }
        return f"https://{hosts.get(self.kind, self.host)}"

    def frame_url(self, *, start: int | str = 0) -> str:
        """Return the player's address, playing from `start` in seconds (or a mark to put them)."""
        if self.kind == RecordingKind.YOUTUBE:
            return f"{self.frame_source}/embed/{self.id}?autoplay=1&rel=0&start={start}"
        if self.kind == RecordingKind.VIMEO:
            options = {"autoplay": "1", "dnt": "1"} | ({"h": self.key} if self.key else {})
            return f"{self.frame_source}/video/{self.id}?{urlencode(options)}#t={start}s"
        return (
            f"{self.frame_source}/videos/embed/{self.id}?autoplay=1&peertubeLink=0&start={start}s"
        )


def parse_address(text: str) -> VideoAddress:
    """Return the video that an address leads to. Refuses: AddressIsNotKnown."""
    text = text.strip()
    if "://" not in text and not text.lower().startswith(("javascript:", "data:")):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise AddressIsNotKnown from error
    host = (parts.hostname or "").lower()
    is_plain = parts.username is None and parts.password is None and port in {None, 443}
    if parts.scheme not in {"https", "http"} or not is_plain or not HOST.fullmatch(host):
        raise AddressIsNotKnown
    found = _read_youtube(parts, host) or _read_vimeo(parts, host) or _read_peertube(parts, host)
    if found is None:
        raise AddressIsNotKnown
    return found


def _read_youtube(parts: SplitResult, host: str) -> VideoAddress | None:
    match: re.Match[str] | None = None
    if host in YOUTUBE_SHORT_HOSTS:
        match = YOUTUBE_SHORT_PATH.fullmatch(parts.path)
    elif host in YOUTUBE_HOSTS and parts.path == "/watch":
        match = re.fullmatch(YOUTUBE_ID, _first(parts.query, "v"))
    elif host in YOUTUBE_HOSTS:
        match = YOUTUBE_PATH.fullmatch(parts.path)
    if match is None:
        return None
    return VideoAddress(kind=RecordingKind.YOUTUBE, host="www.youtube.com", id=match["id"])


def _read_vimeo(parts: SplitResult, host: str) -> VideoAddress | None:
    match = VIMEO_PATH.fullmatch(parts.path) if host in VIMEO_HOSTS else None
    if match is None:
        return None
    key = match["key"] or _first(parts.query, "h")
    return VideoAddress(
        kind=RecordingKind.VIMEO,
        host="vimeo.com",
        id=match["id"],
        key=key if VIMEO_KEY.fullmatch(key) else "",
    )


def _read_peertube(parts: SplitResult, host: str) -> VideoAddress | None:
    match = None if host in NO_PEERTUBE_HOSTS else PEERTUBE_PATH.fullmatch(parts.path)
    if match is None:
        return None
    return VideoAddress(kind=RecordingKind.PEERTUBE, host=host, id=match["id"])


def _first(query: str, name: str) -> str:
    try:
        return parse_qs(query, max_num_fields=MOST_QUERY_FIELDS).get(name, [""])[0]
    except ValueError:
        return ""
