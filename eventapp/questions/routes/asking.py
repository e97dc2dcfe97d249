"""Asking. With `Accept: application/json` the answers are JSON, else pages."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock
from eventapp.core.access import audience
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.negotiation import wants_json
from eventapp.questions.actions import ask_question
from eventapp.questions.forms import AskForm, new_submission_key
from eventapp.questions.identity import Visit, enter_room, identify_asker
from eventapp.questions.models import Question, QuestionStatus, Room
from eventapp.questions.payloads import describe_question
from eventapp.questions.queries import get_room
from eventapp.questions.routes.blueprint import (
    blueprint,
    limit_asking,
    limit_asking_at_address,
)


@blueprint.get("/webinars/<slug>/live/questions")
@audience
def ask(slug: str) -> ResponseReturnValue:
    visit = enter_room(slug)
    return _show(visit, open_ask_form(get_room(visit.webinar.id)))


@blueprint.post("/webinars/<slug>/live/questions")
@limit_asking
@limit_asking_at_address
@audience
def send(slug: str) -> ResponseReturnValue:
    visit = enter_room(slug)
    form = AskForm()
    wait = 0
    if form.validate():
        try:
            return _answer_asked(visit, _ask(visit, form))
        except Refusal as refusal:
            form.text.errors = [*form.text.errors, refusal.message]
            wait = getattr(refusal, "seconds", 0)
    if wants_json():
        return jsonify(error=_first_error(form), wait=wait), 409
    return _show(visit, form), 409


def open_ask_form(room: Room) -> AskForm:
    """Return an empty form that says who would read the name of its asker."""
    form = AskForm(formdata=None)
    form.shows_name_to_desk.data = "1" if room.shows_names_to_desk else ""
    return form


def _show(visit: Visit, form: AskForm) -> str:
    return render_template(
        "questions/ask.html",
        webinar=visit.webinar,
        form=form,
        name=visit.registration.name if visit.registration else "",
    )


def _ask(visit: Visit, form: AskForm) -> Question:
    """An attendee asks under the name they registered with; a guest under the one they type."""
    asker = identify_asker(visit)
    name = visit.registration.name if visit.registration else form.author_name.data or ""
    with transaction():
        return ask_question(
            visit.webinar,
            text=form.text.data,
            author_name=name,
            is_anonymous=form.is_anonymous.data,
            shows_name_to_desk=bool(form.shows_name_to_desk.data),
            asker=asker,
            submission_key=form.submission_key.data,
            now=clock.now(),
        )


def _answer_asked(visit: Visit, question: Question) -> ResponseReturnValue:
    said = (
        _("Thank you. A moderator will read your question before it appears.")
        if question.status is QuestionStatus.PENDING
        else _("Thank you. Your question is on the list.")
    )
    if wants_json():
        described = describe_question(question, time_zone=visit.webinar.time_zone)
        wait = get_room(visit.webinar.id).slow_seconds
        key = new_submission_key()
        return jsonify(question=described, said=said, submission_key=key, wait=wait), 201
    flash(said, "success")
    return redirect(url_for("live.room", slug=visit.webinar.slug))


def _first_error(form: AskForm) -> str:
    return str(next(iter(next(iter(form.errors.values())))))
