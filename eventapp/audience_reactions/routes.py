"""Reacting in the room. A page may send several at once, so that a long applause is few requests.

With `Accept: application/json` the answer is JSON, else the room's page.
"""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from eventapp.audience_reactions.actions import react as count_reaction
from eventapp.audience_reactions.models import ReactionKind
from eventapp.audience_reactions.rules import clamp_count
from eventapp.core import clock, limits
from eventapp.core.access import audience
from eventapp.core.db import transaction
from eventapp.core.errors import NotFound
from eventapp.core.negotiation import wants_json
from eventapp.questions.identity import enter_room, identify_asker

blueprint = Blueprint("audience_reactions", __name__)


@blueprint.post("/webinars/<slug>/live/reactions/<kind>")
@limits.limiter.limit(limits.REACTING_AT_ONE_ADDRESS, methods=["POST"])
@audience
def react(slug: str, kind: str) -> ResponseReturnValue:
    """Count reactions; who sent them is weighed against a limit for a minute, and kept nowhere."""
    if kind not in set(ReactionKind):
        raise NotFound
    visit = enter_room(slug)
    count = clamp_count(request.form.get("count", type=int))
    if not limits.take(limits.REACTING, "reacting", identify_asker(visit).key, count=count):
        abort(429)
    with transaction():
        count_reaction(visit.webinar, kind=ReactionKind(kind), count=count, now=clock.now())
    if wants_json():
        return {}
    return redirect(url_for("live.room", slug=slug) + "#reactions")
