"""Taking back the last act."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import Base, record
from eventapp.live.actions.logging import acting
from eventapp.live.changes import State, from_text, put_back
from eventapp.live.events import ActUndone
from eventapp.live.models import LogEntryKind
from eventapp.live.queries import list_log
from eventapp.live.refusals import NothingToUndo, SomethingNewerHappened
from eventapp.live.rules import find_undoable
from eventapp.questions.events import QuestionRestored
from eventapp.questions.models import Question, QuestionReply
from eventapp.questions.rules import PUBLIC_STATUSES
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
    before = from_text(entry.before)
    kind = LogEntryKind.UNDONE
    with acting(webinar, kind, actor_id=actor_id, now=now, undoes_id=entry.id) as act:
        for row, stood in put_back(before, from_text(entry.after)):
            act.touched.append(row)
            act.before.append(stood)
            _tell(row, stood)
    record(ActUndone(webinar_id=webinar.id, entry_id=entry.id))


def _tell(row: Base, stood: State) -> None:
    """Let open pages hear of what an undo gave back."""
    if isinstance(row, QuestionReply):
        row = row.question
    if isinstance(row, Question):
        row.revision += 1
        record(
            QuestionRestored(
                question_id=row.id,
                webinar_id=row.webinar_id,
                was_public=stood.get("status") in PUBLIC_STATUSES,
            )
        )
