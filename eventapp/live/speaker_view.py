"""What a speaker reads on the phone beside the camera: the time left, what is next, own questions.

Of questions only what the room may read: a moderator decides, by publishing and assigning them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from eventapp.live.drift import Pace, measure_pace, to_minutes
from eventapp.live.payloads import clock_label
from eventapp.live.permits import Channel
from eventapp.live.queries import get_run
from eventapp.live.rules import replay_run
from eventapp.live.states import stream_address
from eventapp.questions.models import Question
from eventapp.questions.queries import list_questions_for_speaker
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import AgendaItem, Webinar
from eventapp.webinars.rules import PlannedItem, plan_agenda


def build_speaker_state(
    webinar: Webinar, speaker: Speaker, *, after: str, now: datetime
) -> dict[str, Any]:
    """Return all that the page shows; moments in full (ISO 8601), so that it counts on by itself.

    It hears the room's news, which holds nothing more, and asks anew for this.
    """
    run = replay_run(get_run(webinar.id).entries)
    pace = measure_pace(webinar, started=run.started, running_id=run.agenda_item_id, now=now)
    questions = list_questions_for_speaker(webinar.id, speaker_id=speaker.id)
    return {
        "after": after,
        "stream": stream_address(webinar, Channel.ROOM, now=now),
        "status": webinar.status.value,
        "now": now.isoformat(timespec="milliseconds"),
        "running": _describe_running(pace, speaker),
        "late": None if pace.late is None else to_minutes(pace.late),
        "next": _describe_next(pace.next_item, pace, webinar, speaker),
        "mine": _describe_next(_find_mine(webinar, pace, speaker), pace, webinar, speaker),
        "questions": [_describe_question(question) for question in questions],
    }


def _describe_running(pace: Pace, speaker: Speaker) -> dict[str, Any] | None:
    item = pace.running
    if item is None or pace.ends_at is None:
        return None
    return {
        "title": item.title,
        "speakers": _name_all(item.speakers),
        "mine": _is_mine(item, speaker),
        "minutes": item.minutes,
        "ends_at": pace.ends_at.isoformat(timespec="seconds"),
    }


def _describe_next(
    plan: PlannedItem | None, pace: Pace, webinar: Webinar, speaker: Speaker
) -> dict[str, Any] | None:
    """`expected` is when it begins if all that runs takes as long as planned from now on."""
    if plan is None:
        return None
    expected = plan.starts_at + (pace.late or timedelta())
    return {
        "item": plan.item.id,
        "title": plan.item.title,
        "speakers": _name_all(plan.item.speakers),
        "mine": _is_mine(plan.item, speaker),
        "minutes": plan.item.minutes,
        "planned": clock_label(plan.starts_at, zone=webinar.time_zone),
        "expected": clock_label(expected, zone=webinar.time_zone),
    }


def _find_mine(webinar: Webinar, pace: Pace, speaker: Speaker) -> PlannedItem | None:
    """The next part with this speaker in it, unless that is the very next one anyway."""
    planned = plan_agenda(webinar)
    if pace.next_item is None:
        return None
    first = next(n for n, plan in enumerate(planned) if plan.item.id == pace.next_item.item.id)
    mine = (plan for plan in planned[first:] if _is_mine(plan.item, speaker))
    found = next(mine, None)
    return None if found is None or found.item.id == pace.next_item.item.id else found


def _is_mine(item: AgendaItem, speaker: Speaker) -> bool:
    return any(each.id == speaker.id for each in item.speakers)


def _name_all(speakers: Sequence[Speaker]) -> str:
    return ", ".join(speaker.name for speaker in speakers)


def _describe_question(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "text": question.text,
        "author": question.author_name,
        "status": question.status.value,
        "votes": question.votes,
        "label": question.label,
    }
