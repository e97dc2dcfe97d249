"""What became of no answer during the webinar: answered in writing now, published, or left out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from eventapp.core import clock
from eventapp.core.access import organisers_only
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.live import actions as live
from eventapp.live.desk_forms import read_key
from eventapp.replays.routes.blueprint import blueprint

QUESTIONS = "/manage/webinars/<int:webinar_id>/replay/questions/<int:question_id>"


@blueprint.post(f"{QUESTIONS}/answer")
@organisers_only
def answer_question(webinar_id: int, question_id: int) -> ResponseReturnValue:
    """Answer in writing: the answer is on the replay's page, and whoever asked gets it by mail."""
    write = partial(
        live.write_answer,
        question_id,
        text=request.form.get("text", ""),
        submission_key=read_key(request.form.get("submission_key", "")),
    )
    return _act(webinar_id, write, _("Answered. Whoever asked gets your answer by e-mail."))


@blueprint.post(f"{QUESTIONS}/publish")
@organisers_only
def publish_question(webinar_id: int, question_id: int) -> ResponseReturnValue:
    publish = partial(live.approve_question, question_id)
    return _act(webinar_id, publish, _("The question is public, without an answer."))


@blueprint.post(f"{QUESTIONS}/leave-out")
@organisers_only
def leave_question_out(webinar_id: int, question_id: int) -> ResponseReturnValue:
    leave_out = partial(live.dismiss_question, question_id)
    return _act(webinar_id, leave_out, _("Left out. You can bring it back at the live desk."))


def _act(webinar_id: int, act: Callable[..., None], said: str) -> ResponseReturnValue:
    try:
        with transaction():
            act(webinar_id=webinar_id, actor_id=current_user.id, now=clock.now())
    except Refusal as refusal:
        flash(str(refusal.message), "error")
    else:
        flash(said, "success")
    return redirect(url_for("replays.manage", webinar_id=webinar_id, _anchor="questions"))
