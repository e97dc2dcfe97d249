"""The run of show: going live and ending, the recording, the parts of the agenda."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import record
from eventapp.live.actions.logging import acting
from eventapp.live.actions.moderating import answer_question
from eventapp.live.actions.polling import close_running_poll
from eventapp.live.events import AgendaItemStarted, RecordingStarted, RecordingStopped
from eventapp.live.models import LogEntryKind
from eventapp.live.queries import has_entry, list_run
from eventapp.live.refusals import AlreadyRecording, AlreadyRunning, NotRecording
from eventapp.live.rules import check_can_record, check_can_run, replay_run
from eventapp.questions.queries import list_on_air_for_change
from eventapp.webinars import actions as webinars
from eventapp.webinars.queries import get_agenda_item, lock_webinar


def start_webinar(webinar_id: int, *, actor_id: int, now: datetime) -> None:
    """Go live. Records WebinarWentLive. Refuses: CannotGoLive."""
    webinar = lock_webinar(webinar_id)
    with acting(webinar, LogEntryKind.WEBINAR_STARTED, actor_id=actor_id, now=now):
        webinars.go_live(webinar, now=now)


def finish_webinar(webinar_id: int, *, actor_id: int, now: datetime) -> None:
    """End the webinar; what is on air counts as answered. Records WebinarEnded.

    Refuses: CannotEnd.
    """
    webinar = lock_webinar(webinar_id)
    for question in list_on_air_for_change(webinar.id):
        answer_question(question.id, webinar_id=webinar.id, actor_id=actor_id, now=now)
    close_running_poll(webinar, actor_id=actor_id, now=now)
    with acting(webinar, LogEntryKind.WEBINAR_ENDED, actor_id=actor_id, now=now):
        webinars.end_webinar(webinar, now=now)


def note_start(webinar_id: int) -> None:
    """Bring the start into the log where the webinar went live elsewhere than at this desk."""
    webinar = lock_webinar(webinar_id)
    if webinar.went_live_at is None or has_entry(webinar.id, LogEntryKind.WEBINAR_STARTED):
        return
    with acting(webinar, LogEntryKind.WEBINAR_STARTED, actor_id=None, now=webinar.went_live_at):
        pass


def note_end(webinar_id: int) -> None:
    """Bring the end into the log where the webinar was ended elsewhere; nothing stays on air.

    So is one that was called off while it was live. A webinar that was never live here has no log.
    """
    webinar = lock_webinar(webinar_id)
    ended_at = webinar.ended_at or webinar.cancelled_at
    if webinar.went_live_at is None or ended_at is None:
        return
    for question in list_on_air_for_change(webinar.id):
        answer_question(question.id, webinar_id=webinar.id, actor_id=None, now=ended_at)
    close_running_poll(webinar, actor_id=None, now=ended_at)
    if not has_entry(webinar.id, LogEntryKind.WEBINAR_ENDED):
        with acting(webinar, LogEntryKind.WEBINAR_ENDED, actor_id=None, now=ended_at):
            pass


def start_recording(webinar_id: int, *, actor_id: int, now: datetime) -> None:
    """Mark the start of the recording: the zero of every time code.

    Records RecordingStarted. Refuses: NothingToRecord, AlreadyRecording.
    """
    webinar = lock_webinar(webinar_id)
    check_can_record(webinar)
    if replay_run(list_run(webinar.id)).is_recording:
        raise AlreadyRecording
    with acting(webinar, LogEntryKind.RECORDING_STARTED, actor_id=actor_id, now=now):
        record(RecordingStarted(webinar_id=webinar.id))


def stop_recording(webinar_id: int, *, actor_id: int, now: datetime) -> None:
    """Mark the end of the recording. Refuses: NotRecording."""
    webinar = lock_webinar(webinar_id)
    if not replay_run(list_run(webinar.id)).is_recording:
        raise NotRecording
    with acting(webinar, LogEntryKind.RECORDING_STOPPED, actor_id=actor_id, now=now):
        record(RecordingStopped(webinar_id=webinar.id))


def start_agenda_item(
    webinar_id: int, *, agenda_item_id: int, actor_id: int, now: datetime
) -> None:
    """Say that a part of the agenda begins now. Refuses: WebinarIsNotLive, AlreadyRunning."""
    webinar = lock_webinar(webinar_id)
    check_can_run(webinar)
    item = get_agenda_item(webinar, agenda_item_id)
    if replay_run(list_run(webinar.id)).agenda_item_id == item.id:
        raise AlreadyRunning
    kind = LogEntryKind.AGENDA_ITEM_STARTED
    with acting(webinar, kind, actor_id=actor_id, now=now, agenda_item=item):
        record(AgendaItemStarted(webinar_id=webinar.id, agenda_item_id=item.id))
