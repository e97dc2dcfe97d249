"""URLs of the registration form's own fields: the list, each field, and how the form looks."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.forms import read_move
from eventapp.form_fields import actions, queries
from eventapp.form_fields.answered import count_answers
from eventapp.form_fields.asked import AskedField, find_condition
from eventapp.form_fields.forms import FieldForm, read_answers
from eventapp.form_fields.labels import describe_audience, kind_label
from eventapp.form_fields.models import FormField
from eventapp.form_fields.rules import MOST_FIELDS
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar

blueprint = Blueprint("form_fields", __name__)


@blueprint.route("/manage/webinars/<int:webinar_id>/form", methods=["GET", "POST"])
@organisers_only
def manage(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    form = FieldForm(queries.list_fields(webinar_id))
    if form.validate_on_submit() and _add(webinar, form):
        flash(_("Added to the form."), "success")
        return redirect(_form_url(webinar_id) + "#add")
    return _show_form(webinar, form)


def _show_form(webinar: Webinar, form: FieldForm) -> str:
    fields = queries.list_fields(webinar.id)
    return render_template(
        "form_fields/manage.html",
        webinar=webinar,
        form=form,
        fields=fields,
        notes=_describe_conditions(fields),
        retired=queries.list_retired(webinar.id),
        answers=count_answers(webinar.id),
        is_full=len(fields) >= MOST_FIELDS,
        kind_label=kind_label,
    )


@blueprint.route("/manage/webinars/<int:webinar_id>/form/<int:field_id>", methods=["GET", "POST"])
@organisers_only
def edit(webinar_id: int, field_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    field = queries.get_field(webinar_id, field_id)
    fields = queries.list_fields(webinar_id)
    is_answered = field_id in count_answers(webinar_id)
    form = FieldForm(fields[: fields.index(field)], field=field, is_kind_fixed=is_answered)
    if form.validate_on_submit() and _edit(webinar, field_id, form):
        flash(_("Saved."), "success")
        return redirect(f"{_form_url(webinar_id)}#field-{field_id}")
    return render_template("form_fields/edit.html", webinar=webinar, form_field=field, form=form)


@blueprint.route("/manage/webinars/<int:webinar_id>/form/preview", methods=["GET", "POST"])
@organisers_only
def preview(webinar_id: int) -> ResponseReturnValue:
    """Show the form as people meet it; it can be tried out, and nothing is kept."""
    webinar = get_webinar(webinar_id)
    answers = read_answers(queries.fields_of(webinar_id))
    is_sent = request.method == "POST"
    is_complete = is_sent and answers.validate()
    return render_template(
        "form_fields/preview.html", webinar=webinar, answers=answers, is_complete=is_complete
    )


@blueprint.post("/manage/webinars/<int:webinar_id>/form/<int:field_id>/move")
@organisers_only
def move(webinar_id: int, field_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    try:
        with transaction():
            actions.move_field(webinar, field_id=field_id, by=read_move(request.form))
    except Refusal as refusal:
        flash(refusal.message, "error")
    return redirect(f"{_form_url(webinar_id)}#field-{field_id}")


@blueprint.post("/manage/webinars/<int:webinar_id>/form/order")
@organisers_only
def reorder(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    with transaction():
        actions.reorder_fields(webinar, field_ids=request.form.getlist("order", type=int))
    return "", 204


@blueprint.post("/manage/webinars/<int:webinar_id>/form/<int:field_id>/remove")
@organisers_only
def remove(webinar_id: int, field_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    try:
        with transaction():
            is_kept = actions.remove_field(webinar, field_id=field_id, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(f"{_form_url(webinar_id)}#field-{field_id}")
    flash(_("Taken off the form. Its answers are kept.") if is_kept else _("Deleted."), "success")
    return redirect(_form_url(webinar_id))


@blueprint.post("/manage/webinars/<int:webinar_id>/form/<int:field_id>/bring-back")
@organisers_only
def bring_back(webinar_id: int, field_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    try:
        with transaction():
            is_same = actions.bring_back_field(webinar, field_id=field_id, now=clock.now())
    except Refusal as refusal:
        flash(refusal.message, "error")
        return redirect(_form_url(webinar_id))
    flash(_("Back at the end of the form."), "success")
    if not is_same:
        flash(_("It is shown to everyone now: what it depended on has left the form."), "warning")
    return redirect(f"{_form_url(webinar_id)}#field-{field_id}")


def _add(webinar: Webinar, form: FieldForm) -> bool:
    """Write a new field, or put the refusal into the form."""
    try:
        with transaction():
            actions.add_field(webinar, form.details(), now=clock.now())
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        return False
    return True


def _edit(webinar: Webinar, field_id: int, form: FieldForm) -> bool:
    """Write what was typed, or put the refusal into the form, which then knows the present."""
    webinar_id = webinar.id
    try:
        with transaction():
            actions.edit_field(
                webinar,
                form.details(),
                field_id=field_id,
                now=clock.now(),
                seen_at=form.seen_moment(),
            )
    except Refusal as refusal:
        form.form_errors.append(refusal.message)
        present = queries.get_field(webinar_id, field_id)
        form.seen_at.data = present.updated_at.isoformat()
        return False
    return True


def _describe_conditions(fields: list[FormField]) -> dict[int, str]:
    """Return to whom a field is shown, by its id, where that isn't everyone."""
    asked = [AskedField.of(field) for field in fields]
    notes = {}
    for place, field in enumerate(asked):
        deciding = find_condition(field, asked[:place])
        if deciding is not None:
            notes[field.id] = describe_audience(field, deciding)
    return notes


def _form_url(webinar_id: int) -> str:
    return url_for("form_fields.manage", webinar_id=webinar_id)
