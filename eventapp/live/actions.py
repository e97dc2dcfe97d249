"""Acts at the desk: each does its work and writes the live log in one transaction.

Acts on one webinar happen one after another, under the webinar's lock, so two moderators always
see one truth: whoever is second is told where the question is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from eventapp.core.db import db, record
from eventapp.live.events import (
    ActLogged,
    ActUndone,
    AgendaItemStarted,
    RecordingStarted,
    RecordingStopped,
)
from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.live.queries import find_newest_number, has_entry, list_log
from eventapp.live.refusals import (
    AlreadyRecording,
    AlreadyRunning,
    NothingToUndo,
    NotRecording,
    SomethingNewerHappened,
)
from eventapp.live.rules import check_can_record, check_can_run, find_undoable, replay_log
from eventapp.questions import actions as questions
from eventapp.questions.models import Question, QuestionStatus
from eventapp.questions.queries import get_question, list_on_air_for_change
from eventapp.webinars import actions as webinars
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_agenda_item, lock_webinar


def start_webinar(webinar_id: int, *, actor_id: int, now: datetime) -> None:
    """Go live. Records WebinarWentLive. Refuses: CannotGoLive."""
    webinar = lock_webinar(webinar_id)
    webinars.go_live(webinar, now=now)
    _write(webinar, LogEntryKind.WEBINAR_STARTED, actor_id=actor_id, now=now)


def finish_webinar(webinar_id: int, *, actor_id: int, now: datetime) -> None:
    """End the webinar; what is on air counts as answered. Records WebinarEnded.

    Refuses: CannotEnd.
    """
    webinar = lock_webinar(webinar_id)
    for question in list_on_air_for_change(webinar.id):
        answer_question(question.id, webinar_id=webinar.id, actor_id=actor_id, now=now)
    webinars.end_webinar(webinar, now=now)
    _write(webinar, LogEntryKind.WEBINAR_ENDED, actor_id=actor_id, now=now)


def note_start(webinar_id: int) -> None:
    """Bring the start into the log where the webinar went live elsewhere than at this desk."""
    webinar = lock_webinar(webinar_id)
    if webinar.went_live_at is None or has_entry(webinar.id, LogEntryKind.WEBINAR_STARTED):
        return
    _write(webinar, LogEntryKind.WEBINAR_STARTED, actor_id=None, now=webinar.went_live_at)


def note_end(webinar_id: int) -> None:
    """Bring the end into the log where the webinar was ended elsewhere; nothing stays on air.

    A webinar that was never live here has no log.
    """
    webinar = lock_webinar(webinar_id)
    ended_at = webinar.ended_at
    if webinar.went_live_at is None or ended_at is None:
        return
    for question in list_on_air_for_change(webinar.id):
        answer_question(question.id, webinar_id=webinar.id, actor_id=None, now=ended_at)
    if not has_entry(webinar.id, LogEntryKind.WEBINAR_ENDED):
        _write(webinar, LogEntryKind.WEBINAR_ENDED, actor_id=None, now=ended_at)


def start_recording(webinar_id: int, *, actor_id: int, now: datetime) -> None:
    """Mark the start of the recording: the zero of every time code.

    Records RecordingStarted. Refuses: NothingToRecord, AlreadyRecording.
    """
    webinar = lock_webinar(webinar_id)
    check_can_record(webinar)
    if replay_log(list_log(webinar.id)).is_recording:
        raise AlreadyRecording
    _write(webinar, LogEntryKind.RECORDING_STARTED, actor_id=actor_id, now=now)
    record(RecordingStarted(webinar_id=webinar.id))


def stop_recording(webinar_id: int, *, actor_id: int, now: datetime) -> None:
    """Mark the end of the recording. Refuses: NotRecording."""
    webinar = lock_webinar(webinar_id)
    if not replay_log(list_log(webinar.id)).is_recording:
        raise NotRecording
    _write(webinar, LogEntryKind.RECORDING_STOPPED, actor_id=actor_id, now=now)
    record(RecordingStopped(webinar_id=webinar.id))


def start_agenda_item(
    webinar_id: int, *, agenda_item_id: int, actor_id: int, now: datetime
) -> None:
    """Say that a part of the agenda begins now. Refuses: WebinarIsNotLive, AlreadyRunning."""
    webinar = lock_webinar(webinar_id)
    check_can_run(webinar)
    item = get_agenda_item(webinar, agenda_item_id)
    if replay_log(list_log(webinar.id)).agenda_item_id == item.id:
        raise AlreadyRunning
    entry = _write(
        webinar,
        LogEntryKind.AGENDA_ITEM_STARTED,
        actor_id=actor_id,
        now=now,
        agenda_item_id=item.id,
        title=item.title,
    )
    record(AgendaItemStarted(webinar_id=entry.webinar_id, agenda_item_id=item.id))


def approve_question(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Publish a question. Refuses: QuestionIsElsewhere."""
    webinar = lock_webinar(webinar_id)
    before = _remember([get_question(question_id, webinar_id=webinar.id)])
    question = questions.approve_question(question_id, webinar_id=webinar.id)
    _write_of(question, LogEntryKind.QUESTION_APPROVED, before, actor_id=actor_id, now=now)


