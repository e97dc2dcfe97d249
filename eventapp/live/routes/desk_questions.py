"""What moderators do with questions, with what is written under them, and with the room."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.live import actions
from eventapp.live.desk_forms import read_id, read_key, read_optional_id, read_room_changes
from eventapp.live.routes.blueprint import DESK, blueprint
from eventapp.live.routes.desk_answers import act_at_desk
from eventapp.questions.models import ReplyKind
from eventapp.questions.queries import get_room
from eventapp.questions.reply_queries import get_reply
from eventapp.questions.room_payloads import describe_room_for_desk
from eventapp.webinars.queries import get_webinar

QUESTION_ACTS: dict[str, Callable[..., None]] = {
    "approve": actions.approve_question,
    "dismiss": actions.dismiss_question,
    "on-air": actions.put_question_on_air,
    "answered": actions.answer_question,
    "restore": actions.restore_question,
    "pin": actions.pin_question,
    "unpin": actions.unpin_question,
    "silence": actions.silence_asker,
    "hear": actions.hear_asker,
}

REPLY_ACTS: dict[str, Callable[..., None]] = {
    "publish": actions.publish_reply,
    "dismiss": actions.dismiss_reply,
}


@blueprint.post(f"{DESK}/questions/<int:question_id>/<act>")
@organisers_only
def act_on_question(webinar_id: int, question_id: int, act: str) -> ResponseReturnValue:
    if act not in QUESTION_ACTS:
        raise NotFound
    move = partial(QUESTION_ACTS[act], question_id, webinar_id=webinar_id)
    return act_at_desk(webinar_id, move)


@blueprint.post(f"{DESK}/questions/<int:question_id>/edit")
@organisers_only
def edit_question(webinar_id: int, question_id: int) -> ResponseReturnValue:
    text = request.form.get("text", "")
    edit = partial(actions.edit_question, question_id, webinar_id=webinar_id, text=text)
    return act_at_desk(webinar_id, edit)


@blueprint.post(f"{DESK}/questions/<int:question_id>/label")
@organisers_only
def label_question(webinar_id: int, question_id: int) -> ResponseReturnValue:
    label = request.form.get("label", "")
    put = partial(actions.label_question, question_id, webinar_id=webinar_id, label=label)
    return act_at_desk(webinar_id, put)


@blueprint.post(f"{DESK}/questions/<int:question_id>/assign")
@organisers_only
def assign_question(webinar_id: int, question_id: int) -> ResponseReturnValue:
    assign = partial(
        actions.assign_question,
        question_id,
        webinar_id=webinar_id,
        speaker_id=read_optional_id(request.form.get("speaker_id", "")),
        agenda_item_id=read_optional_id(request.form.get("agenda_item_id", "")),
    )
    return act_at_desk(webinar_id, assign)


@blueprint.post(f"{DESK}/questions/<int:question_id>/merge")
@organisers_only
def merge_question(webinar_id: int, question_id: int) -> ResponseReturnValue:
    into_id = read_id(request.form.get("into", ""))
    merge = partial(actions.merge_question, question_id, webinar_id=webinar_id, into_id=into_id)
    return act_at_desk(webinar_id, merge)


@blueprint.post(f"{DESK}/questions/<int:question_id>/answer")
@organisers_only
def write_answer(webinar_id: int, question_id: int) -> ResponseReturnValue:
    write = partial(
        actions.write_answer,
        question_id,
        webinar_id=webinar_id,
        text=request.form.get("text", ""),
        submission_key=read_key(request.form.get("submission_key", "")),
    )
    return act_at_desk(webinar_id, write)


@blueprint.post(f"{DESK}/replies/<int:reply_id>/<act>")
@organisers_only
def act_on_reply(webinar_id: int, reply_id: int, act: str) -> ResponseReturnValue:
    if act not in REPLY_ACTS:
        raise NotFound
    return act_at_desk(webinar_id, partial(REPLY_ACTS[act], reply_id, webinar_id=webinar_id))


@blueprint.get(f"{DESK}/replies/<int:reply_id>/change")
@organisers_only
def show_answer(webinar_id: int, reply_id: int) -> ResponseReturnValue:
    reply = get_reply(reply_id, webinar_id=webinar_id)
    if reply.kind is not ReplyKind.ANSWER:
        raise NotFound
    return render_template("live/change_answer.html", webinar=get_webinar(webinar_id), reply=reply)


@blueprint.post(f"{DESK}/replies/<int:reply_id>/change")
@organisers_only
def change_answer(webinar_id: int, reply_id: int) -> ResponseReturnValue:
    text = request.form.get("text", "")
    change = partial(actions.change_answer, reply_id, webinar_id=webinar_id, text=text)
    return act_at_desk(webinar_id, change)


@blueprint.get("/manage/webinars/<int:webinar_id>/room")
@organisers_only
def room_settings(webinar_id: int) -> ResponseReturnValue:
    webinar = get_webinar(webinar_id)
    room = describe_room_for_desk(webinar, get_room(webinar.id))
    return render_template("live/room_settings.html", webinar=webinar, room=room)


@blueprint.post("/manage/webinars/<int:webinar_id>/room")
@organisers_only
def save_room_settings(webinar_id: int) -> ResponseReturnValue:
    get_webinar(webinar_id)
    try:
        with transaction():
            changes = read_room_changes(request.form)
            actions.change_room(
                webinar_id, changes=changes, actor_id=current_user.id, now=clock.now()
            )
    except Refusal as refusal:
        flash(str(refusal.message), "error")
    else:
        flash(_("Saved."), "success")
    return redirect(url_for("live.room_settings", webinar_id=webinar_id))


@blueprint.post(f"{DESK}/room")
@organisers_only
def change_room(webinar_id: int) -> ResponseReturnValue:
    def change(**of_whom: Any) -> None:
        actions.change_room(webinar_id, changes=read_room_changes(request.form), **of_whom)

    return act_at_desk(webinar_id, change)
