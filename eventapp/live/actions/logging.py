"""Writing the log: who did what, when, and how what they touched stood before."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eventapp.core.db import db, record
from eventapp.live.events import ActLogged
from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.live.queries import find_newest_number
from eventapp.questions.models import Question
from eventapp.webinars.models import Webinar


def remember(touched: Sequence[Question]) -> str:
    """What an undo of the coming act has to restore, as JSON."""
    return json.dumps(
        [
            {
                "id": question.id,
                "status": question.status.value,
                "on_air_at": question.on_air_at and question.on_air_at.isoformat(),
                "answered_at": question.answered_at and question.answered_at.isoformat(),
            }
            for question in touched
        ]
    )


def write_entry_of(
    question: Question, kind: LogEntryKind, before: str, *, actor_id: int | None, now: datetime
) -> None:
    entry = LogEntry(question_id=question.id, title=question.text, before=before)
    _append(entry, question.webinar_id, kind, actor_id=actor_id, now=now)
    record(ActLogged(webinar_id=question.webinar_id))


def write_entry(
    webinar: Webinar, kind: LogEntryKind, *, actor_id: int | None, now: datetime, **details: Any
) -> LogEntry:
    return _append(LogEntry(**details), webinar.id, kind, actor_id=actor_id, now=now)


def _append(
    entry: LogEntry, webinar_id: int, kind: LogEntryKind, *, actor_id: int | None, now: datetime
) -> LogEntry:
    """Write the next entry; the webinar's lock keeps the numbers without gap or doubling."""
    entry.webinar_id, entry.kind, entry.at, entry.actor_id = webinar_id, kind, now, actor_id
    entry.number = (find_newest_number(webinar_id) or 0) + 1
    db.session.add(entry)
    db.session.flush()
    return entry
