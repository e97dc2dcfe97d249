"""For who has lost the message with their link: it goes to their mailbox once more.

The answer is the same for every address, and so is the work before it.
"""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock, limits, mailer
from eventapp.core.access import public
from eventapp.core.db import transaction
from eventapp.registrations import actions
from eventapp.registrations.forms import LostLinkForm
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.webinars.queries import get_public_webinar


@blueprint.route("/webinars/<slug>/lost-link", methods=["GET", "POST"])
@limits.limiter.limit(limits.LOST_LINKS, methods=["POST"])
@public
def lost_link(slug: str) -> ResponseReturnValue:
    webinar = get_public_webinar(slug)
    form = LostLinkForm()
    if form.validate_on_submit():
        with transaction():
            actions.find_and_send_link(webinar, email=form.email.data, now=clock.now())
        flash(
            _(
                "If this address is registered here, its link is on its way. Look for our message, "
                "also in your spam folder; it may take a few minutes."
            ),
            "success",
        )
        return redirect(url_for("registrations.lost_link", slug=slug))
    response = make_response(
        render_template(
            "registrations/lost_link.html", form=form, shown=webinar, can_send=mailer.can_send()
        )
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
