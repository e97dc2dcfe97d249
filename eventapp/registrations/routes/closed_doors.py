"""A personal address that opens nothing: its page tells how to get the link again.

It is the same whether the link has ever opened something, so that it tells of nobody.
"""

from __future__ import annotations

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from eventapp.core import clock
from eventapp.core.access import DOOR, access_of
from eventapp.core.error_pages import show_not_found
from eventapp.core.errors import NotFound
from eventapp.core.negotiation import wants_json
from eventapp.registrations.queries.people import list_webinars_to_come
from eventapp.registrations.routes.blueprint import blueprint


@blueprint.errorhandler(NotFound)
def show_closed_door(error: NotFound) -> ResponseReturnValue:
    is_door = request.endpoint is not None and access_of(current_app, request.endpoint) == DOOR
    if not is_door or wants_json():
        return show_not_found(error)
    webinars = list_webinars_to_come(now=clock.now())
    return render_template("registrations/closed_door.html", webinars=webinars), 404
