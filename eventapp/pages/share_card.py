"""The picture of a webinar for wherever its address is shared, and the podcast's.

A card is drawn once for what it says: the content's revision leads to its version, and the version
to the picture, so a change to anything else redraws nothing. The version stands in the addresses
that pages give, which caches may then keep for good.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from importlib import import_module
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from flask import Flask, Response, request, url_for
from flask_babel import gettext as _

from eventapp.core.access import public
from eventapp.core.i18n import LANGUAGES
from eventapp.core.page_cache import cached
from eventapp.core.picture_files import FOR_A_WHILE, FOREVER
from eventapp.core.sessions import leave_no_cookie
from eventapp.pages import queries
from eventapp.pages.blueprint import blueprint
from eventapp.pages.card_content import DRAWING, SQUARE, WIDE, CardContent, CardPerson, Shape
from eventapp.pages.navigation import site_name
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_whole_webinar

# As `core/i18n` writes it: English is not America's alone.
DAY = "EEEE, d MMMM y"


def init_app(app: Flask) -> None:
    app.jinja_env.globals["card_url"] = card_url
    app.jinja_env.globals["card_text"] = card_text


@blueprint.get("/webinars/<slug>/card.png")
@public
def share_card(slug: str) -> Response:
    return _show_card(slug, WIDE)


@blueprint.get("/webinars/<slug>/card-square.png")
@public
def square_card(slug: str) -> Response:
    return _show_card(slug, SQUARE)


@blueprint.get("/webinars/podcast.png")
@public
def podcast_cover() -> Response:
    content = CardContent(seed="podcast", title=site_name(), site=_("Webinars to watch again"))
    version = _version_of(content, photo_ids=[])
    return _answer(version, SQUARE, lambda: _paint(content, SQUARE))


def card_url(webinar: Webinar, *, is_square: bool = False) -> str:
    """Return the whole address of a webinar's card as it is now; its speakers are loaded."""
    endpoint = "pages.square_card" if is_square else "pages.share_card"
    version = version_of_card(webinar)
    return url_for(endpoint, slug=webinar.slug, v=version, _external=True)


def card_text(webinar: Webinar) -> str:
    """Return what the card shows, for whoever can't see it."""
    names = ", ".join(speaker.name for speaker in webinar.speakers)
    said = [webinar.title, names, site_name()]
    return ". ".join(part.rstrip(".") for part in said if part)


def version_of_card(webinar: Webinar) -> str:
    photo_ids = [speaker.photo_id for speaker in webinar.speakers]
    return _version_of(_content_of(webinar, {}), photo_ids=photo_ids)


def _version_of(content: CardContent, *, photo_ids: list[int | None]) -> str:
    names = [person.name for person in content.people]
    said = [content.seed, content.title, content.site, content.when, content.language]
    text = json.dumps([DRAWING, *said, names, photo_ids])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _content_of(webinar: Webinar, photos: dict[int, bytes]) -> CardContent:
    """Return what a webinar's card says; `photos` are contents by the ids of their files."""
    return CardContent(
        seed=webinar.slug,
        title=webinar.title,
        site=site_name(),
        when=_when(webinar),
        language=webinar.language,
        people=tuple(
            CardPerson(name=speaker.name, photo=photos.get(speaker.photo_id or 0, b""))
            for speaker in webinar.speakers
        ),
    )


def _when(webinar: Webinar) -> str:
    """Return the day in the webinar's own language and zone: the picture is the same for all."""
    try:
        locale = Locale.parse(webinar.language, sep="-")
    except (ValueError, UnknownLocaleError):
        locale = Locale.parse(LANGUAGES[0])
    pattern = DAY if locale.language == LANGUAGES[0] else "full"
    moment = webinar.starts_at.astimezone(ZoneInfo(webinar.time_zone))
    return str(format_date(moment, pattern, locale=locale))


def _show_card(slug: str, shape: Shape) -> Response:
    """Answer with the card of a webinar that was published. Raises NotFound."""
    state = queries.get_page_state(slug, for_organiser=False)

    def make_version() -> bytes:
        return version_of_card(get_whole_webinar(state.webinar_id)).encode()

    version = cached((state.webinar_id, state.revision), make_version).decode()
    return _answer(version, shape, lambda: _draw(state.webinar_id, shape))


def _draw(webinar_id: int, shape: Shape) -> bytes:
    webinar = get_whole_webinar(webinar_id)
    photos = queries.read_photos(webinar.speakers)
    return _paint(_content_of(webinar, photos), shape)


def _answer(version: str, shape: Shape, make: Callable[[], bytes]) -> Response:
    leave_no_cookie()
    response = Response(mimetype="image/png")
    response.set_etag(f"{version}-{shape.width}")
    is_named = request.args.get("v", "") == version
    response.headers["Cache-Control"] = FOREVER if is_named else FOR_A_WHILE
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if request.if_none_match.contains(f"{version}-{shape.width}"):
        response.status_code = 304
    else:
        response.data = cached((version, shape.width), make)
    return response


def _paint(content: CardContent, shape: Shape) -> bytes:
    """Draw a card. The picture library is loaded with the first: servers start without it."""
    drawing = import_module("eventapp.pages.card_drawing")
    card: bytes = drawing.draw_card(content, shape)
    return card
