"""Reading counts of reactions."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from eventapp.audience_reactions.models import ReactionBucket, ReactionKind
from eventapp.core.db import db


def count_reactions(webinar_id: int) -> dict[str, int]:
    """Return how many reactions of each kind there have been in all, kinds without any too."""
    rows = db.session.execute(
        sa.select(ReactionBucket.kind, sa.func.sum(ReactionBucket.count))
        .where(ReactionBucket.webinar_id == webinar_id)
        .group_by(ReactionBucket.kind)
    )
    counted = {kind: int(count) for kind, count in rows}
    return {kind.value: counted.get(kind, 0) for kind in ReactionKind}


def list_reactions(webinar_id: int) -> list[tuple[datetime, int]]:
    """Return how many reactions of all kinds came in the ten seconds from each moment."""
    found = db.session.execute(
        sa.select(ReactionBucket.begins_at, sa.func.sum(ReactionBucket.count))
        .where(ReactionBucket.webinar_id == webinar_id)
        .group_by(ReactionBucket.begins_at)
        .order_by(ReactionBucket.begins_at)
    )
    return [(moment, int(count)) for moment, count in found]
