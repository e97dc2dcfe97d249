"""Who may enter: every view carries a mark, and a view without one is never served.

The marks: `public` (anyone), `organisers_only` (signed in), `door` (whoever holds the personal
link; the view resolves its token), `audience` (whoever may be in the webinar's room; the view asks
the room's rule).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from structlog import get_logger
from werkzeug.routing import IntegerConverter, Map

P = ParamSpec("P")
R = TypeVar("R")

log = get_logger(__name__)

LARGEST_ROW_ID = 2**31 - 1
PUBLIC = "public"
ORGANISERS = "organisers"
DOOR = "door"
AUDIENCE = "audience"


def _marked(view: Callable[P, R], access: str) -> Callable[P, R]:
    view.access = access  # type: ignore[attr-defined]
    return view


def public(view: Callable[P, R]) -> Callable[P, R]:
    return _marked(view, PUBLIC)


def door(view: Callable[P, R]) -> Callable[P, R]:
    return _marked(view, DOOR)


def audience(view: Callable[P, R]) -> Callable[P, R]:
    return _marked(view, AUDIENCE)


def organisers_only(view: Callable[P, R]) -> Callable[P, R | ResponseReturnValue]:
    """Let signed-in organisers in; send everyone else to the sign-in and back."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | ResponseReturnValue:
        if current_user.is_authenticated:
            return view(*args, **kwargs)
        if request.method not in {"GET", "HEAD"}:
            abort(403)
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))

    return _marked(guarded, ORGANISERS)


def mark_endpoint(app: Flask, endpoint: str, access: str) -> None:
    """Mark a view that a library brought; its own guards stay in force."""
    app.extensions.setdefault("eventapp.access", {})[endpoint] = access


def access_of(app: Flask, endpoint: str) -> str | None:
    """Return who may enter at `endpoint`, or None where nothing was declared."""
    by_endpoint: dict[str, str] = app.extensions.get("eventapp.access", {})
    return by_endpoint.get(endpoint) or getattr(app.view_functions[endpoint], "access", None)


class RowIdConverter(IntegerConverter):
    """`<int:…>` in addresses: what can be the id of a row; anything larger is not found."""

    def __init__(self, map: Map, **options: Any) -> None:  # noqa: A002 - werkzeug's name for it
        super().__init__(map, **({"max": LARGEST_ROW_ID} | options))


def init_app(app: Flask) -> None:
    mark_endpoint(app, "static", PUBLIC)

    @app.before_request
    def refuse_json() -> None:
        """Forms are forms: their libraries would read JSON too, whose values may be of any kind."""
        if request.is_json:
            abort(415)

    @app.after_request
    def keep_private(response: Response) -> Response:
        """What organisers see is kept by no cache, also not for the back button after sign-out."""
        if request.endpoint and access_of(app, request.endpoint) == ORGANISERS:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    @app.before_request
    def refuse_unmarked_views() -> None:
        if request.endpoint is not None and access_of(app, request.endpoint) is None:
            log.error("view_without_access_mark", endpoint=request.endpoint)
            abort(403)
