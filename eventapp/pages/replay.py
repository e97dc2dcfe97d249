"""The public replay: the recording, and beside it every line of its agenda as a link into it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from eventapp.core.access import public
from eventapp.core.errors import NotFound
from eventapp.core.i18n import zoned_moment
from eventapp.core.markdown import Heading, outline, plain_text, render_markdown
from eventapp.core.page_cache import cached, cached_page
from eventapp.pages import players, queries
from eventapp.pages.answers import list_asked
from eventapp.pages.blueprint import blueprint
from eventapp.pages.cards import describe_person, length
from eventapp.pages.heat import draw_heat
from eventapp.pages.queries import PageState
from eventapp.pages.structured_data import Captions, Clip, to_script, video_data
from eventapp.pages.transcript import describe_transcript
from eventapp.presentations.models import Presentation
from eventapp.presentations.queries import list_presentations_on_page
from eventapp.replays.agenda.timecodes import format_timecode
from eventapp.replays.editions import (
    Replay,
    has_unpublished_changes,
)
from eventapp.replays.models import Recording
from eventapp.replays.outline import outline_agenda
from eventapp.replays.outside import OutsidePlayer, describe_outside
from eventapp.replays.queries import get_public_replay, get_replay
from eventapp.replays.rules import find_current, in_recording, is_in_recording
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_whole_webinar
from eventapp.webinars.rules import WITH_REPLAY

DESCRIPTION_LENGTH = 300
# In a page that is kept it stands where the second comes that an address asks for; nobody can know
# it, so no text holds it.
MOMENT = secrets.token_hex(16)
LONGEST_LANGUAGE = 8
WORTH_LISTING = 3


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the address asks for.

    To start at second `at` of recording `number` (None: the first); to load the player from
    elsewhere; to read the transcript in another language; for organisers, to see what isn't public
    yet.
    """

    at: int | None
    number: int | None
    transcript: str
    is_played: bool
    is_draft: bool

    @property
    def start(self) -> str:
        """What stands for the second in a page that is kept; empty where none is asked for."""
        return "" if self.at is None else MOMENT

    @property
    def draft(self) -> int | None:
        """What addresses carry that lead to what isn't public yet."""
        return 1 if self.is_draft else None

    def query(self, number: int | None) -> dict[str, Any]:
        """What links to moments of recording `number` carry beside their second."""
        values = {"r": number, "play": 1 if self.is_played else None, "draft": self.draft}
        return {name: value for name, value in values.items() if value is not None}


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
    wish = read_wish(request.args)
    if players.needs_allowing(is_played=wish.is_played):
        players.allow_player(_get_replay(state, wish).recording, is_played=wish.is_played)
    at: int | None = None
    current: int | None = None
    if wish.at is not None or wish.transcript:
        found = _recall_replay(state, wish)
        wish = _drop_unknown_transcript(wish, found)
    if wish.at is not None:
        at = int(found.find_second(wish.at, number=wish.number))
        starts = [in_recording(entry, timing=found.timing) for entry in found.entries]
        current = find_current(starts, at=at)
    key = (state.webinar_id, state.revision, wish.start, wish.is_played, current, wish.transcript)

    def fill(page: bytes) -> bytes:
        return page.replace(MOMENT.encode(), str(at).encode())

    return cached_page(
        key, lambda: _make_page(state, wish, current=current), fill=fill if at is not None else None
    )


def _drop_unknown_transcript(wish: Wish, found: Replay) -> Wish:
    """Nobody can fill the kept pages with languages that there are not."""
    languages = {track.language for track in found.captions}
    return wish if wish.transcript in languages else replace(wish, transcript="")


def _recall_replay(state: PageState, wish: Wish) -> Replay:
    """Return what is shown; for visitors it is kept with the page, without its files."""
    if current_user.is_authenticated:
        return _get_replay(state, wish)
    return players.recall_public_replay(state)


def _get_replay(state: PageState, wish: Wish) -> Replay:
    """Return what this reader is shown: the latest edition, or for organisers the desk's state."""
    if state.status in WITH_REPLAY and not wish.is_draft:
        return get_public_replay(state.webinar_id)
    return get_replay(state.webinar_id)


def read_wish(args: Mapping[str, str]) -> Wish:
    """Read `?t=` (330, 5m30s or 1:19:33), `?r=` and `?play=`; what can't be read is no wish."""
    return Wish(
        at=players.read_start(args.get("t", "")),
        number=players.read_number(args.get("r", "")),
        transcript=args.get("transcript", "")[:LONGEST_LANGUAGE],
        is_played=args.get("play") == "1",
        is_draft=args.get("draft") == "1" and current_user.is_authenticated,
    )


