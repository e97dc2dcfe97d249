"""Sign-in of organisers by Flask-Security-Too, at /manage/sign-in; its mails go to the ledger."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from flask_babel import lazy_gettext as _l
from flask_login import user_logged_out
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore

from eventapp.accounts.models import Role, User
from eventapp.accounts.routes import forgot_password
from eventapp.accounts.words import security_messages
from eventapp.core import access, limits
from eventapp.core.db import db, transaction
from eventapp.core.mailer import Recipient, queue_rendered_mail, site_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OPEN_VIEWS = {"login", "logout", "forgot_password", "reset_password", "static"}


class LedgerMailUtil(MailUtil):
    """Writes Flask-Security's mails to the ledger instead of sending them while a person waits."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],  # noqa: ARG002 - the account has it, and the name
        sender: Any,  # noqa: ARG002 - the ledger's messages have one sender
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        queue_rendered_mail(
            f"account_{template.rpartition('/')[2]}",
            to=Recipient(name=kwargs["user"].name, address=kwargs["user"].email),
            subject=str(subject),
            body_text=body or "",
            body_html=html or "",
        )


security = Security(mail_util_cls=LedgerMailUtil)


class AsciiCookies:
    """Drops cookies that aren't ASCII, as all are (RFC 6265, 4.1.1).

    Flask-Login compares their signatures in a way that fails with anything else, on every page.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if not environ.get("HTTP_COOKIE", "").isascii():
            del environ["HTTP_COOKIE"]
        return self._app(environ, start)


def init_app(app: Flask) -> None:
    app.wsgi_app = AsciiCookies(app.wsgi_app)  # type: ignore[assignment,method-assign]
    salt = hashlib.sha256(f"salt:{app.config['SECRET_KEY']}".encode()).hexdigest()
    app.config.update(
        SECURITY_URL_PREFIX="/manage",
        SECURITY_LOGIN_URL="/sign-in",
        SECURITY_LOGOUT_URL="/sign-out",
        SECURITY_RESET_URL="/forgotten-password",
        SECURITY_CHANGE_URL="/change-password",
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_POST_LOGIN_VIEW="/manage/",
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_POST_CHANGE_VIEW="/manage/",
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106 - the name of the scheme
        SECURITY_PASSWORD_SALT=salt,
        SECURITY_PASSWORD_LENGTH_MIN=12,
        SECURITY_RECOVERABLE=True,
        SECURITY_RESET_PASSWORD_WITHIN=timedelta(hours=2),
        SECURITY_CHANGEABLE=True,
        # Nothing asks for the password once more, so there is no page for that.
        SECURITY_FRESHNESS=timedelta(seconds=-1),
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_EMAIL_VALIDATOR_ARGS={"check_deliverability": False},
        SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE=_l("Your password has been reset"),
        SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE=_l("Your password has been changed"),
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_HTTPONLY=True,
    )
    app.config.update(security_messages())
    security.init_app(app, SQLAlchemyUserDatastore(db, User, Role))
    app.view_functions["security.forgot_password"] = forgot_password
    security.mail_context_processor(lambda: {"site_address": site_address})
    for endpoint in app.view_functions:
        if endpoint.startswith("security."):
            is_open = endpoint.removeprefix("security.") in OPEN_VIEWS
            access.mark_endpoint(app, endpoint, access.PUBLIC if is_open else access.ORGANISERS)
    _guard_views(app)
    # Signing in gives a session and nothing else: no tokens in addresses or headers.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    user_logged_out.connect(end_sessions, app)


def end_sessions(_app: Flask, user: User, **_rest: Any) -> None:
    """Signing out ends every session of the account: the cookies alone would outlive it."""
    with transaction() as session:
        session.get_one(User, user.id).fs_uniquifier = uuid.uuid4().hex


def _guard_views(app: Flask) -> None:
    """Limit how often passwords are tried, and write what the views do with their mails."""
    views: dict[str, Any] = app.view_functions
    for name in ("reset_password", "change_password"):
        views[f"security.{name}"] = _in_transaction(views[f"security.{name}"])
    for name in ("login", "forgot_password", "reset_password", "change_password"):
        limit = limits.limiter.limit(limits.SIGN_IN, methods=["POST"])
        views[f"security.{name}"] = limit(views[f"security.{name}"])


def _in_transaction(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let a posted form of the library write as every other does, for it knows no transactions."""

    @wraps(view)
    def written(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(*args, **kwargs)
        with transaction():
            return view(*args, **kwargs)

    return written
