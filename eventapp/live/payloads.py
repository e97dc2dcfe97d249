"""The run of show as open pages receive it: plain JSON values, drawn by the page as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.live.drift import ItemPace, Pace, measure_pace, to_minutes
from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.live.queries import Run
from eventapp.live.rules import replay_run
from eventapp.webinars.models import AgendaItem, Webinar
from eventapp.webinars.rules import PlannedItem, plan_agenda

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
    LogEntryKind.ANSWER_CHANGED: _l("Written answer changed"),
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
    LogEntryKind.WORD_SHOWN: _l("Word shown again"),
    LogEntryKind.UNDONE: _l("Undone"),
}


def describe_agenda(webinar: Webinar, run: Run) -> dict[str, Any]:
    """What the audience is told: the part of the agenda that runs now; `title` empty for none.

    `number` is the newest in the log that can have changed it: of several payloads the highest
    holds.
    """
    state = replay_run(run.entries)
    item = _find_item(webinar, state.agenda_item_id)
    return {
        "number": run.number,
        "item": item.id if item else None,
        "title": item.title if item else "",
        "speakers": ", ".join(s.name for s in item.speakers) if item else "",
    }


def describe_run(webinar: Webinar, run: Run, *, now: datetime) -> dict[str, Any]:
    """What moderators are told beside that: what started when, recording, what undo does."""
    state = replay_run(run.entries)
    pace = measure_pace(webinar, started=state.started, running_id=state.agenda_item_id, now=now)
    return {
        **describe_agenda(webinar, run),
        "number": run.newest,
        "status": webinar.status.value,
        "recording": _recording_label(webinar, run.entries) if state.is_recording else "",
        "started": {
            str(part.item.id): _started_label(part, zone=webinar.time_zone)
            for part in pace.items
            if part.began_at is not None
        },
        "undo": _describe_undoable(run),
        **_describe_pace(pace, zone=webinar.time_zone),
    }


def _describe_undoable(run: Run) -> dict[str, Any] | None:
    if run.undoable is None:
        return None
    label = describe_act(run.undoable)
    return {"entry": run.undoable.id, "label": label, "by": run.undoable_by}


def _describe_pace(pace: Pace, *, zone: str) -> dict[str, Any]:
    """Moments are there in full, so that a page can count on from them by itself.

    `late` is in minutes, negative for early: of each part as it began, and of all that is to come.
    """
    return {
        "items": [
            {
                "item": part.item.id,
                "planned_at": _iso(part.planned_at),
                "began_at": _iso(part.began_at),
                "late": part.minutes_late,
            }
            for part in pace.items
        ],
        "ends_at": _iso(pace.ends_at),
        "planned_end": _iso(pace.planned_end),
        "late": None if pace.late is None else to_minutes(pace.late),
        "next": _describe_next(pace.next_item, zone=zone),
    }


def _describe_next(plan: PlannedItem | None, *, zone: str) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {
        "item": plan.item.id,
        "title": plan.item.title,
        "speakers": ", ".join(speaker.name for speaker in plan.item.speakers),
        "planned_at": _iso(plan.starts_at),
        "planned": clock_label(plan.starts_at, zone=zone),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


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
    starts = [e for e in entries if e.kind is LogEntryKind.RECORDING_STARTED]
    at = clock_label(starts[-1].at, zone=webinar.time_zone)
    return str(_("Recording since %(time)s", time=at))


def _started_label(part: ItemPace, *, zone: str) -> str:
    if part.began_at is None or part.minutes_late is None:
        return ""
    minutes, began = part.minutes_late, clock_label(part.began_at, zone=zone)
    if minutes > 0:
        return str(_("Began at %(time)s, %(minutes)s min late", time=began, minutes=minutes))
    if minutes < 0:
        return str(_("Began at %(time)s, %(minutes)s min early", time=began, minutes=-minutes))
    return str(_("Began at %(time)s, on time", time=began))


def _find_item(webinar: Webinar, item_id: int | None) -> AgendaItem | None:
    return next((item for item in webinar.agenda_items if item.id == item_id), None)
