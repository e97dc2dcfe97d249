"""What the audience does, as it comes into the log, in the transaction in which it is done.

Such an entry is nobody's act at the desk and is never undone there, so it keeps only how the thing
stood afterwards.
"""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import Base
from eventapp.live.actions.logging import append_entry
from eventapp.live.changes import remember, to_text
from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.questions.models import Question
from eventapp.questions.queries import get_question
from eventapp.questions.reply_queries import get_reply
from eventapp.webinars.queries import lock_webinar


def note_question(question_id: int, kind: LogEntryKind, *, webinar_id: int, now: datetime) -> None:
    """Note that a question was asked, changed, withdrawn, or has lost its asker."""
    lock_webinar(webinar_id)
    question = get_question(question_id, webinar_id=webinar_id)
    _note(question, kind, question=question, now=now)


def note_follow_up(reply_id: int, *, webinar_id: int, now: datetime) -> None:
    """Note that somebody wrote under a question of their own."""
    lock_webinar(webinar_id)
    reply = get_reply(reply_id, webinar_id=webinar_id)
    _note(reply, LogEntryKind.FOLLOW_UP_WRITTEN, question=reply.question, now=now)


def _note(row: Base, kind: LogEntryKind, *, question: Question, now: datetime) -> None:
    entry = LogEntry(
        kind=kind,
        at=now,
        question_id=question.id,
        title=question.text,
        before=to_text([]),
        after=to_text(remember(row)),
    )
    append_entry(question.webinar_id, entry)
