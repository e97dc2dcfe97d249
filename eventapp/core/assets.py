"""The stylesheet and the scripts, each under an address that changes with its content.

All CSS files are joined in one declared order into one stylesheet. All scripts share one version,
which is part of their folder's address: a relative import stays inside the same version, so a page
never runs a new module with an old one out of a cache.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from flask import Flask, Response, abort, current_app, request, url_for

from eventapp.core.access import public
from eventapp.core.pictures import avatar_art, cover_art

CSS_ORDER = (
    "tokens",
    "base",
    "layout",
    "header",
    "hero",
    "button",
    "form",
    "shown-if",
    "group",
    "card",
    "cover",
    "table",
    "badge",
    "flash",
    "empty",
    "dialog",
    "pagination",
    "tabs",
    "agenda",
    "person",
    "facts",
    "prose",
    "questions",
    "room",
    "present",
    "player",
    "replay",
    "embed",
    "desk",
    "editor",
    "review",
    "registrations",
    "speaker",
    "stage",
    "polls",
    "reactions",
    "stats",
    "kbd",
    "message",
    "print",
)
FOREVER = "public, max-age=31536000, immutable"
NOT_KEPT = "no-store"


@dataclass(frozen=True)
class Asset:
    """One file as it is served, with its compressed form made once."""

    text: str
    mimetype: str

    @cached_property
    def body(self) -> bytes:
        return self.text.encode()

    @cached_property
    def compressed(self) -> bytes:
        return gzip.compress(self.body, 9, mtime=0)


@dataclass(frozen=True)
class Assets:
    """The stylesheet and the scripts of one start of the application."""

    stylesheet: Asset
    scripts: dict[str, Asset]

    @cached_property
    def stylesheet_version(self) -> str:
        return _version([self.stylesheet.text])

    @cached_property
    def scripts_version(self) -> str:
        return _version([f"{name}\n{self.scripts[name].text}" for name in sorted(self.scripts)])


def read_assets(static: Path) -> Assets:
    """Read `static/css` in its declared order and every script of `static/js`."""
    css = "\n".join((static / "css" / f"{name}.css").read_text("utf-8") for name in CSS_ORDER)
    scripts = {
        path.relative_to(static / "js").with_suffix("").as_posix(): Asset(
            path.read_text("utf-8"), "text/javascript"
        )
        for path in sorted((static / "js").rglob("*.js"))
    }
    return Assets(Asset(css, "text/css"), scripts)


def init_app(app: Flask) -> None:
    """Add the routes of the assets, and the template globals that lead to them."""
    shelf = app.extensions["eventapp.assets"] = _Shelf(app)
    app.add_url_rule("/assets/app.<version>.css", "assets.stylesheet", shelf.stylesheet)
    app.add_url_rule("/assets/js/<version>/<path:name>.js", "assets.script", shelf.script)
    app.jinja_env.globals.update(
        stylesheet_url=shelf.stylesheet_url,
        module_url=shelf.script_url,
        script_url=shelf.script_url,
        cover_art=cover_art,
        avatar_art=avatar_art,
    )


def script_url(name: str) -> str:
    """Return the address of a script as templates get it (`module_url`), for a page's state."""
    shelf: _Shelf = current_app.extensions["eventapp.assets"]
    return shelf.script_url(name)


class _Shelf:
    """Holds the assets of an application; in debug mode it reads them anew each time."""

    def __init__(self, app: Flask) -> None:
        self._is_fresh_each_time = app.debug
        self._static = Path(app.static_folder or Path(app.root_path) / "static")
        self._assets = read_assets(self._static)

    @property
    def assets(self) -> Assets:
        return read_assets(self._static) if self._is_fresh_each_time else self._assets

    def stylesheet_url(self) -> str:
        return url_for("assets.stylesheet", version=self.assets.stylesheet_version)

    def script_url(self, name: str) -> str:
        """Lead to a script of `static/js`, named without its ending; an unknown name is a bug."""
        assets = self.assets
        if name not in assets.scripts:
            message = f"There is no script {name!r}."
            raise LookupError(message)
        return url_for("assets.script", version=assets.scripts_version, name=name)

    @public
    def stylesheet(self, version: str) -> Response:
        assets = self.assets
        return _respond(assets.stylesheet, is_current=version == assets.stylesheet_version)

    @public
    def script(self, version: str, name: str) -> Response:
        assets = self.assets
        if name not in assets.scripts:
            abort(404)
        return _respond(assets.scripts[name], is_current=version == assets.scripts_version)


def _respond(asset: Asset, *, is_current: bool) -> Response:
    """Answer with the present content, kept for good only under its own version.

    While servers are replaced one after another, a page of one may ask another for its version:
    the present content is better than none, and it must not be remembered.
    """
    is_compressed = request.accept_encodings["gzip"] > 0
    response = Response(asset.compressed if is_compressed else asset.body, mimetype=asset.mimetype)
    if is_compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = FOREVER if is_current else NOT_KEPT
    return response


def _version(texts: list[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]
