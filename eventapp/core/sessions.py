"""The session's cookie, which is renewed by pages alone."""

from __future__ import annotations

from flask import Flask, Response, g
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from eventapp.core.negotiation import wants_json


class PageSessions(SecureCookieSessionInterface):
    """Signs a cookie again where it has changed, and for each page, so that it lasts on.

    What scripts send and fetch in between (votes by the hundred) leaves it as it is, and so does
    what is the same for everyone and kept on the way (feeds, pictures) or shown inside other sites.
    """

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        return session.modified or (super().should_set_cookie(app, session) and not wants_json())

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not g.get("leaves_no_cookie"):
            super().save_session(app, session, response)


def init_app(app: Flask) -> None:
    app.session_interface = PageSessions()


def leave_no_cookie() -> None:
    """Let the answer set no cookie and depend on none, whatever the reader has brought."""
    g.leaves_no_cookie = True
