"""The player for other sites' pages: the recording and a compact agenda, in a frame of theirs.

Anyone may frame it, so there is nothing in it that a person could be led to press unawares: no
form, no session, no cookie, and only what is public, whoever is signed in.
"""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventapp.core.access import public
from eventapp.core.errors import NotFound
from eventapp.core.page_cache import cached
from eventapp.core.security_headers import allow_source
from eventapp.core.sessions import leave_no_cookie
from eventapp.pages import players, queries
from eventapp.pages.blueprint import blueprint
from eventapp.pages.queries import PageState
from eventapp.replays.outline import outline_agenda
from eventapp.replays.outside import describe_outside
from eventapp.replays.queries import get_public_replay
from eventapp.webinars.queries import get_whole_webinar

# Stands in a kept page where the second comes that an address asks for; nobody can know it.
MOMENT = secrets.token_hex(16)


@blueprint.get("/webinars/<slug>/replay/embed")
@public
def embed(slug: str) -> ResponseReturnValue:
    """Show the player from second `?t=`; with `?play=1` also one at somebody else's."""
    allow_source("frame-ancestors", "*")
    leave_no_cookie()
    state = _find_state(slug)
    if state is None:
        return render_template("pages/embed.html", shown=None), 404
    start = players.read_start(request.args.get("t", ""))
    if start is not None:
        number = players.read_number(request.args.get("r", ""))
        start = int(players.recall_public_replay(state).find_second(start, number=number))
    is_played = request.args.get("play") == "1"
    if players.needs_allowing(is_played=is_played):
        recording = get_public_replay(state.webinar_id).recording
        players.allow_player(recording, is_played=is_played)
    wish = "" if start is None else MOMENT
    key = (state.webinar_id, state.revision, wish, is_played)
    page = cached(key, lambda: _make_page(state, start=wish, is_played=is_played).encode())
    response = Response(page.replace(MOMENT.encode(), str(start).encode()), mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Language"
    return response


def _find_state(slug: str) -> PageState | None:
    try:
        return queries.find_shared(slug)
    except NotFound:
        return None


def _make_page(state: PageState, *, start: str, is_played: bool) -> str:
    shown = get_whole_webinar(state.webinar_id)
    found = get_public_replay(state.webinar_id)
    values: dict[str, Any] = {
        "slug": shown.slug,
        "r": found.link_number,
        "play": 1 if is_played else None,
    }
    return render_template(
        "pages/embed.html",
        shown=shown,
        start=start,
        recording=found.recording,
        recording_url=players.recording_url(found.recording, shown),
        tracks=players.list_tracks(found, shown),
        outside=describe_outside(
            found.recording,
            play_url=url_for(
                "pages.embed", slug=shown.slug, t=start or None, r=found.link_number, play=1
            ),
            start=start,
            is_played=is_played,
        ),
        agenda=outline_agenda(
            found.entries,
            timing=found.timing,
            link_to=lambda second: url_for("pages.embed", t=second, **values),
        ),
        page_url=url_for("pages.replay", slug=shown.slug, _external=True),
    )
