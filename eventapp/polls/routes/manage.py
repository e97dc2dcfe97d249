"""The organisers' pages: polls prepared before the webinar, and their results after it."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.forms import read_move
from eventapp.polls import actions, queries
from eventapp.polls.exports import write_results
from eventapp.polls.forms import PollForm
from eventapp.polls.labels import KINDS, RESULTS
from eventapp.polls.payloads import list_desk_polls
from eventapp.polls.routes.blueprint import blueprint
from eventapp.polls.rules import check_can_change
from eventapp.webinars.queries import get_webinar

POLLS = "/manage/webinars/<int:webinar_id>/polls"


@blueprint.get(f"{POLLS}/")
@organisers_only
def manage(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    return render_template(
        "polls/manage.html",
        webinar=webinar,
        polls=list_desk_polls(webinar_id),
        kinds={kind.value: label for kind, label in KINDS.items()},
        results={shown.value: label for shown, label in RESULTS.items()},
    )


@blueprint.route(f"{POLLS}/new", methods=["GET", "POST"])
@organisers_only
def write(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    form = PollForm()
    if form.validate_on_submit():
        actor_id = current_user.id
        with transaction():
            actions.write_poll(webinar, actor_id=actor_id, **form.values())
        flash(_("The poll is ready. Open it from the live desk."), "success")
        return redirect(_list_url(webinar_id))
    return render_template("polls/edit.html", webinar=webinar, form=form, poll=None)


@blueprint.route(f"{POLLS}/<int:poll_id>", methods=["GET", "POST"])
@organisers_only
def edit(webinar_id: int, poll_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    poll = queries.get_poll(poll_id, webinar_id=webinar_id)
    form = PollForm.of(poll, queries.list_options(poll_id))
    if request.method == "GET":
        check_can_change(poll)
    if form.validate_on_submit():
        actor_id = current_user.id
        try:
            with transaction():
                actions.edit_poll(webinar, poll_id=poll_id, actor_id=actor_id, **form.values())
        except Refusal as refusal:
            flash(str(refusal.message), "warning")
        else:
            flash(_("Saved."), "success")
        return redirect(_list_url(webinar_id))
    return render_template("polls/edit.html", webinar=webinar, form=form, poll=poll)


@blueprint.post(f"{POLLS}/<int:poll_id>/move")
@organisers_only
def move(webinar_id: int, poll_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    with transaction():
        actions.move_poll(webinar, poll_id=poll_id, by=read_move(request.form))
    return redirect(f"{_list_url(webinar_id)}#poll-{poll_id}")


@blueprint.post(f"{POLLS}/order")
@organisers_only
def reorder(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    with transaction():
        actions.reorder_polls(webinar, poll_ids=request.form.getlist("order", type=int))
    return "", 204


@blueprint.get(f"{POLLS}/results.csv")
@organisers_only
def export(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    response = Response(write_results(webinar.id), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{webinar.slug}-polls.csv")
    return response


def _list_url(webinar_id: int) -> str:
    return url_for("polls.manage", webinar_id=webinar_id)
