"""What a person sees when something is refused, missing or broken: plain words and a way on."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, jsonify, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from structlog import get_logger
from werkzeug.exceptions import HTTPException

from eventapp.core.db import db, is_out_of_reach
from eventapp.core.errors import NotFound, Refusal
from eventapp.core.negotiation import wants_json

UNAVAILABLE = 503
TRY_AGAIN_AFTER_SECONDS = 15

log = get_logger(__name__)


def init_app(app: Flask) -> None:
    app.register_error_handler(Refusal, show_refusal)
    app.register_error_handler(NotFound, show_not_found)
    app.register_error_handler(CSRFError, show_stale_form)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(sa.exc.SQLAlchemyError, show_database_error)
    app.register_error_handler(Exception, show_broken)


def _page(
    code: int, *, title: str, happened: str, to_do: str, safe: str = ""
) -> ResponseReturnValue:
    if wants_json():
        return jsonify(error=happened, id=g.get("request_id")), code
    page = render_template(
        "errors/error.html",
        code=code,
        title=title,
        happened=happened,
        safe=safe,
        todo=to_do,
        error_id=g.get("request_id") if code >= 500 else None,  # noqa: PLR2004
    )
    return page, code


def show_refusal(refusal: Refusal) -> ResponseReturnValue:
    db.session.rollback()
    return _page(
        409,
        title=_("That didn't work"),
        happened=str(refusal.message),
        safe=_("Nothing was changed."),
        to_do=_("Go back and try again."),
    )


def show_not_found(_error: NotFound) -> ResponseReturnValue:
    return _page(
        404,
        title=_("We can't find that page"),
        happened=_("The address may be mistyped, or the page may have been withdrawn."),
        to_do=_("Look for it in the list of all webinars."),
    )


def show_stale_form(_error: CSRFError) -> ResponseReturnValue:
    return _page(
        400,
        title=_("This form was open for too long"),
        happened=_(
            "For your security, a form can only be sent for a limited time after it is opened."
        ),
        safe=_("Nothing was changed."),
        to_do=_("Go back, reload the page, and send it again."),
    )


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or code < 400:  # noqa: PLR2004 - an answer, such as a redirect
        return error.get_response()
    if code == 404:  # noqa: PLR2004
        return show_not_found(NotFound())
    happened, to_do = _in_words(code)
    page = make_response(_page(code, title=_("That didn't work"), happened=happened, to_do=to_do))
    for name, value in error.get_headers():
        page.headers.setdefault(name, value)  # Allow (405), Retry-After (429), Content-Range (416).
    return page


def _in_words(code: int) -> tuple[str, str]:
    known = {
        403: (_("You don't have permission to do that."), _("Sign in, or ask the organiser.")),
        405: (_("This address can't be used like that."), _("Go back and try again.")),
        413: (_("What you sent is too large."), _("Choose a smaller file.")),
        429: (_("Too many requests."), _("Wait a minute and try again.")),
    }
    return known.get(code, (_("We couldn't understand that request."), _("Go back and try again.")))


def show_database_error(error: sa.exc.SQLAlchemyError) -> ResponseReturnValue:
    """Ask for patience where the database is locked or away; anything else is a bug of ours."""
    if not is_out_of_reach(error):
        return show_broken(error)
    db.session.rollback()
    log.error("database_out_of_reach", exc_info=error)
    # Who reads this is asked of the database too: this page is the same for everyone.
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # noqa: SLF001
    page = make_response(
        _page(
            UNAVAILABLE,
            title=_("We can't reach our database"),
            happened=_("It is busy or being restarted, which is usually over in a moment."),
            safe=_("Everything saved before is safe, and nothing was saved by halves."),
            to_do=_("Wait a little, then go back and try again."),
        )
    )
    page.headers["Retry-After"] = str(TRY_AGAIN_AFTER_SECONDS)
    return page


def show_broken(error: Exception) -> ResponseReturnValue:
    db.session.rollback()
    log.error("request_failed", exc_info=error)
    try:
        return _broken_page()
    except Exception:  # A page asks who reads it, and that may be what is broken.
        log.exception("error_page_failed")
        return Response(f"Something went wrong on our side: {g.get('request_id')}", 500)


def _broken_page() -> ResponseReturnValue:
    return _page(
        500,
        title=_("Something went wrong on our side"),
        happened=_("It is not your fault, and we've logged it."),
        safe=_("Anything saved before is safe."),
        to_do=_(
            "Try again in a minute. If it keeps happening, give the organiser the number below."
        ),
    )
