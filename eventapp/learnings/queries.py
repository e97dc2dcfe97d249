"""Every read of learnings."""

from __future__ import annotations

from eventapp.core.db import db
from eventapp.learnings.models import Learnings


def find_learnings(webinar_id: int) -> Learnings | None:
    return db.session.get(Learnings, webinar_id)
