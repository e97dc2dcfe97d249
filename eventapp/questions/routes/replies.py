"""Following up one's own question. Without JavaScript it has a page of its own."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import audience
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.negotiation import wants_json
from eventapp.questions.actions import write_follow_up
from eventapp.questions.forms import FollowUpForm
from eventapp.questions.identity import Visit, enter_room, identify_asker
from eventapp.questions.models import QuestionReply, ReplyStatus
from eventapp.questions.queries import get_own_question
from eventapp.questions.routes.blueprint import (
    blueprint,
    limit_asking,
    limit_asking_at_address,
)
from eventapp.questions.routes.own import OWN


@blueprint.get(f"{OWN}/follow-up")
@audience
def follow_up(slug: str, question_id: int) -> ResponseReturnValue:
    visit = enter_room(slug)
    return _show(visit, question_id, FollowUpForm(formdata=None))


@blueprint.post(f"{OWN}/follow-up")
@limit_asking
@limit_asking_at_address
@audience
def send_follow_up(slug: str, question_id: int) -> ResponseReturnValue:
    visit = enter_room(slug)
    form = FollowUpForm()
    if form.validate():
        try:
            return _answer_written(visit, _write(visit, question_id, form))
        except Refusal as refusal:
            form.text.errors = [*form.text.errors, refusal.message]
    if wants_json():
        return jsonify(error=str(next(iter(next(iter(form.errors.values())))))), 409
    return _show(visit, question_id, form), 409


def _write(visit: Visit, question_id: int, form: FollowUpForm) -> QuestionReply:
    asker = identify_asker(visit)
    with transaction():
        return write_follow_up(
            question_id,
            webinar=visit.webinar,
            text=form.text.data,
            asker=asker,
            submission_key=form.submission_key.data,
            now=clock.now(),
        )


def _answer_written(visit: Visit, reply: QuestionReply) -> ResponseReturnValue:
    said = (
        _("Thank you. A moderator will read this before it appears.")
        if reply.status is ReplyStatus.PENDING
        else _("Thank you. It stands under your question.")
    )
    if wants_json():
        return jsonify(id=reply.id, said=said), 201
    flash(said, "success")
    return redirect(url_for("live.room", slug=visit.webinar.slug))


def _show(visit: Visit, question_id: int, form: FollowUpForm) -> str:
    question = get_own_question(question_id, webinar_id=visit.webinar.id, asker=visit.viewer)
    return render_template(
        "questions/follow_up.html", webinar=visit.webinar, question=question, form=form
    )
