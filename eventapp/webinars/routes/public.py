"""What everyone may fetch of a webinar: its cover, its speakers' photos and its calendar file."""

from __future__ import annotations

from flask import Response, request
from flask_login import current_user

from eventapp.core import clock
from eventapp.core.access import public
from eventapp.core.calendar import build_public_event
from eventapp.core.errors import NotFound
from eventapp.core.page_cache import cached
from eventapp.core.picture_files import show_picture
from eventapp.speakers.queries import get_speaker
from eventapp.webinars import queries, rules
from eventapp.webinars.calendar import describe_event
from eventapp.webinars.routes.blueprint import blueprint

# Calendar programs ask all at once and may keep the file for minutes: a moment more is no loss.
KEPT_SECONDS = 1.0


@blueprint.get("/webinars/<slug>/cover")
@public
def cover(slug: str) -> Response:
    """The cover picture; of a draft for organisers alone."""
    webinar = queries.find_webinar_with_cover(slug)
    if webinar is None or webinar.cover is None:
        raise NotFound
    is_public = rules.is_public(webinar)
    if not is_public and not current_user.is_authenticated:
        raise NotFound
    return show_picture(webinar.cover, version=request.args.get("v", ""), is_public=is_public)


@blueprint.get("/speakers/<int:speaker_id>/photo")
@public
def speaker_photo(speaker_id: int) -> Response:
    """A speaker's photo; of who speaks in no public webinar for organisers alone."""
    stored = get_speaker(speaker_id).photo
    if stored is None:
        raise NotFound
    is_public = queries.speaks_in_public(speaker_id)
    if not is_public and not current_user.is_authenticated:
        raise NotFound
    return show_picture(stored, version=request.args.get("v", ""), is_public=is_public)


@blueprint.get("/webinars/<slug>/event.ics")
@public
def event_ics(slug: str) -> Response:
    """The webinar for a calendar, without anything personal; cancelled ones say so."""
    content = cached((slug,), lambda: _make_calendar_file(slug), seconds=KEPT_SECONDS)
    response = Response(content, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _make_calendar_file(slug: str) -> bytes:
    return build_public_event(describe_event(queries.get_public_webinar(slug)), now=clock.now())
