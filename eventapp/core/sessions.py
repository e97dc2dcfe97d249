"""The session's cookie, which is renewed by pages alone."""

from __future__ import annotations

from flask import Flask, g
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from eventapp.core.negotiation import wants_json


class PageSessions(SecureCookieSessionInterface):
    """Signs a cookie again where it has changed, and for each page, so that it lasts on.

    What scripts send and fetch in between (votes by the hundred) leaves it as it is, and so do
    pages that are shown inside those of other sites.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        if g.get("leaves_no_cookie"):
            return False
        return session.modified or (super().should_set_cookie(app, session) and not wants_json())


def init_app(app: Flask) -> None:
    app.session_interface = PageSessions()


def leave_no_cookie() -> None:
    """Let the answer to this request set no cookie, whatever the reader has brought."""
    g.leaves_no_cookie = True
