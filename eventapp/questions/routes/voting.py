"""Voting and taking back. With `Accept: application/json` the answers are JSON, else pages."""

from __future__ import annotations

from collections.abc import Callable

from flask import jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from eventapp.core import clock
from eventapp.core.access import audience
from eventapp.core.db import transaction
from eventapp.core.negotiation import wants_json
from eventapp.questions.actions import VoteCount, take_back_vote, vote_for_question
from eventapp.questions.doors import find_door
from eventapp.questions.identity import enter_room_of, identify_asker
from eventapp.questions.routes.blueprint import (
    blueprint,
    limit_voting,
)


@blueprint.post("/webinars/<slug>/live/questions/<int:question_id>/vote")
@audience
def vote(slug: str, question_id: int) -> ResponseReturnValue:
    return _change_vote(slug, question_id, vote_for_question, has_voted=True)


@blueprint.post("/webinars/<slug>/live/questions/<int:question_id>/vote/take-back")
@audience
def unvote(slug: str, question_id: int) -> ResponseReturnValue:
    return _change_vote(slug, question_id, take_back_vote, has_voted=False)


def _change_vote(
    slug: str, question_id: int, change: Callable[..., VoteCount], *, has_voted: bool
) -> ResponseReturnValue:
    limit_voting()
    visit = enter_room_of(find_door(slug))
    voter = identify_asker(visit)
    with transaction():
        count = change(question_id, webinar_id=visit.webinar.id, voter=voter, now=clock.now())
    if wants_json():
        return jsonify(
            id=count.question_id,
            votes=count.votes,
            revision=count.revision,
            has_voted=has_voted,
        )
    return redirect(url_for("live.room", slug=slug) + f"#question-{count.question_id}")
