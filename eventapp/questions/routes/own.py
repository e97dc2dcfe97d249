"""What one may do with one's own question. Without JavaScript changing it has a page of its own."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import audience
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.negotiation import wants_json
from eventapp.questions.actions import change_own_question, withdraw_question
from eventapp.questions.forms import ChangeForm
from eventapp.questions.identity import Visit, enter_room, identify_asker
from eventapp.questions.models import Question, QuestionStatus
from eventapp.questions.payloads import describe_question
from eventapp.questions.queries import get_own_question, list_public_replies
from eventapp.questions.routes.blueprint import (
    blueprint,
    limit_asking,
    limit_asking_at_address,
)

OWN = "/webinars/<slug>/live/questions/<int:question_id>"


@blueprint.get(f"{OWN}/change")
@audience
def change(slug: str, question_id: int) -> ResponseReturnValue:
    visit = enter_room(slug)
    question = get_own_question(question_id, webinar_id=visit.webinar.id, asker=visit.viewer)
    return _show(visit, question.id, ChangeForm(formdata=None, text=question.text))


@blueprint.post(f"{OWN}/change")
@limit_asking
@limit_asking_at_address
@audience
def save(slug: str, question_id: int) -> ResponseReturnValue:
    visit = enter_room(slug)
    form = ChangeForm()
    if form.validate():
        try:
            return _answer_changed(visit, _change(visit, question_id, form.text.data))
        except Refusal as refusal:
            form.text.errors = [*form.text.errors, refusal.message]
    if wants_json():
        return jsonify(error=str(form.text.errors[0] if form.text.errors else "")), 409
    return _show(visit, question_id, form), 409


@blueprint.post(f"{OWN}/withdraw")
@limit_asking
@limit_asking_at_address
@audience
def withdraw(slug: str, question_id: int) -> ResponseReturnValue:
    visit = enter_room(slug)
    asker = identify_asker(visit)
    try:
        with transaction():
            question = withdraw_question(question_id, webinar=visit.webinar, asker=asker)
    except Refusal as refusal:
        if wants_json():
            raise
        flash(str(refusal.message), "warning")
        return redirect(url_for("live.room", slug=slug))
    said = _("Your question is withdrawn.")
    if wants_json():
        return jsonify(id=question.id, revision=question.revision, said=said)
    flash(said, "success")
    return redirect(url_for("live.room", slug=slug))


def _change(visit: Visit, question_id: int, text: str) -> Question:
    asker = identify_asker(visit)
    with transaction():
        return change_own_question(
            question_id, webinar=visit.webinar, text=text, asker=asker, now=clock.now()
        )


def _answer_changed(visit: Visit, question: Question) -> ResponseReturnValue:
    said = (
        _("Changed. A moderator will read your question before it appears.")
        if question.status is QuestionStatus.PENDING
        else _("Changed. Everyone sees your new words.")
    )
    if wants_json():
        replies = list_public_replies(visit.webinar.id, question_id=question.id)
        described = describe_question(
            question,
            time_zone=visit.webinar.time_zone,
            replies=replies.get(question.id, ()),
        )
        return jsonify(question=described, said=said)
    flash(said, "success")
    return redirect(url_for("live.room", slug=visit.webinar.slug))


def _show(visit: Visit, question_id: int, form: ChangeForm) -> str:
    return render_template(
        "questions/change.html", webinar=visit.webinar, question_id=question_id, form=form
    )
