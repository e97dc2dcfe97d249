"""Every read of learnings."""

from __future__ import annotations

from eventapp.core.db import db
from eventapp.learnings.models import Learnings


def find_learnings(webinar_id: int) -> Learnings | None:
    return db.session.get(Learnings, webinar_id)


def find_body(webinar_id: int) -> str:
    """Return the learnings as they stand on the desk, or an empty text."""
    found = find_learnings(webinar_id)
    return found.body if found else ""
