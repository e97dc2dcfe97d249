"""How a replay is taken along: the player's addresses and the HTML that other sites put in."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from eventapp.webinars.models import Webinar

PLAYER_WIDTH = 640
# Below the recording stand the title and some lines of the agenda.
BESIDE_RECORDING = 220
RATIO = 9 / 16


@dataclass(frozen=True, kw_only=True)
class FrameSize:
    """Width and height of a player's frame in pixels."""

    width: int
    height: int


def init_app(app: Flask) -> None:
    app.jinja_env.globals["embed_code"] = embed_code


def fit_frame(*, max_width: int | None, max_height: int | None) -> FrameSize:
    """Return how large a player is, which is never larger than it may be."""
    width = min(PLAYER_WIDTH, max_width or PLAYER_WIDTH)
    height = round(width * RATIO) + BESIDE_RECORDING
    return FrameSize(width=width, height=min(height, max_height or height))


def embed_code(webinar: Webinar, *, start: int | None = None, size: FrameSize | None = None) -> str:
    """Return the HTML that shows the player on another site's page."""
    size = size or fit_frame(max_width=None, max_height=None)
    frame = Markup(
        '<iframe src="{src}" width="{width}" height="{height}" title="{title}" loading="lazy" '
        'allow="autoplay; fullscreen; picture-in-picture" allowfullscreen></iframe>'
    )
    return str(
        frame.format(
            src=url_for("pages.embed", slug=webinar.slug, t=start, _external=True),
            width=size.width,
            height=size.height,
            title=_("Replay: %(title)s", title=webinar.title),
        )
    )
