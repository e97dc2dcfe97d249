"""The blueprint that the routes of this feature share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request

blueprint = Blueprint("live", __name__)


def answer_state(state: dict[str, Any]) -> Response:
    """Answer with a state; a page that has this very state already is told so (304)."""
    response = jsonify(state)
    response.add_etag()
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response
