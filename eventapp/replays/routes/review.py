"""The review: one screen from the ended webinar to the published replay."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from config import MEGABYTE
from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.i18n import own_language_name
from eventapp.core.negotiation import wants_json
from eventapp.questions.forms import new_submission_key
from eventapp.replays import actions, queries, rules
from eventapp.replays.editions import Replay, has_unpublished_changes
from eventapp.replays.forms import (
    AdjustForm,
    CaptionsForm,
    RecordingAddressForm,
    RecordingFileForm,
)
from eventapp.replays.labels import kind_label
from eventapp.replays.models import ChapterKind, RecordingKind
from eventapp.replays.outline import outline_agenda, outline_dropped
from eventapp.replays.outside import allow_frame, describe_outside
from eventapp.replays.review import describe_review
from eventapp.replays.routes.blueprint import blueprint
from eventapp.replays.uploaded import ALREADY_THERE, describe_uploads, is_already_there
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.queries import get_webinar

NOT_YET = frozenset({WebinarStatus.DRAFT, WebinarStatus.PUBLISHED, WebinarStatus.LIVE})


@blueprint.get("/manage/webinars/<int:webinar_id>/replay")
@organisers_only
def manage(webinar_id: int) -> ResponseReturnValue:
    return _show_review(get_webinar(webinar_id))


def _show_review(webinar: Webinar, **forms: FlaskForm) -> str:
    """Render the review; `forms` are those that were sent and have something to be corrected."""
    replay = queries.get_replay(webinar.id)
    recording = replay.recording
    address = recording.address if recording else ""
    is_played = request.args.get("play") == "1"
    if is_played:
        allow_frame(recording)
    usual: dict[str, Callable[[], Any]] = {
        "file_form": lambda: RecordingFileForm(None),
        "address_form": lambda: RecordingAddressForm(
            None, data={"address": address, "address_length": replay.duration if address else None}
        ),
        "adjust_form": lambda: AdjustForm(
            None,
            data={
                "offset": replay.timing.offset,
                "cuts": replay.timing.cuts,
                "length": replay.duration,
            },
        ),
        "captions_form": lambda: CaptionsForm(None, language=webinar.language),
    }
    return render_template(
        "replays/manage.html",
        webinar=webinar,
        replay=replay,
        outside=describe_outside(
            recording,
            play_url=url_for("replays.manage", webinar_id=webinar.id, play=1, _anchor="player"),
            start="",
            is_played=is_played,
        ),
        has_file=recording is not None and recording.kind == RecordingKind.FILE,
        agenda=outline_agenda(replay.entries, timing=replay.timing),
        dropped=outline_dropped(queries.list_dropped(webinar.id), timing=replay.timing),
        kinds=[(kind.value, kind_label(kind)) for kind in ChapterKind],
        problem=_find_problem(replay),
        review=describe_review(webinar, replay),
        submission_key=new_submission_key,
        is_public=rules.is_replay_public(webinar),
        has_changes=_has_changes(webinar, replay),
        is_early=webinar.status in NOT_YET,
        can_publish=webinar.status == WebinarStatus.ENDED,
        can_withdraw=webinar.status == WebinarStatus.REPLAY_PUBLISHED,
        language_name=own_language_name,
        uploads=describe_uploads(webinar.id, owner_id=current_user.id, now=clock.now()),
        largest_mb=current_app.config["EVENTAPP"].max_recording_bytes // MEGABYTE,
        **{name: forms.get(name) or make() for name, make in usual.items()},
    )


def _has_changes(webinar: Webinar, replay: Replay) -> bool:
    if not rules.is_replay_public(webinar):
        return False
    public = queries.get_public_replay(webinar.id)
    return has_unpublished_changes(replay, public)


def _find_problem(replay: Replay) -> str:
    """Return why the replay can't be published as it is, or nothing."""
    try:
        rules.check_can_show(replay.recording, replay.entries)
    except Refusal as refusal:
        return str(refusal.message)
    return ""


# -- the recording -----------------------------------------------------------------------------


