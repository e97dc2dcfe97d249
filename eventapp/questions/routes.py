"""Asking and voting. With `Accept: application/json` the answers are JSON, else pages."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock, limits
from eventapp.core.access import audience
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.negotiation import wants_json
from eventapp.questions.actions import ask_question, take_back_vote, vote_for_question
from eventapp.questions.forms import AskForm, new_submission_key
from eventapp.questions.identity import Visit, enter_room, identify_asker, is_newcomer, limit_key
from eventapp.questions.models import Question, QuestionStatus
from eventapp.questions.payloads import describe_question

blueprint = Blueprint("questions", __name__)

limit_asking = limits.limiter.limit(
    limits.ASKING, methods=["POST"], key_func=limit_key, exempt_when=is_newcomer
)
limit_asking_at_address = limits.limiter.limit(limits.ASKING_AT_ONE_ADDRESS, methods=["POST"])
# Voting and taking back count together.
limit_voting = limits.limiter.shared_limit(
    limits.VOTING, "voting", key_func=limit_key, exempt_when=is_newcomer
)
limit_voting_at_address = limits.limiter.shared_limit(
    limits.VOTING_AT_ONE_ADDRESS, "voting-at-address"
)


@blueprint.route("/webinars/<slug>/live/questions", methods=["GET", "POST"])
@limit_asking
@limit_asking_at_address
@audience
def ask(slug: str) -> ResponseReturnValue:
    visit = enter_room(slug)
    form = AskForm()
    if form.validate_on_submit():
        try:
            return _answer_asked(visit, _ask(visit, form))
        except Refusal as refusal:
            form.text.errors = [*form.text.errors, refusal.message]
    elif not form.is_submitted() and visit.registration is not None:
        form.author_name.data = visit.registration.name
    if form.errors and wants_json():
        return jsonify(error=_first_error(form)), 409
    page = render_template("questions/ask.html", webinar=visit.webinar, form=form)
    return page, 409 if form.errors else 200


def _ask(visit: Visit, form: AskForm) -> Question:
    asker = identify_asker(visit)
    with transaction():
        return ask_question(
            visit.webinar,
            text=form.text.data,
            author_name=form.author_name.data or "",
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
        return jsonify(question=described, said=said, submission_key=new_submission_key()), 201
    flash(said, "success")
    return redirect(url_for("live.room", slug=visit.webinar.slug))


def _first_error(form: AskForm) -> str:
    return str(next(iter(next(iter(form.errors.values())))))


@blueprint.post("/webinars/<slug>/live/questions/<int:question_id>/vote")
@limit_voting
@limit_voting_at_address
@audience
def vote(slug: str, question_id: int) -> ResponseReturnValue:
    return _change_vote(slug, question_id, vote_for_question, has_voted=True)


@blueprint.post("/webinars/<slug>/live/questions/<int:question_id>/vote/take-back")
@limit_voting
@limit_voting_at_address
@audience
def unvote(slug: str, question_id: int) -> ResponseReturnValue:
    return _change_vote(slug, question_id, take_back_vote, has_voted=False)


def _change_vote(
    slug: str, question_id: int, change: Callable[..., Question], *, has_voted: bool
) -> ResponseReturnValue:
    visit = enter_room(slug)
    voter = identify_asker(visit)
    with transaction():
        question = change(question_id, webinar=visit.webinar, voter=voter, now=clock.now())
    if wants_json():
        return jsonify(
            id=question.id,
            votes=question.votes,
            revision=question.revision,
            has_voted=has_voted,
        )
    return redirect(url_for("live.room", slug=slug) + f"#question-{question.id}")
