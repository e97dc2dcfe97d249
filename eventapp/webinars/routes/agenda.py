"""Planning the agenda."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.forms import read_move
from eventapp.webinars import actions, queries, rules
from eventapp.webinars.forms import AgendaItemForm
from eventapp.webinars.labels import kind_label
from eventapp.webinars.models import Webinar
from eventapp.webinars.routes.blueprint import blueprint


@blueprint.route("/manage/webinars/<int:webinar_id>/agenda", methods=["GET", "POST"])
@organisers_only
def agenda(webinar_id: int) -> ResponseReturnValue:
    webinar = queries.get_whole_webinar(webinar_id)
    form = AgendaItemForm(webinar)
    if form.validate_on_submit():
        with transaction():
            actions.add_agenda_item(webinar, **form.values())
        return redirect(_agenda_url(webinar_id) + "#add")
    return _show_agenda(webinar, form)


def _show_agenda(webinar: Webinar, form: AgendaItemForm) -> str:
    return render_template(
        "webinars/agenda.html",
        webinar=webinar,
        form=form,
        planned=rules.plan_agenda(webinar),
        planned_minutes=rules.planned_minutes(webinar),
        length=rules.length_in_minutes(webinar),
        kind_label=kind_label,
    )


@blueprint.route("/manage/webinars/<int:webinar_id>/agenda/<int:item_id>", methods=["GET", "POST"])
@organisers_only
def edit_agenda_item(webinar_id: int, item_id: int) -> ResponseReturnValue:
    webinar = queries.get_whole_webinar(webinar_id)
    item = queries.get_agenda_item(webinar, item_id)
    form = AgendaItemForm(webinar, item=item)
    if form.validate_on_submit():
        with transaction():
            actions.edit_agenda_item(webinar, item_id=item_id, **form.values())
        flash(_("Saved."), "success")
        return redirect(_agenda_url(webinar_id))
    return render_template("webinars/agenda_item.html", webinar=webinar, item=item, form=form)


@blueprint.post("/manage/webinars/<int:webinar_id>/agenda/<int:item_id>/move")
@organisers_only
def move_agenda_item(webinar_id: int, item_id: int) -> ResponseReturnValue:
    webinar = queries.get_webinar(webinar_id)
    with transaction():
        actions.move_agenda_item(webinar, item_id=item_id, by=read_move(request.form))
    return redirect(f"{_agenda_url(webinar_id)}#item-{item_id}")


@blueprint.post("/manage/webinars/<int:webinar_id>/agenda/<int:item_id>/delete")
@organisers_only
def delete_agenda_item(webinar_id: int, item_id: int) -> ResponseReturnValue:
    webinar = queries.get_webinar(webinar_id)
    with transaction():
        actions.delete_agenda_item(webinar, item_id=item_id)
    flash(_("Removed from the agenda."), "success")
    return redirect(_agenda_url(webinar_id))


@blueprint.post("/manage/webinars/<int:webinar_id>/agenda/order")
@organisers_only
def reorder_agenda(webinar_id: int) -> ResponseReturnValue:
    webinar = queries.get_webinar(webinar_id)
    with transaction():
        actions.reorder_agenda(webinar, item_ids=request.form.getlist("order", type=int))
    return "", 204


def _agenda_url(webinar_id: int) -> str:
    return url_for("webinars.agenda", webinar_id=webinar_id)
