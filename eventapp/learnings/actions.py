"""Every write of learnings."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import db
from eventapp.learnings.models import Learnings
from eventapp.learnings.queries import find_learnings
from eventapp.learnings.refusals import LearningsHaveChanged
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def save_learnings(
    webinar: Webinar, *, body: str, now: datetime, seen_at: datetime | None = None
) -> Learnings:
    """Keep `body` (Markdown) as the key learnings; the public reads them once they are published.

    `seen_at` is when the text was saved that the organiser began with, None for no text yet.
    Refuses: LearningsHaveChanged, when somebody saved another meanwhile.
    """
    lock_webinar(webinar.id)
    found = find_learnings(webinar.id)
    if found is not None and found.updated_at != seen_at:
        raise LearningsHaveChanged
    if found is None:
        found = Learnings(webinar_id=webinar.id)
        db.session.add(found)
    found.body = body
    found.updated_at = now
    db.session.flush()
    return found
