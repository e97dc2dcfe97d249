"""The ways through a webinar's messages at the desk."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from eventapp.webinars.models import Webinar

PARTS = (
    (_l("Sent"), "messages.manage"),
    (_l("Write"), "broadcasts.list_all"),
    (_l("Reminders"), "reminders.manage"),
    (_l("Wording"), "wordings.list_all"),
    (_l("What came back"), "incoming.manage"),
)


def init_app(app: Flask) -> None:
    app.jinja_env.globals["message_parts"] = message_parts


def message_parts(webinar: Webinar) -> list[dict[str, Any]]:
    """Return the parts of a webinar's messages as tabs; those that this site has."""
    return [
        _tab(str(label), endpoint, webinar)
        for label, endpoint in PARTS
        if endpoint in current_app.view_functions
    ]


def _tab(label: str, endpoint: str, webinar: Webinar) -> dict[str, Any]:
    feature = endpoint.partition(".")[0]
    is_here = request.endpoint == endpoint
    if feature != "messages":
        is_here = request.blueprint == feature
    return {
        "label": label,
        "href": url_for(endpoint, webinar_id=webinar.id),
        "is_current": is_here,
    }
