"""The public replay: the recording, and beside it every line of its agenda as a link into it."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from eventapp.core.access import public
from eventapp.core.errors import NotFound
from eventapp.core.files import serve_file
from eventapp.core.i18n import own_language_name, zoned_moment
from eventapp.core.markdown import plain_text, render_markdown
from eventapp.core.page_cache import cached, cached_page
from eventapp.core.security_headers import allow_source
from eventapp.learnings.queries import find_learnings
from eventapp.pages import queries
from eventapp.pages.blueprint import blueprint
from eventapp.pages.cards import describe_person, length
from eventapp.pages.queries import PageState
from eventapp.pages.structured_data import Clip, to_script, video_data
from eventapp.pages.written_answers import list_written_answers
from eventapp.presentations.models import Presentation
from eventapp.presentations.queries import list_presentations_on_page
from eventapp.replays.addresses import VideoAddress, parse_address
from eventapp.replays.agenda.timecodes import format_timecode, parse_timecode
from eventapp.replays.models import Recording, RecordingKind
from eventapp.replays.outline import outline_agenda
from eventapp.replays.queries import Replay, find_recording, get_replay
from eventapp.replays.rules import find_current, in_recording, is_in_recording
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_whole_webinar
from eventapp.webinars.rules import WITH_REPLAY

DESCRIPTION_LENGTH = 300
# In a page that is kept it stands where the second comes that an address asks for; nobody can know
# it, so no text holds it.
MOMENT = secrets.token_hex(16)
PROVIDERS = {RecordingKind.YOUTUBE: "YouTube", RecordingKind.VIMEO: "Vimeo"}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the address asks for: to start at second `at`; to load the player from elsewhere."""

    at: int | None
    is_played: bool

    @property
    def start(self) -> str:
        """What stands for the second in a page that is kept; empty where none is asked for."""
        return "" if self.at is None else MOMENT


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


@dataclass(frozen=True, kw_only=True)
class FileLine:
    """A presentation to download; `note` says by whom, of which kind and how large."""

    href: str
    title: str
    speakers: str
    kind: str
    size: int


@blueprint.get("/webinars/<slug>/replay")
@public
def replay(slug: str) -> ResponseReturnValue:
    state = queries.get_page_state(slug, for_organiser=current_user.is_authenticated)
    if state.status not in WITH_REPLAY and not current_user.is_authenticated:
        raise NotFound
    wish = read_wish(request.args.get("t", ""), request.args.get("play", ""))
    _allow_player(state.webinar_id, wish)
    current = None if wish.at is None else find_current(_list_starts(state), at=wish.at)
    key = (state.webinar_id, state.revision, wish.start, wish.is_played, current)
    page = cached_page(key, lambda: _make_page(state, wish, current=current))
    page.data = page.data.replace(MOMENT.encode(), str(wish.at).encode())
    return page


def _list_starts(state: PageState) -> list[float]:
    """Return where in the recording the entries start, in seconds."""

    def make() -> bytes:
        found = get_replay(state.webinar_id)
        return json.dumps([in_recording(e, offset=found.offset) for e in found.entries]).encode()

    starts: list[float] = json.loads(cached((state.webinar_id, state.revision, "starts"), make))
    return starts


def read_wish(time: str, play: str) -> Wish:
    """Read `?t=` (330, 5m30s or 1:19:33) and `?play=`; what can't be read is no wish."""
    try:
        at: int | None = int(parse_timecode(time[:20]))
    except ValueError:
        at = None
    return Wish(at=at, is_played=play == "1")


def _allow_player(webinar_id: int, wish: Wish) -> None:
    """Let the page load the recording from where it lies.

    From a remote store, which we only lead to; from somebody else's once that was agreed to.
    """
    is_local = current_app.config["EVENTAPP"].storage_url.startswith("file:")
    if is_local and not wish.is_played:
        return
    recording = find_recording(webinar_id)
    if recording is not None and recording.file is not None and not is_local:
        parts = urlsplit(make_response(serve_file(recording.file)).location)
        allow_source("media-src", f"{parts.scheme}://{parts.netloc}")
    address = _address_of(recording)
    if address is not None and wish.is_played:
        allow_source("frame-src", address.frame_source)


