"""The short way into a room."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from eventapp.core.access import public
from eventapp.core.errors import NotFound
from eventapp.live.routes.blueprint import blueprint
from eventapp.live.short_addresses import read_code
from eventapp.webinars.queries import find_webinar
from eventapp.webinars.rules import is_public


@blueprint.get("/l/<code>")
@public
def short_address(code: str) -> ResponseReturnValue:
    """Lead to the room, whose door says who may enter; to a draft's as little as to none."""
    webinar_id = read_code(code)
    webinar = find_webinar(webinar_id) if webinar_id is not None else None
    if webinar is None or not is_public(webinar):
        raise NotFound
    return redirect(url_for("live.room", slug=webinar.slug))
