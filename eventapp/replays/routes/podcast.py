"""What podcast programs fetch of a replay beside its captions: the file by its name, chapters."""

from __future__ import annotations

from flask import Response, url_for
from flask_login import current_user

from eventapp.core.access import public
from eventapp.core.errors import NotFound
from eventapp.replays import queries
from eventapp.replays.podcast_chapters import write_podcast_chapters
from eventapp.replays.routes.blueprint import blueprint
from eventapp.replays.routes.player import get_shown_replay, recording
from eventapp.replays.rules import is_replay_public, to_parsed

FOR_ORGANISERS = "private, no-store"


@blueprint.get("/webinars/<slug>/replay/recording.<extension>")
@public
def recording_file(slug: str, extension: str) -> Response:
    """Stream our file at an address with its ending, by which some programs go."""
    webinar = queries.get_shown_webinar(slug, for_organiser=current_user.is_authenticated)
    found = get_shown_replay(webinar).recording
    if found is None or found.file is None or not found.file.key.endswith(f".{extension}"):
        raise NotFound
    return recording(slug)


@blueprint.get("/webinars/<slug>/replay/chapters.json")
@public
def chapters_json(slug: str) -> Response:
    """The agenda as JSON Chapters, which scripts of other sites may read too."""
    webinar = queries.get_shown_webinar(slug, for_organiser=current_user.is_authenticated)
    replay = get_shown_replay(webinar)
    if not replay.entries:
        raise NotFound
    text = write_podcast_chapters(
        to_parsed(replay.entries, timing=replay.timing),
        title=webinar.title,
        duration=replay.duration,
        link_to=lambda second: url_for(
            "pages.replay", slug=slug, t=second, r=replay.link_number, _external=True
        ),
    )
    is_public = is_replay_public(webinar)
    response = Response(text, content_type="application/json+chapters; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache" if is_public else FOR_ORGANISERS
    if is_public:
        response.headers["Access-Control-Allow-Origin"] = "*"
    return response
