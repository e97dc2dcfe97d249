"""The speaker's own door: their webinars, and the view for a phone while one is live."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from eventapp.core import clock
from eventapp.core.access import door
from eventapp.core.errors import NotFound
from eventapp.live.bus import newest_id
from eventapp.live.queries import get_webinar_with_agenda
from eventapp.live.routes.blueprint import answer_state, blueprint
from eventapp.live.speaker_view import build_speaker_state
from eventapp.speakers.doors import get_speaker_by_token
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import list_webinars_of_speaker


@blueprint.get("/s/<token>/")
@door
def speaker_door(token: str) -> ResponseReturnValue:
    speaker = get_speaker_by_token(token)
    webinars = list_webinars_of_speaker(speaker.id)
    return _private(
        render_template("live/speaker_door.html", speaker=speaker, webinars=webinars, token=token)
    )


@blueprint.get("/s/<token>/<slug>/")
@door
def speaker_view(token: str, slug: str) -> ResponseReturnValue:
    after = newest_id()
    speaker, webinar = _enter(token, slug)
    state = build_speaker_state(webinar, speaker, after=after, now=clock.now())
    return _private(
        render_template(
            "live/speaker.html", speaker=speaker, webinar=webinar, state=state, token=token
        )
    )


@blueprint.get("/s/<token>/<slug>/state.json")
@door
def speaker_state(token: str, slug: str) -> ResponseReturnValue:
    after = newest_id()
    speaker, webinar = _enter(token, slug)
    state: dict[str, Any] = build_speaker_state(webinar, speaker, after=after, now=clock.now())
    return answer_state(state)


def _enter(token: str, slug: str) -> tuple[Speaker, Webinar]:
    """Return who holds the token, and the webinar if they speak in it. Raises NotFound."""
    speaker = get_speaker_by_token(token)
    for webinar in list_webinars_of_speaker(speaker.id):
        if webinar.slug == slug:
            return speaker, get_webinar_with_agenda(webinar.id)
    raise NotFound


def _private(page: str) -> Response:
    """No cache keeps it, and no page that it leads to learns where it is."""
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
