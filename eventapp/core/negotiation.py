"""Who asks: a person's browser, or one of our scripts."""

from __future__ import annotations

from flask import request


def wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
