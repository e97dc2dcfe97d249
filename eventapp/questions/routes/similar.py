"""What others have asked already, while somebody types."""

from __future__ import annotations

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from eventapp.core import limits
from eventapp.core.access import audience
from eventapp.questions.identity import enter_room, is_newcomer, limit_key
from eventapp.questions.queries import list_asked_texts, list_voted_ids
from eventapp.questions.routes.blueprint import blueprint
from eventapp.questions.similar import find_similar


@blueprint.get("/webinars/<slug>/live/questions/similar")
@audience
def similar(slug: str) -> ResponseReturnValue:
    visit = enter_room(slug)
    if not _may_look():
        abort(429)
    asked = list_asked_texts(visit.webinar.id)
    found = find_similar(request.args.get("q", ""), asked)
    voted = list_voted_ids(visit.webinar.id, voter=visit.viewer) if found else set()
    return jsonify(
        similar=[
            {"id": each.id, "text": each.text, "votes": each.votes, "voted": each.id in voted}
            for each in found
        ]
    )


def _may_look() -> bool:
    """Count this look at what others asked; a hall of newcomers counts by its address alone."""
    at_address = limits.take(limits.LOOKING_AT_ONE_ADDRESS, "similar", limits.client_network())
    return at_address and (
        is_newcomer() or limits.take(limits.LOOKING_FOR_SIMILAR, "similar", limit_key())
    )
