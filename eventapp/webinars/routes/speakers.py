"""Who speaks in a webinar."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.forms import read_move
from eventapp.speakers.actions import create_speaker
from eventapp.speakers.forms import SpeakerForm
from eventapp.speakers.queries import get_speaker, list_other_speakers
from eventapp.webinars import actions, queries
from eventapp.webinars.forms import AddSpeakerForm
from eventapp.webinars.models import Webinar
from eventapp.webinars.routes.blueprint import blueprint


@blueprint.route("/manage/webinars/<int:webinar_id>/speakers", methods=["GET", "POST"])
@organisers_only
def speakers(webinar_id: int) -> ResponseReturnValue:
    webinar = queries.get_whole_webinar(webinar_id)
    form = _build_add_form(webinar)
    if form.validate_on_submit():
        try:
            with transaction():
                actions.add_webinar_speaker(webinar, speaker=get_speaker(form.speaker.data))
        except Refusal as refusal:
            form.form_errors.append(refusal.message)
        else:
            return redirect(_speakers_url(webinar_id))
    return render_template("webinars/speakers.html", webinar=webinar, form=form)


def _build_add_form(webinar: Webinar) -> AddSpeakerForm:
    form = AddSpeakerForm()
    form.speaker.choices = {
        other.id: f"{other.name}, {other.affiliation}" if other.affiliation else other.name
        for other in list_other_speakers(than=[speaker.id for speaker in webinar.speakers])
    }
    return form


@blueprint.route("/manage/webinars/<int:webinar_id>/speakers/new", methods=["GET", "POST"])
@organisers_only
def add_new_speaker(webinar_id: int) -> ResponseReturnValue:
    webinar = queries.get_webinar(webinar_id)
    form = SpeakerForm()
    if form.validate_on_submit():
        with transaction():
            speaker = create_speaker(form.profile(), now=clock.now(), photo=form.photo.picture)
            actions.add_webinar_speaker(webinar, speaker=speaker)
        flash(_("%(name)s is now one of the speakers.", name=form.name.data), "success")
        return redirect(_speakers_url(webinar_id))
    return render_template("webinars/new_speaker.html", webinar=webinar, form=form)


@blueprint.post("/manage/webinars/<int:webinar_id>/speakers/<int:speaker_id>/move")
@organisers_only
def move_speaker(webinar_id: int, speaker_id: int) -> ResponseReturnValue:
    webinar = queries.get_webinar(webinar_id)
    with transaction():
        actions.move_webinar_speaker(webinar, speaker_id=speaker_id, by=read_move(request.form))
    return redirect(f"{_speakers_url(webinar_id)}#speaker-{speaker_id}")


@blueprint.post("/manage/webinars/<int:webinar_id>/speakers/<int:speaker_id>/remove")
@organisers_only
def remove_speaker(webinar_id: int, speaker_id: int) -> ResponseReturnValue:
    webinar = queries.get_webinar(webinar_id)
    with transaction():
        actions.remove_webinar_speaker(webinar, speaker_id=speaker_id)
    flash(_("Removed from this webinar; the profile stays."), "success")
    return redirect(_speakers_url(webinar_id))


@blueprint.post("/manage/webinars/<int:webinar_id>/speakers/order")
@organisers_only
def reorder_speakers(webinar_id: int) -> ResponseReturnValue:
    webinar = queries.get_webinar(webinar_id)
    with transaction():
        actions.reorder_webinar_speakers(
            webinar, speaker_ids=request.form.getlist("order", type=int)
        )
    return "", 204


def _speakers_url(webinar_id: int) -> str:
    return url_for("webinars.speakers", webinar_id=webinar_id)
