"""oEmbed 1.0 (oembed.com): other programs ask how to show the page at an address of ours."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET

from flask import Response, current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from eventapp.core.access import public
from eventapp.core.errors import NotFound
from eventapp.core.sessions import leave_no_cookie
from eventapp.core.xml_text import xml_text
from eventapp.pages import queries
from eventapp.pages.blueprint import blueprint
from eventapp.pages.card_content import WIDE
from eventapp.pages.navigation import site_name
from eventapp.pages.players import read_start
from eventapp.pages.share_card import card_url
from eventapp.pages.sharing import embed_code, fit_frame
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_whole_webinar

MEDIA_TYPES = {"json": "application/json", "xml": "text/xml"}
SHOWN = frozenset({"pages.replay", "pages.embed"})
USUAL_PORTS = {"http": 80, "https": 443}
KEPT_SECONDS = 3600
LONGEST_ADDRESS = 2000
MOST_FIELDS = 50
MOST_DIGITS = 5


@blueprint.get("/oembed")
@public
def oembed() -> Response:
    """Say how the replay at `?url=` is shown: 404 what is none, 401 not public, 501 the format."""
    format_name = request.args.get("format", "json")
    if format_name not in MEDIA_TYPES:
        return _refuse(501, _("Answers come as JSON or XML: format=json or format=xml."))
    try:
        slug, start = _read_address(request.args.get("url", ""))
        state = queries.find_shared(slug)
    except NotFound:
        return _refuse(404, _("No replay of ours has this address."))
    if state is None:
        return _refuse(401, _("This replay is not public."))
    webinar = get_whole_webinar(state.webinar_id)
    found = _describe(
        webinar,
        start=start,
        max_width=_read_size("maxwidth"),
        max_height=_read_size("maxheight"),
    )
    content = _write_json(found) if format_name == "json" else _write_xml(found)
    response = Response(content, content_type=f"{MEDIA_TYPES[format_name]}; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return _for_everyone(response)


def _read_address(address: str) -> tuple[str, int | None]:
    """Return the slug of the replay that an address leads to, and the second it starts at.

    Raises NotFound for other hosts and for what is no address of a replay.
    """
    if len(address) > LONGEST_ADDRESS:
        raise NotFound
    try:
        parts = urlsplit(address)
        is_ours = _host_of(parts) == _host_of(urlsplit(request.host_url))
        fields = parse_qs(parts.query, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise NotFound from error
    if not is_ours or parts.username is not None:
        raise NotFound
    adapter = current_app.url_map.bind(request.host)
    try:
        endpoint, values = adapter.match(unquote(parts.path), method="GET")
    except HTTPException as error:
        raise NotFound from error
    if endpoint not in SHOWN:
        raise NotFound
    return str(values["slug"]), read_start(fields.get("t", [""])[0])


def _host_of(parts: SplitResult) -> tuple[str, int]:
    """Return host and port; http and https are one site. Raises ValueError for neither."""
    if parts.scheme not in USUAL_PORTS or not parts.hostname:
        raise ValueError(parts.scheme)
    port = parts.port or USUAL_PORTS[parts.scheme]
    return parts.hostname, 0 if port in USUAL_PORTS.values() else port


def _read_size(name: str) -> int | None:
    """Return a number of pixels; what is none limits nothing."""
    written = request.args.get(name, "")
    is_number = written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS
    return (int(written) or None) if is_number else None


def _describe(
    webinar: Webinar, *, start: int | None, max_width: int | None, max_height: int | None
) -> dict[str, Any]:
    """Return the answer (oEmbed 1.0, 2.3.4), in which nothing is larger than it may be."""
    size = fit_frame(max_width=max_width, max_height=max_height)
    found: dict[str, Any] = {
        "version": "1.0",
        "type": "video",
        "title": webinar.title,
        "author_name": ", ".join(speaker.name for speaker in webinar.speakers),
        "provider_name": site_name(),
        "provider_url": url_for("pages.home", _external=True),
        "cache_age": KEPT_SECONDS,
        "html": embed_code(webinar, start=start, size=size),
        "width": size.width,
        "height": size.height,
    }
    if (max_width or WIDE.width) >= WIDE.width and (max_height or WIDE.height) >= WIDE.height:
        found |= {
            "thumbnail_url": card_url(webinar),
            "thumbnail_width": WIDE.width,
            "thumbnail_height": WIDE.height,
        }
    return {name: value for name, value in found.items() if value != ""}


def _write_json(found: dict[str, Any]) -> bytes:
    return json.dumps(found, ensure_ascii=False).encode()


def _write_xml(found: dict[str, Any]) -> bytes:
    root = ET.Element("oembed")
    for name, value in found.items():
        ET.SubElement(root, name).text = xml_text(str(value))
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _refuse(code: int, words: str) -> Response:
    """Answer a program: in words for whoever reads its log, and without a sign-in to offer."""
    return _for_everyone(Response(words, code, content_type="text/plain; charset=utf-8"))


def _for_everyone(response: Response) -> Response:
    """Let scripts of other sites read the answer: it holds nothing that isn't public."""
    leave_no_cookie()
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
