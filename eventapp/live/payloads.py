"""The run of show as open pages receive it: plain JSON values, drawn by the page as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.live.rules import effective_entries, find_undoable, replay_log
from eventapp.webinars.models import AgendaItem, Webinar
from eventapp.webinars.rules import plan_agenda

LONGEST_LABEL = 60

ACTS = {
    LogEntryKind.WEBINAR_STARTED: _l("Went live"),
    LogEntryKind.WEBINAR_ENDED: _l("Ended"),
    LogEntryKind.RECORDING_STARTED: _l("Recording started"),
    LogEntryKind.RECORDING_STOPPED: _l("Recording stopped"),
    LogEntryKind.AGENDA_ITEM_STARTED: _l("Started"),
    LogEntryKind.QUESTION_APPROVED: _l("Published"),
    LogEntryKind.QUESTION_DISMISSED: _l("Set aside"),
    LogEntryKind.QUESTION_ON_AIR: _l("On air"),
    LogEntryKind.QUESTION_ANSWERED: _l("Answered"),
    LogEntryKind.QUESTION_ASKED: _l("Asked"),
    LogEntryKind.QUESTION_CHANGED: _l("Changed by who asked"),
    LogEntryKind.QUESTION_WITHDRAWN: _l("Withdrawn"),
    LogEntryKind.QUESTION_EDITED: _l("Edited"),
    LogEntryKind.QUESTION_LABELLED: _l("Labelled"),
    LogEntryKind.QUESTION_ASSIGNED: _l("Assigned"),
    LogEntryKind.QUESTION_PINNED: _l("Pinned"),
    LogEntryKind.QUESTION_UNPINNED: _l("Unpinned"),
    LogEntryKind.QUESTION_MERGED: _l("Merged"),
    LogEntryKind.ASKER_ERASED: _l("Asker erased"),
    LogEntryKind.ANSWER_WRITTEN: _l("Answered in writing"),
    LogEntryKind.FOLLOW_UP_WRITTEN: _l("Follow-up"),
    LogEntryKind.REPLY_PUBLISHED: _l("Follow-up published"),
    LogEntryKind.REPLY_DISMISSED: _l("Reply set aside"),
    LogEntryKind.ASKER_SILENCED: _l("Silenced who asked"),
    LogEntryKind.ASKER_HEARD: _l("Let write again who asked"),
    LogEntryKind.ROOM_CHANGED: _l("Room changed"),
    LogEntryKind.STAGE_MOVED: _l("New address for the stage"),
    LogEntryKind.POLL_WRITTEN: _l("Poll written"),
    LogEntryKind.POLL_OPENED: _l("Poll opened"),
    LogEntryKind.POLL_CLOSED: _l("Poll closed"),
    LogEntryKind.POLL_DELETED: _l("Poll deleted"),
    LogEntryKind.WORD_HIDDEN: _l("Word hidden"),
    LogEntryKind.UNDONE: _l("Undone"),
}


def describe_agenda(webinar: Webinar, entries: Sequence[LogEntry]) -> dict[str, Any]:
    """What the audience is told: the part of the agenda that runs now; `title` empty for none.

    `number` is the log's newest: of several payloads the highest holds.
    """
    state = replay_log(entries)
    item = _find_item(webinar, state.agenda_item_id)
    return {
        "number": entries[-1].number if entries else 0,
        "item": item.id if item else None,
        "title": item.title if item else "",
        "speakers": ", ".join(s.name for s in item.speakers) if item else "",
    }


def describe_run(webinar: Webinar, entries: Sequence[LogEntry]) -> dict[str, Any]:
    """What moderators are told beside that: what started when, recording, what undo does."""
    state = replay_log(entries)
    undoable = find_undoable(entries)
    planned = {plan.item.id: plan.starts_at for plan in plan_agenda(webinar)}
    return {
        **describe_agenda(webinar, entries),
        "status": webinar.status.value,
        "recording": _recording_label(webinar, entries) if state.is_recording else "",
        "started": {
            str(item_id): _started_label(at, planned[item_id], zone=webinar.time_zone)
            for item_id, at in state.started.items()
            if item_id in planned
        },
        "undo": {"entry": undoable.id, "label": describe_act(undoable)} if undoable else None,
    }


def list_planned(webinar: Webinar) -> list[dict[str, Any]]:
    """The planned agenda with clock times in the webinar's zone, as components/agenda draws it."""
    return [
        {
            "id": f"agenda-{plan.item.id}",
            "item_id": plan.item.id,
            "timecode": clock_label(plan.starts_at, zone=webinar.time_zone),
            "title": plan.item.title,
            "kind": plan.item.kind.value,
            "section": plan.section,
            "speakers": [speaker.name for speaker in plan.item.speakers],
            "minutes": plan.item.minutes,
        }
        for plan in plan_agenda(webinar)
    ]


def describe_act(entry: LogEntry) -> str:
    """Such as "On air: How transferable is the concept?", in one short line."""
    act = str(ACTS[entry.kind])
    if not entry.title:
        return act
    title = entry.title
    if len(title) > LONGEST_LABEL:
        title = title[: LONGEST_LABEL - 1].rstrip() + "…"
    return str(_("%(act)s: %(title)s", act=act, title=title))


def clock_label(moment: datetime, *, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def _recording_label(webinar: Webinar, entries: Sequence[LogEntry]) -> str:
    starts = [e for e in effective_entries(entries) if e.kind is LogEntryKind.RECORDING_STARTED]
    at = clock_label(starts[-1].at, zone=webinar.time_zone)
    return str(_("Recording since %(time)s", time=at))


def _started_label(at: datetime, planned: datetime, *, zone: str) -> str:
    minutes = round((at - planned).total_seconds() / 60)
    began = clock_label(at, zone=zone)
    if minutes > 0:
        return str(_("Began at %(time)s, %(minutes)s min late", time=began, minutes=minutes))
    if minutes < 0:
        return str(_("Began at %(time)s, %(minutes)s min early", time=began, minutes=-minutes))
    return str(_("Began at %(time)s, on time", time=began))


def _find_item(webinar: Webinar, item_id: int | None) -> AgendaItem | None:
    return next((item for item in webinar.agenda_items if item.id == item_id), None)
