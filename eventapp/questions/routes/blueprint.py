"""The blueprint that the routes of this feature share, and how often one may write."""

from __future__ import annotations

from flask import Blueprint

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
# Voting and taking back count together.
limit_voting = limits.limiter.shared_limit(
    limits.VOTING, "voting", key_func=limit_key, exempt_when=is_newcomer
)
limit_voting_at_address = limits.limiter.shared_limit(
    limits.VOTING_AT_ONE_ADDRESS, "voting-at-address"
)