def _make_page(state: PageState, wish: Wish, *, current: int | None) -> str:
    shown = get_whole_webinar(state.webinar_id)
    found = get_replay(state.webinar_id)
    outside = _outside_player(found.recording, shown, wish)
    description = shown.summary or plain_text(shown.description, max_length=DESCRIPTION_LENGTH)
    return render_template(
        "pages/replay.html",
        shown=shown,
        is_public=state.status in WITH_REPLAY,
        when=zoned_moment(shown.starts_at, shown.time_zone),
        length=_length(found, shown),
        people=[describe_person(speaker) for speaker in shown.speakers],
        recording_url=_recording_url(found.recording, shown),
        recording=found.recording,
        start=wish.start,
        tracks=_tracks(found, shown),
        outside=outside,
        agenda=outline_agenda(
            found.entries,
            offset=found.offset,
            link_to=lambda second: _link(shown, second, is_played=wish.is_played),
            current=current,
        ),
        answers=list_written_answers(
            found, shown, link_to=lambda second: _link(shown, second, is_played=wish.is_played)
        ),
        files=[_file_line(p, shown) for p in list_presentations_on_page(shown)],
        learnings=_learnings(state, shown, wish, duration=found.duration),
        meta_description=description,
        structured_data=_structured_data(shown, found, outside),
        page_url=url_for("pages.replay", slug=shown.slug, _external=True),
    )


def _link(webinar: Webinar, second: int, *, is_played: bool) -> str:
    play = 1 if is_played else None
    return url_for("pages.replay", slug=webinar.slug, t=second, play=play)


def _length(found: Replay, webinar: Webinar) -> str:
    if found.duration is None:
        return length(webinar)
    return format_timecode(found.duration, milliseconds=False)


# -- the player --------------------------------------------------------------------------------


def _recording_url(recording: Recording | None, webinar: Webinar) -> str:
    if recording is None or recording.file_id is None:
        return ""
    return url_for("replays.recording", slug=webinar.slug, v=recording.file_id)


def _tracks(found: Replay, webinar: Webinar) -> list[Track]:
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


def _address_of(recording: Recording | None) -> VideoAddress | None:
    if recording is None or recording.kind == RecordingKind.FILE:
        return None
    return parse_address(recording.address)


def _outside_player(
    recording: Recording | None, webinar: Webinar, wish: Wish
) -> OutsidePlayer | None:
    """Return the player at somebody else's, which loads once that was agreed to."""
    address = _address_of(recording)
    if address is None:
        return None
    return OutsidePlayer(
        provider=PROVIDERS.get(address.kind, address.host),
        url=address.url,
        play_url=url_for(
            "pages.replay", slug=webinar.slug, t=wish.start or None, play=1, _anchor="player"
        ),
        frame_url=address.frame_url(start=wish.start or 0) if wish.is_played else "",
        frame_pattern=address.frame_url(start="{start}"),
    )


# -- beside it ---------------------------------------------------------------------------------


def _file_line(presentation: Presentation, webinar: Webinar) -> FileLine:
    item = presentation.agenda_item
    return FileLine(
        href=url_for("presentations.download", slug=webinar.slug, presentation_id=presentation.id),
        title=presentation.title,
        speakers=", ".join(speaker.name for speaker in item.speakers) if item else "",
        kind=presentation.file.key.rpartition(".")[2].upper(),
        size=presentation.file.size,
    )


def _learnings(state: PageState, webinar: Webinar, wish: Wish, *, duration: float | None) -> Markup:
    """Return the key learnings, whose times are links into the recording.

    They may be long, and are the same whatever moment is asked for, so they are kept apart.
    """

    def link_to(second: int) -> str | None:
        if not is_in_recording(second, duration=duration):
            return None
        return _link(webinar, second, is_played=wish.is_played)

    def make() -> bytes:
        found = find_learnings(webinar.id)
        body = found.body if found else ""
        return render_markdown(body, time_links=link_to, top_heading=3).encode()

    key = (webinar.id, state.revision, "learnings", wish.is_played)
    return Markup(cached(key, make).decode())  # noqa: S704 - from render_markdown above


def _structured_data(webinar: Webinar, found: Replay, outside: OutsidePlayer | None) -> Markup:
    if found.recording is None:
        return Markup("{}")
    page_url = url_for("pages.replay", slug=webinar.slug, _external=True)
    starts = [in_recording(entry, offset=found.offset) for entry in found.entries]
    clips = [
        Clip(start=start, title=entry.title, url=f"{page_url}?t={int(start)}")
        for entry, start in zip(found.entries, starts, strict=True)
    ]
    content_url = url_for("replays.recording", slug=webinar.slug, _external=True)
    data = video_data(
        webinar,
        clips=clips,
        duration=found.duration,
        content_url="" if outside else content_url,
        embed_url=outside.frame_pattern.replace("{start}", "0") if outside else "",
    )
    return to_script(data)
