"""Voting in the room. With `Accept: application/json` the answers are JSON, else the room's page.

Whoever may see the results finds them in the answer to their vote, and asks for them again now and
then where the room's channel can't carry them since others may not see them yet.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from eventapp.core import clock, limits
from eventapp.core.access import audience
from eventapp.core.db import transaction
from eventapp.core.errors import Refusal
from eventapp.core.negotiation import wants_json
from eventapp.polls.actions import Ballot, vote_in_poll
from eventapp.polls.payloads import describe_seen
from eventapp.polls.queries import get_public_poll, list_choices_of, list_shown_options
from eventapp.polls.refusals import ResultsAreHidden
from eventapp.polls.rules import MOST_OPTIONS, MOST_WORDS, can_see_results
from eventapp.questions.identity import (
    Visit,
    enter_room,
    identify_asker,
    is_newcomer,
    limit_key,
)

blueprint = Blueprint("polls", __name__)

POLL = "/webinars/<slug>/live/polls/<int:poll_id>"

limit_voting = limits.limiter.limit(
    limits.VOTING, methods=["POST"], key_func=limit_key, exempt_when=is_newcomer
)
limit_voting_at_address = limits.limiter.limit(limits.VOTING_AT_ONE_ADDRESS, methods=["POST"])


@blueprint.post(f"{POLL}/vote")
@limit_voting
@limit_voting_at_address
@audience
def vote(slug: str, poll_id: int) -> ResponseReturnValue:
    visit = enter_room(slug)
    back = url_for("live.room", slug=slug) + f"#poll-{poll_id}"
    try:
        seen = _vote(visit, poll_id)
    except Refusal as refusal:
        if wants_json():
            raise
        flash(str(refusal.message), "warning")
        return redirect(back)
    if wants_json():
        return _answer(seen)
    flash(_("Thank you. Your answer has been counted."), "success")
    return redirect(back)


@blueprint.get(f"{POLL}/results.json")
@audience
def results(slug: str, poll_id: int) -> ResponseReturnValue:
    visit = enter_room(slug)
    poll = get_public_poll(poll_id, webinar_id=visit.webinar.id)
    choices = list_choices_of(visit.webinar.id, voter=visit.viewer)
    if not can_see_results(poll, has_voted=poll_id in choices):
        raise ResultsAreHidden
    options = list_shown_options([poll])[poll_id]
    return _answer(describe_seen(poll, options, choices.get(poll_id, ())))


def _vote(visit: Visit, poll_id: int) -> dict[str, Any]:
    """Count the vote; return the poll as whoever voted sees it, while it is still locked."""
    voter = identify_asker(visit)
    with transaction():
        counted = vote_in_poll(
            poll_id, webinar=visit.webinar, voter=voter, ballot=_read_ballot(), now=clock.now()
        )
        seen = [option for option in counted.options if not option.is_hidden]
        return describe_seen(counted.poll, seen, counted.choices)


def _read_ballot() -> Ballot:
    """Read what was sent, and no more of it than makes a difference."""
    return Ballot(
        option_ids=request.form.getlist("option_id", type=int)[: MOST_OPTIONS + 1],
        words=[word for word in request.form.getlist("words") if word.strip()][: MOST_WORDS + 1],
    )


def _answer(poll: dict[str, Any]) -> ResponseReturnValue:
    response = jsonify(poll=poll)
    response.headers["Cache-Control"] = "private, no-store"
    return response
