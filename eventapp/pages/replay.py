"""The public replay: the recording, and beside it every line of its agenda as a link into it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Response, current_app, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from eventapp.core.access import public
from eventapp.core.errors import NotFound
from eventapp.core.files import serve_file
from eventapp.core.markdown import plain_text, render_markdown
from eventapp.core.page_cache import cached_page
from eventapp.core.security_headers import allow_source
from eventapp.learnings.queries import find_learnings
from eventapp.pages import queries
from eventapp.pages.blueprint import blueprint
from eventapp.pages.cards import describe_person, length, when
from eventapp.pages.queries import PageState
from eventapp.pages.structured_data import Clip, to_script, video_data
from eventapp.presentations.models import Presentation
from eventapp.presentations.queries import list_public_presentations
from eventapp.replays.addresses import VideoAddress, parse_address
from eventapp.replays.agenda.timecodes import format_timecode, parse_timecode
from eventapp.replays.labels import own_language_name
from eventapp.replays.models import Recording, RecordingKind
from eventapp.replays.outline import outline_agenda
from eventapp.replays.queries import Replay, find_recording, get_replay
from eventapp.replays.rules import in_recording, is_in_recording
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_whole_webinar
from eventapp.webinars.rules import WITH_REPLAY

DESCRIPTION_LENGTH = 300
PROVIDERS = {RecordingKind.YOUTUBE: "YouTube", RecordingKind.VIMEO: "Vimeo"}


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the address asks for: to start at second `at`; to load the player from elsewhere."""

    at: int | None
    is_played: bool

    @property
    def start(self) -> int:
        return self.at or 0


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
    _allow_storage(state.webinar_id)
    if wish.at is None and not wish.is_played:
        return cached_page((state.webinar_id, state.revision), lambda: _make_page(state, wish))
    return _answer(_make_page(state, wish))


def _answer(page: str) -> Response:
    response = make_response(page)
    is_private = current_user.is_authenticated
    response.headers["Cache-Control"] = "private, no-store" if is_private else "no-cache"
    return response


def read_wish(time: str, play: str) -> Wish:
    """Read `?t=` (330, 5m30s or 1:19:33) and `?play=`; what can't be read is no wish."""
    try:
        at: int | None = int(parse_timecode(time[:20]))
    except ValueError:
        at = None
    return Wish(at=at, is_played=play == "1")


def _allow_storage(webinar_id: int) -> None:
    """Let the page load the recording from a remote store, which we only lead to."""
    if current_app.config["EVENTAPP"].storage_url.startswith("file:"):
        return
    recording = find_recording(webinar_id)
    if recording is not None and recording.file is not None:
        parts = urlsplit(make_response(serve_file(recording.file)).location)
        allow_source("media-src", f"{parts.scheme}://{parts.netloc}")


def _make_page(state: PageState, wish: Wish) -> str:
    shown = get_whole_webinar(state.webinar_id)
    found = get_replay(state.webinar_id)
    outside = _outside_player(found.recording, shown, wish)
    description = shown.summary or plain_text(shown.description, max_length=DESCRIPTION_LENGTH)
    return render_template(
        "pages/replay.html",
        shown=shown,
        is_public=state.status in WITH_REPLAY,
        when=when(shown),
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
            at=wish.at,
        ),
        files=[_file_line(p, shown) for p in list_public_presentations(shown)],
        learnings=_learnings(shown, wish, duration=found.duration),
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
    """Return the player at somebody else's, and let the page load it once that was agreed to."""
    address = _address_of(recording)
    if address is None:
        return None
    if wish.is_played:
        allow_source("frame-src", address.frame_source)
    return OutsidePlayer(
        provider=PROVIDERS.get(address.kind, address.host),
        url=address.url,
        play_url=url_for("pages.replay", slug=webinar.slug, t=wish.at, play=1, _anchor="player"),
        frame_url=address.frame_url(start=wish.start) if wish.is_played else "",
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


def _learnings(webinar: Webinar, wish: Wish, *, duration: float | None) -> Markup | None:
    """Return the key learnings, whose times are links into the recording."""
    found = find_learnings(webinar.id)
    if found is None or not found.body.strip():
        return None

    def link_to(second: int) -> str | None:
        if not is_in_recording(second, duration=duration):
            return None
        return _link(webinar, second, is_played=wish.is_played)

    return render_markdown(found.body, time_links=link_to, top_heading=3)


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
