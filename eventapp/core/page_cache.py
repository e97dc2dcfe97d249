"""Pages already made, kept in memory until what they show has changed.

The key of a page holds the content's revision and everything else that decides its look, so a stale
page can't be found; what is no longer asked for is pushed out. Files that caches on the way may
keep for minutes anyway are kept for a moment without asking for the revision.
"""

from __future__ import annotations

import gzip
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from math import inf
from threading import Lock

from flask import Flask, Response, current_app, request, session
from flask_login import current_user
from markupsafe import escape

from eventapp.core.i18n import current_language

MOST_PAGES = 256
WORTH_COMPRESSING = 1024
# Of a page that is completed for each visit, and of one that is kept.
LIGHTLY, THOROUGHLY = 1, 9
# Stands in a kept page for what is one reader's own; nobody could type it.
OWN_TEXT = f"OWN-TEXT-{secrets.token_hex(16)}"


class PageCache:
    """The least recently used pages go first; safe for threads."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, tuple[bytes, float]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Hashable) -> bytes | None:
        with self._lock:
            page, good_until = self._pages.get(key, (None, 0.0))
            if page is None or time.monotonic() >= good_until:
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, key: Hashable, page: bytes, *, seconds: float) -> None:
        with self._lock:
            self._pages[key] = page, time.monotonic() + seconds
            self._pages.move_to_end(key)
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def init_app(app: Flask) -> None:
    app.extensions["eventapp.page_cache"] = PageCache()


def cached(key: tuple[Hashable, ...], make: Callable[[], bytes], *, seconds: float = inf) -> bytes:
    """Return what has been kept under `key` for at most `seconds`, made by `make` if need be.

    The key is completed by the endpoint and the reader's language. It names the content's revision,
    or else `seconds` are few.
    """
    cache: PageCache = current_app.extensions["eventapp.page_cache"]
    whole_key = (request.endpoint, current_language(), *key)
    content = cache.find(whole_key)
    if content is None:
        content = make()
        cache.keep(whole_key, content, seconds=seconds)
    return content


def cached_page(
    key: tuple[Hashable, ...],
    make: Callable[[], str],
    *,
    fill: Callable[[bytes], bytes] | None = None,
) -> Response:
    """Answer with the page under `key`, making it if need be; organisers get theirs fresh.

    So does who is being told something once (a flash message): that belongs to one reader. What is
    kept is the same for all and holds no secret, so it may be compressed (BREACH needs one). `fill`
    completes what is kept with something that the address asks for.
    """
    complete = fill or _as_it_is
    if current_user.is_authenticated or "_flashes" in session:
        response = Response(complete(make().encode()), mimetype="text/html")
        response.headers["Cache-Control"] = "private, no-store"
        return response
    page = complete(cached(key, lambda: make().encode()))
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    if len(page) >= WORTH_COMPRESSING and request.accept_encodings["gzip"] > 0:
        response.headers["Content-Encoding"] = "gzip"
        response.data = (
            gzip.compress(page, LIGHTLY, mtime=0)
            if fill
            else cached((*key, "gzip"), lambda: gzip.compress(page, THOROUGHLY, mtime=0))
        )
    return response


def _as_it_is(page: bytes) -> bytes:
    return page


def cached_around(own: str, key: tuple[Hashable, ...], make: Callable[[str], str]) -> str:
    """Return a page with one reader's own text in it, where the rest is kept under `key`.

    `make` is given what it shows in the text's place. Whoever is signed in or is being told
    something gets a page of their own.
    """
    if current_user.is_authenticated or "_flashes" in session:
        return make(own)
    page = cached(key, lambda: make(OWN_TEXT).encode()).decode()
    return page.replace(OWN_TEXT, str(escape(own)))
