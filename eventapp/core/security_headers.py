"""The response headers of every page."""

from __future__ import annotations

from flask import Flask, Response, g

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "frame-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
# A message is somebody else's HTML as far as the desk is concerned: it gets colours, nothing more.
MESSAGE_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)


def init_app(app: Flask, *, is_https: bool) -> None:
    @app.after_request
    def add_headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", content_security_policy())
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if is_https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response


def allow_source(directive: str, source: str) -> None:
    """Let the page being answered load from `source` too (a player's frame, a signed address)."""
    g.setdefault("allowed_sources", []).append((directive, source))


def content_security_policy() -> str:
    policy = dict(POLICY)
    for directive, source in g.get("allowed_sources", []):
        present = policy[directive]
        policy[directive] = source if present == "'none'" else f"{present} {source}"
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
