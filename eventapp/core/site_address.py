"""The site's one address: a page is written as if it had been asked for under BASE_URL.

Pages hold whole addresses, and are kept and shown to everyone. Were those addresses taken from a
request's Host header, whoever sends a request could choose them for all other readers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class UnderOneAddress:
    """Sets the host and the scheme of every request to those of `base_url`."""

    def __init__(self, app: WSGIApplication, base_url: str) -> None:
        parts = urlsplit(base_url)
        self._app = app
        self._known = {"HTTP_HOST": parts.netloc, "wsgi.url_scheme": parts.scheme}

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environ.update(self._known)
        return self._app(environ, start)


def init_app(app: Flask, *, base_url: str) -> None:
    app.wsgi_app = UnderOneAddress(app.wsgi_app, base_url)  # type: ignore[assignment,method-assign]
