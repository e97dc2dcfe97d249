"""URLs of speakers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.forms import allow_uploads
from eventapp.core.lists import read_page, read_words
from eventapp.speakers import actions, queries
from eventapp.speakers.doors import door_token
from eventapp.speakers.forms import SpeakerForm
from eventapp.speakers.models import Speaker

blueprint = Blueprint("speakers", __name__)
allow_uploads(blueprint, setting="max_picture_bytes", endpoints={"create", "edit"})


@blueprint.get("/manage/speakers/")
@organisers_only
def list_all() -> ResponseReturnValue:
    words = read_words()
    found = queries.list_speakers(words=words, page=read_page())
    return render_template("speakers/list.html", found=found, words=words)


@blueprint.route("/manage/speakers/new", methods=["GET", "POST"])
@organisers_only
def create() -> ResponseReturnValue:
    form = SpeakerForm()
    if form.validate_on_submit():
        with transaction():
            actions.create_speaker(form.profile(), now=clock.now(), photo=form.photo.picture)
        flash(_("%(name)s is now one of your speakers.", name=form.name.data), "success")
        return redirect(url_for("speakers.list_all"))
    return render_template("speakers/edit.html", form=form, speaker=None)


@blueprint.route("/manage/speakers/<int:speaker_id>", methods=["GET", "POST"])
@organisers_only
def edit(speaker_id: int) -> ResponseReturnValue:
    speaker = queries.get_speaker(speaker_id)
    form = SpeakerForm.of(speaker)
    if form.validate_on_submit():
        try:
            with transaction():
                actions.edit_speaker(
                    speaker,
                    form.profile(),
                    now=clock.now(),
                    seen_at=form.seen_moment(),
                    photo=form.photo.picture,
                    is_photo_removed=form.is_photo_removed.data,
                )
        except Refusal as refusal:
            form.form_errors.append(str(refusal.message))
            form.seen_at.data = speaker.updated_at.isoformat()
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("speakers.list_all"))
    return render_template(
        "speakers/edit.html", form=form, speaker=speaker, door=site_address_of_door(speaker)
    )


def site_address_of_door(speaker: Speaker) -> str:
    return url_for("live.speaker_door", token=door_token(speaker), _external=True)


@blueprint.post("/manage/speakers/<int:speaker_id>/door/move")
@organisers_only
def move_door(speaker_id: int) -> ResponseReturnValue:
    speaker = queries.get_speaker(speaker_id)
    with transaction():
        actions.move_door(speaker)
    flash(_("The link has been replaced: the old one no longer works."), "success")
    return redirect(url_for("speakers.edit", speaker_id=speaker_id))


@blueprint.post("/manage/speakers/<int:speaker_id>/delete")
@organisers_only
def delete(speaker_id: int) -> ResponseReturnValue:
    speaker = queries.get_speaker(speaker_id)
    name = speaker.name
    try:
        with transaction():
            actions.delete_speaker(speaker)
    except Refusal as refusal:
        flash(str(refusal.message), "error")
        return redirect(url_for("speakers.edit", speaker_id=speaker_id))
    flash(_("The profile of %(name)s has been deleted.", name=name), "success")
    return redirect(url_for("speakers.list_all"))
