"""Taking back the last act."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from eventapp.core.db import record
from eventapp.live.actions.logging import write_entry
from eventapp.live.events import ActUndone
from eventapp.live.models import LogEntryKind
from eventapp.live.queries import list_log
from eventapp.live.refusals import NothingToUndo, SomethingNewerHappened
from eventapp.live.rules import find_undoable
from eventapp.questions import actions as questions
from eventapp.questions.models import QuestionStatus
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def undo_act(webinar_id: int, *, entry_id: int, actor_id: int, now: datetime) -> None:
    """Take back the last act, which must be `entry_id`: what the moderator read on the button.

    Records ActUndone. Refuses: NothingToUndo, SomethingNewerHappened.
    """
    webinar = lock_webinar(webinar_id)
    entry = find_undoable(list_log(webinar.id))
    if entry is None:
        raise NothingToUndo
    if entry.id != entry_id:
        raise SomethingNewerHappened
    for state in json.loads(entry.before or "[]"):
        _put_back(webinar, state)
    write_entry(webinar, LogEntryKind.UNDONE, actor_id=actor_id, now=now, undoes_id=entry.id)
    record(ActUndone(webinar_id=webinar.id, entry_id=entry.id))


def _put_back(webinar: Webinar, state: dict[str, Any]) -> None:
    questions.put_back(
        state["id"],
        webinar_id=webinar.id,
        status=QuestionStatus(state["status"]),
        on_air_at=_moment(state["on_air_at"]),
        answered_at=_moment(state["answered_at"]),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