def _make_page(state: PageState, wish: Wish, *, current: int | None) -> str:
    shown = get_whole_webinar(state.webinar_id)
    found = _get_replay(state, wish)
    outside = _outside_player(found.recording, shown, wish)

    def link_to(second: int) -> str:
        return _link(shown, second, wish, number=found.link_number)

    description = shown.summary or plain_text(shown.description, max_length=DESCRIPTION_LENGTH)
    return render_template(
        "pages/replay.html",
        shown=shown,
        is_public=state.status in WITH_REPLAY,
        is_draft=wish.is_draft,
        has_changes=_has_changes(state, found, wish),
        when=zoned_moment(shown.starts_at, shown.time_zone),
        length=_length(found, shown),
        people=[describe_person(speaker) for speaker in shown.speakers],
        recording_url=players.recording_url(found.recording, shown, draft=wish.draft),
        recording=found.recording,
        start=wish.start,
        number=found.link_number,
        tracks=players.list_tracks(found, shown, draft=wish.draft),
        outside=outside,
        agenda=outline_agenda(
            found.entries,
            timing=found.timing,
            link_to=link_to,
            current=current,
        ),
        asked=list_asked(found, shown, link_to=link_to),
        transcript=describe_transcript(
            found, shown, wanted=wish.transcript, query=wish.query(found.link_number)
        ),
        heat=draw_heat(found, shown),
        files=[_file_line(p, shown) for p in list_presentations_on_page(shown)],
        learnings=_learnings(state, found, wish, link_to=link_to),
        contents=_list_contents(found.learnings),
        meta_description=description,
        structured_data=_structured_data(shown, found, outside),
        page_url=url_for("pages.replay", slug=shown.slug, _external=True),
    )


def _has_changes(state: PageState, found: Replay, wish: Wish) -> bool:
    """Whether the desk has what isn't public yet; only organisers are told."""
    if not current_user.is_authenticated or state.status not in WITH_REPLAY or wish.is_draft:
        return False
    return has_unpublished_changes(get_replay(state.webinar_id), found)


def _link(webinar: Webinar, second: int, wish: Wish, *, number: int | None) -> str:
    return url_for("pages.replay", slug=webinar.slug, t=second, **wish.query(number))


def _length(found: Replay, webinar: Webinar) -> str:
    if found.duration is None:
        return length(webinar)
    return format_timecode(found.duration, milliseconds=False)


# -- the player --------------------------------------------------------------------------------


def _outside_player(
    recording: Recording | None, webinar: Webinar, wish: Wish
) -> OutsidePlayer | None:
    return describe_outside(
        recording,
        play_url=url_for(
            "pages.replay",
            slug=webinar.slug,
            t=wish.start or None,
            play=1,
            draft=wish.draft,
            _anchor="player",
        ),
        start=wish.start,
        is_played=wish.is_played,
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


def _learnings(
    state: PageState, found: Replay, wish: Wish, *, link_to: Callable[[int], str]
) -> Markup:
    """Return the key learnings, whose times are links into the recording.

    They may be long, and are the same whatever moment is asked for, so they are kept apart.
    """

    def link_within(second: int) -> str | None:
        return link_to(second) if is_in_recording(second, duration=found.duration) else None

    def make() -> bytes:
        return render_markdown(
            found.learnings, time_links=link_within, top_heading=3, with_anchors=True
        ).encode()

    if current_user.is_authenticated:
        return Markup(make().decode())  # noqa: S704 - from render_markdown above
    key = (state.webinar_id, state.revision, "learnings", wish.is_played)
    return Markup(cached(key, make).decode())  # noqa: S704 - the same


def _list_contents(learnings: str) -> list[Heading]:
    """Return the headings to choose from, where there are enough of them."""
    headings = outline(learnings)
    return headings if len(headings) >= WORTH_LISTING else []


def _structured_data(webinar: Webinar, found: Replay, outside: OutsidePlayer | None) -> Markup:
    if found.recording is None:
        return Markup("{}")
    starts = [in_recording(entry, timing=found.timing) for entry in found.entries]
    number = found.link_number
    clips = [
        Clip(
            start=start,
            title=entry.title,
            url=url_for("pages.replay", slug=webinar.slug, t=int(start), r=number, _external=True),
        )
        for entry, start in zip(found.entries, starts, strict=True)
    ]
    content_url = url_for("replays.recording", slug=webinar.slug, _external=True)
    data = video_data(
        webinar,
        clips=clips,
        duration=found.duration,
        captions=[
            Captions(
                language=track.language,
                url=url_for(
                    "replays.captions",
                    slug=webinar.slug,
                    language=track.language,
                    _external=True,
                ),
            )
            for track in found.captions
        ],
        content_url="" if outside else content_url,
        embed_url=outside.frame_pattern.replace("{start}", "0") if outside else "",
    )
    return to_script(data)