@blueprint.post("/manage/webinars/<int:webinar_id>/replay/recording")
@organisers_only
def upload_recording(webinar_id: int) -> ResponseReturnValue:
    """Take the file; scripts that show the progress get JSON."""
    webinar = get_webinar(webinar_id)
    form = RecordingFileForm()
    is_script = wants_json()
    if form.validate() and form.upload is not None:
        stored = actions.put_recording(form.upload)
        with transaction():
            is_known = is_already_there(webinar, stored)
            if not is_known:
                actions.save_recording_file(
                    webinar, stored=stored, duration=form.upload.duration, now=clock.now()
                )
        flash(ALREADY_THERE if is_known else _("The recording is saved."), "success")
        here = _review_url(webinar_id)
        return jsonify(href=here) if is_script else redirect(here)
    if is_script:
        return jsonify(error=" ".join(str(error) for error in form.recording.errors)), 422
    return _show_review(webinar, file_form=form)


@blueprint.post("/manage/webinars/<int:webinar_id>/replay/address")
@organisers_only
def save_address(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    form = RecordingAddressForm()
    if not form.validate() or form.video is None:
        return _show_review(webinar, address_form=form)
    with transaction():
        actions.save_recording_address(
            webinar, address=form.video, duration=form.address_length.data, now=clock.now()
        )
    flash(_("The recording is saved."), "success")
    return redirect(_review_url(webinar_id))


@blueprint.post("/manage/webinars/<int:webinar_id>/replay/adjust")
@organisers_only
def adjust(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    form = AdjustForm()
    if form.validate():
        try:
            with transaction():
                actions.adjust_recording(webinar, timing=form.timing(), duration=form.length.data)
        except Refusal as refusal:
            form.form_errors.append(str(refusal.message))
        else:
            flash(_("Saved. All times below are shifted."), "success")
            return redirect(_review_url(webinar_id, "agenda"))
    return _show_review(webinar, adjust_form=form)


@blueprint.post("/manage/webinars/<int:webinar_id>/replay/remove")
@organisers_only
def remove_recording(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    try:
        with transaction():
            actions.remove_recording(webinar)
    except Refusal as refusal:
        flash(str(refusal.message), "error")
    else:
        flash(_("The recording has been removed; the agenda stays."), "success")
    return redirect(_review_url(webinar_id))


# -- captions ----------------------------------------------------------------------------------


@blueprint.post("/manage/webinars/<int:webinar_id>/replay/captions")
@organisers_only
def save_captions(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    form = CaptionsForm(language=webinar.language)
    if not form.validate():
        return _show_review(webinar, captions_form=form)
    with transaction():
        actions.save_captions(webinar, language=form.language.data, text=form.webvtt)
    flash(_("The captions are saved."), "success")
    return redirect(_review_url(webinar_id, "captions"))


@blueprint.post("/manage/webinars/<int:webinar_id>/replay/captions/<language>/delete")
@organisers_only
def delete_captions(webinar_id: int, language: str) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    with transaction():
        actions.delete_captions(webinar, language=language)
    flash(_("The captions have been deleted."), "success")
    return redirect(_review_url(webinar_id, "captions"))


# -- publishing --------------------------------------------------------------------------------


@blueprint.post("/manage/webinars/<int:webinar_id>/replay/publish")
@organisers_only
def publish(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    was_public = rules.is_replay_public(webinar)
    try:
        with transaction():
            actions.publish_replay(webinar, now=clock.now(), published_by_id=current_user.id)
    except Refusal as refusal:
        flash(str(refusal.message), "error")
    else:
        told = _("The replay is public. Attendees are being told by e-mail.")
        flash(_("Your changes are public.") if was_public else told, "success")
    return redirect(_review_url(webinar_id, "publish"))


@blueprint.post("/manage/webinars/<int:webinar_id>/replay/withdraw")
@organisers_only
def withdraw(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    try:
        with transaction():
            actions.withdraw_replay(webinar, now=clock.now())
    except Refusal as refusal:
        flash(str(refusal.message), "error")
    else:
        flash(_("The replay is hidden again."), "success")
    return redirect(_review_url(webinar_id, "publish"))


def _review_url(webinar_id: int, anchor: str | None = None) -> str:
    return url_for("replays.manage", webinar_id=webinar_id, _anchor=anchor)
