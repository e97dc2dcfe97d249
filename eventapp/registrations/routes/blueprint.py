"""The blueprint that every file of these routes adds to."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from eventapp.core.access import DOOR, access_of

blueprint = Blueprint("registrations", __name__)


@blueprint.after_request
def keep_doors_private(response: Response) -> Response:
    """A personal address is a key: no cache keeps the page, no link tells of it, none lists it."""
    endpoint = request.endpoint
    if endpoint is not None and access_of(current_app, endpoint) == DOOR:
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
