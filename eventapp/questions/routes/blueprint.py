"""The blueprint that the routes of this feature share, and how often one may write."""

from __future__ import annotations

from flask import Blueprint, abort

from eventapp.core import limits
from eventapp.questions.identity import is_newcomer, limit_key

blueprint = Blueprint("questions", __name__)

# Asking and changing what one asked count together.
limit_asking = limits.limiter.shared_limit(
    limits.ASKING, "asking", key_func=limit_key, exempt_when=is_newcomer
)
limit_asking_at_address = limits.limiter.shared_limit(
    limits.ASKING_AT_ONE_ADDRESS, "asking-at-address"
)


def limit_voting() -> None:
    """Count a vote, or one taken back, of a person and of their address; aborts with 429.

    Counted here and not around the view: the limiter's own marks take longer than the vote.
    """
    if not is_newcomer() and not limits.take(limits.VOTING, "voting", limit_key()):
        abort(429)
    if not limits.take(limits.VOTING_AT_ONE_ADDRESS, "voting-at-address", limits.client_network()):
        abort(429)
