"""The organisers' polls: prepared on a page of their own, run from the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.core.forms import read_move
from eventapp.live import actions
from eventapp.live.routes.blueprint import DESK, blueprint
from eventapp.live.routes.desk_answers import act_at_desk
from eventapp.polls.exports import write_results
from eventapp.polls.forms import PollForm
from eventapp.polls.labels import KINDS, RESULTS
from eventapp.polls.payloads import list_desk_polls
from eventapp.polls.queries import get_poll, list_options
from eventapp.polls.rules import check_can_change
from eventapp.webinars.queries import get_webinar

POLLS = "/manage/webinars/<int:webinar_id>/polls"

POLL_ACTS: dict[str, Callable[..., None]] = {
    "open": actions.open_poll,
    "close": actions.close_poll,
    "delete": actions.delete_poll,
}
WORD_ACTS: dict[str, Callable[..., None]] = {
    "hide": actions.hide_word,
    "show": actions.show_word,
}


@blueprint.get(f"{POLLS}/")
@organisers_only
def polls(webinar_id: int) -> ResponseReturnValue:
    return render_template(
        "polls/manage.html",
        webinar=get_webinar(webinar_id),
        polls=list_desk_polls(webinar_id),
        kinds={kind.value: label for kind, label in KINDS.items()},
        results={shown.value: label for shown, label in RESULTS.items()},
    )


@blueprint.route(f"{POLLS}/new", methods=["GET", "POST"])
@organisers_only
def write_poll(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    form = PollForm()
    if form.validate_on_submit():
        actor_id = current_user.id
        with transaction():
            actions.write_poll(webinar_id, actor_id=actor_id, now=clock.now(), **form.values())
        flash(_("The poll is ready. Open it from the live desk."), "success")
        return redirect(_list_url(webinar_id))
    return render_template("polls/edit.html", webinar=webinar, form=form, poll=None)


@blueprint.route(f"{POLLS}/<int:poll_id>", methods=["GET", "POST"])
@organisers_only
def edit_poll(webinar_id: int, poll_id: int) -> ResponseReturnValue:
    """Once a poll has been opened its page says so, and leads back to the list."""
    webinar = get_webinar(webinar_id)
    poll = get_poll(poll_id, webinar_id=webinar_id)
    form = PollForm.of(poll, list_options(poll_id))
    try:
        check_can_change(poll)
        if not form.validate_on_submit():
            return render_template("polls/edit.html", webinar=webinar, form=form, poll=poll)
        _edit(webinar_id, poll_id, form)
    except Refusal as refusal:
        flash(str(refusal.message), "warning")
    else:
        flash(_("Saved."), "success")
    return redirect(_list_url(webinar_id))


def _edit(webinar_id: int, poll_id: int, form: PollForm) -> None:
    actor_id = current_user.id
    with transaction():
        actions.edit_poll(
            poll_id, webinar_id=webinar_id, actor_id=actor_id, now=clock.now(), **form.values()
        )


@blueprint.post(f"{POLLS}/<int:poll_id>/delete")
@organisers_only
def delete_poll(webinar_id: int, poll_id: int) -> ResponseReturnValue:
    get_webinar(webinar_id)
    actor_id = current_user.id
    try:
        with transaction():
            actions.delete_poll(poll_id, webinar_id=webinar_id, actor_id=actor_id, now=clock.now())
    except Refusal as refusal:
        flash(str(refusal.message), "warning")
    else:
        flash(_("The poll has been deleted."), "success")
    return redirect(_list_url(webinar_id))


@blueprint.post(f"{POLLS}/<int:poll_id>/move")
@organisers_only
def move_poll(webinar_id: int, poll_id: int) -> ResponseReturnValue:
    get_webinar(webinar_id)
    actor_id, by = current_user.id, read_move(request.form)
    with transaction():
        actions.move_poll(poll_id, webinar_id=webinar_id, by=by, actor_id=actor_id, now=clock.now())
    return redirect(f"{_list_url(webinar_id)}#poll-{poll_id}")


@blueprint.post(f"{POLLS}/order")
@organisers_only
def reorder_polls(webinar_id: int) -> ResponseReturnValue:
    get_webinar(webinar_id)
    actor_id, order = current_user.id, request.form.getlist("order", type=int)
    with transaction():
        actions.reorder_polls(webinar_id, poll_ids=order, actor_id=actor_id, now=clock.now())
    return "", 204


@blueprint.get(f"{POLLS}/results.csv")
@organisers_only
def export_polls(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    response = Response(write_results(webinar.id), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{webinar.slug}-polls.csv")
    return response


@blueprint.post(f"{DESK}/polls/<int:poll_id>/<act>")
@organisers_only
def act_on_poll(webinar_id: int, poll_id: int, act: str) -> ResponseReturnValue:
    if act not in POLL_ACTS:
        raise NotFound
    return act_at_desk(webinar_id, partial(POLL_ACTS[act], poll_id, webinar_id=webinar_id))


@blueprint.post(f"{DESK}/polls/<int:poll_id>/words/<int:option_id>/<act>")
@organisers_only
def act_on_word(webinar_id: int, poll_id: int, option_id: int, act: str) -> ResponseReturnValue:
    if act not in WORD_ACTS:
        raise NotFound
    change = partial(WORD_ACTS[act], poll_id, option_id, webinar_id=webinar_id)
    return act_at_desk(webinar_id, change)


def _list_url(webinar_id: int) -> str:
    return url_for("live.polls", webinar_id=webinar_id)
