"""One webinar at the desk: its overview, and the steps of its life."""

from __future__ import annotations

from datetime import datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.core.i18n import moment_with_zone
from eventapp.webinars import actions, queries, rules
from eventapp.webinars.advice import advise
from eventapp.webinars.calendar import public_url
from eventapp.webinars.forms import CancelForm, StepForm
from eventapp.webinars.hearers import count_hearers
from eventapp.webinars.models import Webinar
from eventapp.webinars.opening import find_opening
from eventapp.webinars.routes.blueprint import blueprint
from eventapp.webinars.steps import LIFE, STEPS, Step, list_possible_steps, open_later


@blueprint.get("/manage/webinars/<int:webinar_id>/")
@organisers_only
def overview(webinar_id: int) -> ResponseReturnValue:
    webinar = queries.get_whole_webinar(webinar_id)
    now = clock.now()
    return render_template(
        "webinars/overview.html",
        webinar=webinar,
        life=LIFE,
        advice=advise(webinar, now=now),
        steps=list_possible_steps(webinar, now=now),
        can_cancel=rules.can_cancel(webinar) and rules.is_public(webinar),
        is_public=rules.is_public(webinar),
        address=public_url(webinar),
        room_links=_list_room_links(webinar),
    )


def _list_room_links(webinar: Webinar) -> list[tuple[str, str]]:
    """Return the room and the stage, which open with the publication."""
    if not rules.is_expected(webinar):
        return []
    return [
        (_("Room"), url_for("live.room", slug=webinar.slug)),
        (_("Stage, full screen"), url_for("live.stage", slug=webinar.slug)),
    ]


@blueprint.get("/manage/webinars/<int:webinar_id>/preview")
@organisers_only
def preview(webinar_id: int) -> ResponseReturnValue:
    return redirect(url_for("pages.webinar", slug=queries.get_webinar(webinar_id).slug))


@blueprint.route("/manage/webinars/<int:webinar_id>/step/<name>", methods=["GET", "POST"])
@organisers_only
def take_step(webinar_id: int, name: str) -> ResponseReturnValue:
    """Ask before a step of the webinar's life, then take it."""
    webinar = queries.get_webinar(webinar_id)
    now = clock.now()
    step = _get_step(name, webinar, now=now)
    form = StepForm()
    if form.validate_on_submit():
        try:
            with transaction():
                step.act(webinar, now)
        except Refusal as refusal:
            form.form_errors.append(refusal.message)
        else:
            flash(str(step.done), "success")
            return redirect(_place_after(name, webinar_id))
    return render_template(
        "webinars/step.html",
        webinar=webinar,
        step=step,
        form=form,
        is_possible=step.is_possible(webinar, now),
        missing=rules.list_missing(webinar, now=now) if name == "publish" else [],
        is_early=name == "go-live" and rules.is_early(webinar, now=now),
    )


def _get_step(name: str, webinar: Webinar, *, now: datetime) -> Step:
    if name not in STEPS:
        raise NotFound
    opens_at = find_opening(webinar.id, now=now) if name == "publish" else None
    if opens_at is None:
        return STEPS[name]
    return open_later(STEPS[name], moment=moment_with_zone(opens_at, webinar.time_zone))


def _place_after(name: str, webinar_id: int) -> str:
    """Return where work goes on: at the live desk, or where the webinar can still be seen."""
    if name == "delete":
        return url_for("webinars.desk")
    if name == "go-live":
        return url_for("live.desk", webinar_id=webinar_id)
    if name == "end":
        return url_for("replays.manage", webinar_id=webinar_id)
    return url_for("webinars.overview", webinar_id=webinar_id)


@blueprint.route("/manage/webinars/<int:webinar_id>/cancel", methods=["GET", "POST"])
@organisers_only
def cancel(webinar_id: int) -> ResponseReturnValue:
    webinar = queries.get_webinar(webinar_id)
    form = CancelForm()
    if form.validate_on_submit():
        try:
            with transaction():
                actions.cancel_webinar(webinar, reason=form.reason.data, now=clock.now())
        except Refusal as refusal:
            form.form_errors.append(refusal.message)
        else:
            flash(_("The webinar is cancelled."), "success")
            return redirect(url_for("webinars.overview", webinar_id=webinar_id))
    return render_template(
        "webinars/cancel.html",
        webinar=webinar,
        form=form,
        can_cancel=rules.can_cancel(webinar),
        has_been_held=rules.has_been_held(webinar),
        hearers=count_hearers(webinar.id),
    )
