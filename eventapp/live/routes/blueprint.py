"""The blueprint that the routes of this feature share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from eventapp.live.messages import to_json

DESK = "/manage/webinars/<int:webinar_id>/live"

blueprint = Blueprint("live", __name__)


def answer_state(state: dict[str, Any]) -> Response:
    """Answer with a state; a page that has this very state already is told so (304)."""
    return answer_written(to_json(state))


def answer_written(state: str) -> Response:
    """The same, of a state that has been written as JSON."""
    response = Response(state, mimetype="application/json")
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response
