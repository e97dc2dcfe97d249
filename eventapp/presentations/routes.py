"""URLs of presentations: the organisers' list, and everyone's downloads."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from config import MEGABYTE
from eventapp.core import clock
from eventapp.core.access import organisers_only, public
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound
from eventapp.core.files import serve_file
from eventapp.core.forms import allow_uploads, read_move
from eventapp.presentations import actions, queries, rules
from eventapp.presentations.forms import PresentationForm
from eventapp.webinars.queries import find_webinar_by_slug, get_webinar, get_whole_webinar

blueprint = Blueprint("presentations", __name__)
allow_uploads(blueprint, setting="max_presentation_bytes", endpoints={"manage", "edit"})


@blueprint.route("/manage/webinars/<int:webinar_id>/presentations", methods=["GET", "POST"])
@organisers_only
def manage(webinar_id: int) -> ResponseReturnValue:
    webinar = get_whole_webinar(webinar_id)
    form = PresentationForm(webinar)
    if form.validate_on_submit() and form.file.slides is not None:
        stored = actions.put_slides(form.file.slides)
        with transaction():
            actions.add_presentation(webinar, stored=stored, now=clock.now(), **form.values())
        flash(_("“%(title)s” has been added.", title=form.title.data), "success")
        return redirect(_list_url(webinar_id))
    return render_template(
        "presentations/manage.html",
        webinar=webinar,
        form=form,
        presentations=queries.list_presentations(webinar_id),
        is_shown=rules.is_shown,
        largest_mb=current_app.config["EVENTAPP"].max_presentation_bytes // MEGABYTE,
    )


@blueprint.route(
    "/manage/webinars/<int:webinar_id>/presentations/<int:presentation_id>",
    methods=["GET", "POST"],
)
@organisers_only
def edit(webinar_id: int, presentation_id: int) -> ResponseReturnValue:
    webinar = get_whole_webinar(webinar_id)
    presentation = queries.get_presentation(presentation_id, webinar_id=webinar_id)
    form = PresentationForm(webinar, presentation=presentation)
    if form.validate_on_submit():
        slides = form.file.slides
        stored = actions.put_slides(slides) if slides is not None else None
        with transaction():
            actions.edit_presentation(
                webinar, presentation_id=presentation_id, stored=stored, **form.values()
            )
        flash(_("Saved."), "success")
        return redirect(_list_url(webinar_id))
    return render_template(
        "presentations/edit.html", webinar=webinar, form=form, presentation=presentation
    )


@blueprint.post("/manage/webinars/<int:webinar_id>/presentations/<int:presentation_id>/delete")
@organisers_only
def delete(webinar_id: int, presentation_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    with transaction():
        actions.delete_presentation(webinar, presentation_id=presentation_id)
    flash(_("The presentation has been deleted."), "success")
    return redirect(_list_url(webinar_id))


@blueprint.post("/manage/webinars/<int:webinar_id>/presentations/<int:presentation_id>/move")
@organisers_only
def move(webinar_id: int, presentation_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    with transaction():
        actions.move_presentation(
            webinar,
            presentation_id=presentation_id,
            by=read_move(request.form),
        )
    return redirect(f"{_list_url(webinar_id)}#presentation-{presentation_id}")


@blueprint.post("/manage/webinars/<int:webinar_id>/presentations/order")
@organisers_only
def reorder(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    with transaction():
        actions.reorder_presentations(
            webinar, presentation_ids=request.form.getlist("order", type=int)
        )
    return "", 204


@blueprint.get("/webinars/<slug>/presentations/<int:presentation_id>")
@public
def download(slug: str, presentation_id: int) -> Response:
    """Hand out the file, as a download; a hidden one is there for organisers alone."""
    webinar = find_webinar_by_slug(slug)
    if webinar is None:
        raise NotFound
    presentation = queries.get_presentation(presentation_id, webinar_id=webinar.id)
    is_shown = rules.is_shown(presentation, webinar=webinar)
    if not is_shown and not current_user.is_authenticated:
        raise NotFound
    response = make_response(serve_file(presentation.file))
    # The address outlives the file, and who may have it changes.
    response.headers["Cache-Control"] = "no-cache" if is_shown else "private, no-store"
    return response


def _list_url(webinar_id: int) -> str:
    return url_for("presentations.manage", webinar_id=webinar_id)