def dismiss_question(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Set a question aside. Refuses: QuestionIsElsewhere."""
    webinar = lock_webinar(webinar_id)
    before = _remember([get_question(question_id, webinar_id=webinar.id)])
    question = questions.dismiss_question(question_id, webinar_id=webinar.id)
    _write_of(question, LogEntryKind.QUESTION_DISMISSED, before, actor_id=actor_id, now=now)


def put_question_on_air(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Put a question on air; the one before counts as answered.

    Refuses: WebinarIsNotLive, QuestionIsElsewhere.
    """
    webinar = lock_webinar(webinar_id)
    check_can_run(webinar)
    touched = [get_question(question_id, webinar_id=webinar.id)]
    touched += [q for q in list_on_air_for_change(webinar.id) if q.id != question_id]
    before = _remember(touched)
    question = questions.put_on_air(question_id, webinar_id=webinar.id, now=now)[0]
    _write_of(question, LogEntryKind.QUESTION_ON_AIR, before, actor_id=actor_id, now=now)


def answer_question(
    question_id: int, *, webinar_id: int, actor_id: int | None, now: datetime
) -> None:
    """Mark a question as answered. Refuses: QuestionIsElsewhere."""
    webinar = lock_webinar(webinar_id)
    before = _remember([get_question(question_id, webinar_id=webinar.id)])
    question = questions.mark_answered(question_id, webinar_id=webinar.id, now=now)
    _write_of(question, LogEntryKind.QUESTION_ANSWERED, before, actor_id=actor_id, now=now)


def restore_question(question_id: int, *, webinar_id: int, actor_id: int, now: datetime) -> None:
    """Bring a question back among the published ones. Refuses: QuestionIsElsewhere."""
    webinar = lock_webinar(webinar_id)
    before = _remember([get_question(question_id, webinar_id=webinar.id)])
    question = questions.restore_question(question_id, webinar_id=webinar.id)
    _write_of(question, LogEntryKind.QUESTION_APPROVED, before, actor_id=actor_id, now=now)


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
    _write(webinar, LogEntryKind.UNDONE, actor_id=actor_id, now=now, undoes_id=entry.id)
    record(ActUndone(webinar_id=webinar.id, entry_id=entry.id))


def _put_back(webinar: Webinar, state: dict[str, Any]) -> None:
    questions.put_back(
        state["id"],
        webinar_id=webinar.id,
        status=QuestionStatus(state["status"]),
        on_air_at=_moment(state["on_air_at"]),
        answered_at=_moment(state["answered_at"]),
    )


def _remember(touched: Sequence[Question]) -> str:
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


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _write_of(
    question: Question, kind: LogEntryKind, before: str, *, actor_id: int | None, now: datetime
) -> None:
    entry = LogEntry(question_id=question.id, title=question.text, before=before)
    _append(entry, question.webinar_id, kind, actor_id=actor_id, now=now)
    record(ActLogged(webinar_id=question.webinar_id))


def _write(
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
