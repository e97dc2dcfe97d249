"""Counting reactions: nothing is kept of whose they were."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite

from eventapp.audience_reactions.events import ReactionsCounted
from eventapp.audience_reactions.models import ReactionBucket, ReactionKind
from eventapp.audience_reactions.rules import bucket_of, check_can_react
from eventapp.core.db import db, record
from eventapp.webinars.models import Webinar


def react(webinar: Webinar, *, kind: ReactionKind, count: int, now: datetime) -> None:
    """Add `count` to the ten seconds of `now`, in one statement. Records ReactionsCounted.

    Refuses: ReactionsAreClosed.
    """
    check_can_react(webinar)
    dialect = db.session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    key = {"webinar_id": webinar.id, "kind": kind, "begins_at": bucket_of(now)}
    db.session.execute(
        insert(ReactionBucket)
        .values(**key, count=count)
        .on_conflict_do_update(
            index_elements=list(key), set_={"count": ReactionBucket.count + count}
        )
    )
    record(ReactionsCounted(webinar_id=webinar.id))
