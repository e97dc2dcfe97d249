"""The terms on which people register."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.registrations import actions
from eventapp.registrations.desk_forms import TermsForm
from eventapp.registrations.queries import count_taken, get_policy
from eventapp.registrations.routes.blueprint import blueprint
from eventapp.registrations.terms import describe_terms
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar


@blueprint.route("/manage/webinars/<int:webinar_id>/registrations/terms", methods=["GET", "POST"])
@organisers_only
def terms(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    form = TermsForm(webinar, get_policy(webinar.id))
    if form.validate_on_submit() and _save(webinar, form):
        return redirect(url_for("registrations.terms", webinar_id=webinar_id))
    return render_template(
        "registrations/terms.html", webinar=webinar, form=form, taken=count_taken(webinar.id)
    )


def _save(webinar: Webinar, form: TermsForm) -> bool:
    policy = form.policy()
    try:
        with transaction():
            actions.save_policy(webinar, policy, now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return False
    if form.has_ambiguous_time:
        flash(
            _(
                "The clocks go back on that day, so this time comes twice. "
                "We took the first of the two."
            ),
            "info",
        )
    terms_now = describe_terms(webinar, policy, now=clock.now())
    flash(_("Saved. %(terms)s", terms=terms_now), "success")
    return True
