"""No more reminders and news: a page with a button, and the one click of mail programs (RFC 8058).

A mail program posts on its own, without a cookie and without the form's token. That does no harm:
whoever can post here holds the personal link, and the link alone decides whose wish it is.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import door as door_only
from eventapp.core.db import transaction
from eventapp.registrations import subscriptions
from eventapp.registrations.queries import get_registration_by_token
from eventapp.registrations.routes.blueprint import blueprint

ONE_CLICK = "List-Unsubscribe"


@blueprint.route("/r/<token>/unsubscribe", methods=["GET", "POST"])
@door_only
def unsubscribe(token: str) -> ResponseReturnValue:
    """Show where a person stands; POST ends it, and answers a mail program with no redirect."""
    registration = get_registration_by_token(token)
    if request.method == "POST":
        with transaction():
            subscriptions.unsubscribe(registration, now=clock.now())
        if ONE_CLICK not in request.form:
            return redirect(url_for("registrations.unsubscribe", token=token))
    return render_template(
        "registrations/unsubscribe.html",
        token=token,
        registration=registration,
        shown=registration.webinar,
    )


@blueprint.post("/r/<token>/subscribe")
@door_only
def subscribe(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    with transaction():
        subscriptions.subscribe_again(registration, now=clock.now())
    flash(_("You get reminders and news again."), "success")
    return redirect(url_for("registrations.door", token=token))
