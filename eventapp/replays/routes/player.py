"""What players fetch: the recording, its chapters and its captions."""

from __future__ import annotations

from flask import Response, make_response, request
from flask_login import current_user

from eventapp.core.access import public
from eventapp.core.errors import NotFound
from eventapp.core.files import read_file, serve_file
from eventapp.replays import queries
from eventapp.replays.agenda.formats import write_agenda
from eventapp.replays.editions import Replay
from eventapp.replays.routes.blueprint import blueprint
from eventapp.replays.rules import is_replay_public, to_parsed
from eventapp.replays.transcript import read_cues, write_plain
from eventapp.webinars.models import Webinar

FOR_ORGANISERS = "private, no-store"
WEBVTT = "text/vtt; charset=utf-8"


@blueprint.get("/webinars/<slug>/replay/recording")
@public
def recording(slug: str) -> Response:
    """Stream our file, whole or in ranges; before the replay is public to organisers alone."""
    webinar = _get_webinar(slug)
    found = get_shown_replay(webinar).recording
    if found is None or found.file is None:
        raise NotFound
    response = make_response(serve_file(found.file))
    if not is_replay_public(webinar):
        response.headers["Cache-Control"] = FOR_ORGANISERS
    return response


@blueprint.get("/webinars/<slug>/replay/chapters.vtt")
@public
def chapters_vtt(slug: str) -> Response:
    webinar = _get_webinar(slug)
    replay = get_shown_replay(webinar)
    if not replay.entries:
        raise NotFound
    agenda = to_parsed(replay.entries, timing=replay.timing)
    text = write_agenda(agenda, format="webvtt", duration=replay.duration)
    return _respond(text.encode(), webinar)


@blueprint.get("/webinars/<slug>/captions/<language>.vtt")
@public
def captions(slug: str, language: str) -> Response:
    """Captions come from us also where files lie elsewhere: browsers ask for one origin."""
    webinar = _get_webinar(slug)
    for track in get_shown_replay(webinar).captions:
        if track.language == language:
            return _respond(read_file(track.file), webinar)
    raise NotFound


@blueprint.get("/webinars/<slug>/captions/<language>.txt")
@public
def transcript(slug: str, language: str) -> Response:
    """What is said, as text to read and to keep."""
    webinar = _get_webinar(slug)
    for track in get_shown_replay(webinar).captions:
        if track.language == language:
            text = write_plain(read_cues(read_file(track.file).decode()))
            response = _respond(text.encode(), webinar)
            response.content_type = "text/plain; charset=utf-8"
            response.headers.set(
                "Content-Disposition", "attachment", filename=f"{webinar.slug}.{language}.txt"
            )
            return response
    raise NotFound


def _get_webinar(slug: str) -> Webinar:
    return queries.get_shown_webinar(slug, for_organiser=current_user.is_authenticated)


def get_shown_replay(webinar: Webinar) -> Replay:
    """Return the latest edition; organisers get what the desk has, which they are looking at."""
    if current_user.is_authenticated and (is_draft_wanted() or not is_replay_public(webinar)):
        return queries.get_replay(webinar.id)
    return queries.get_public_replay(webinar.id)


def is_draft_wanted() -> bool:
    return request.args.get("draft") == "1"


def _respond(content: bytes, webinar: Webinar) -> Response:
    response = Response(content, content_type=WEBVTT)
    response.headers["Cache-Control"] = "no-cache" if is_replay_public(webinar) else FOR_ORGANISERS
    return response
