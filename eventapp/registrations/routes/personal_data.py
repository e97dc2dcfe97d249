"""Taking out what is kept of oneself, and having it erased."""

from __future__ import annotations

import json
from contextlib import suppress

from flask import Response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from eventapp.core import clock, limits
from eventapp.core.access import door as door_only
from eventapp.core.access import public
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound
from eventapp.registrations import actions, rules
from eventapp.registrations.personal_data import collect_personal_data
from eventapp.registrations.presence import forget_attendee
from eventapp.registrations.queries import get_registration_by_token
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.registrations.routes.register import WRITTEN_TO
from eventapp.webinars.queries import get_public_webinar


@blueprint.get("/r/<token>/data.json")
@door_only
def data_json(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    content = json.dumps(collect_personal_data(registration), ensure_ascii=False, indent=2)
    response = Response(f"{content}\n", mimetype="application/json")
    response.headers["Content-Disposition"] = "attachment; filename=my-registration.json"
    return response


@blueprint.route("/r/<token>/erase", methods=["GET", "POST"])
@limits.limiter.limit(limits.REGISTERING, methods=["POST"])
@door_only
def erase(token: str) -> ResponseReturnValue:
    registration = get_registration_by_token(token)
    webinar = registration.webinar
    if request.method == "POST":
        slug = webinar.slug
        forget_attendee(registration)
        session.pop(WRITTEN_TO, None)
        # Sent twice, it finds that it is done.
        with suppress(NotFound), transaction():
            actions.erase_registration(registration, now=clock.now())
        return redirect(url_for("registrations.erased", slug=slug))
    return render_template(
        "registrations/erase.html",
        token=token,
        registration=registration,
        shown=webinar,
        is_ahead=rules.can_cancel(registration, webinar, now=clock.now()),
    )


@blueprint.get("/webinars/<slug>/erased")
@public
def erased(slug: str) -> ResponseReturnValue:
    return render_template("registrations/erased.html", shown=get_public_webinar(slug))
