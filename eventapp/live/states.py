"""The state of a page: what it is drawn from, and what it fetches when it may have missed news.

Each is built from a constant number of queries. The bus is asked for its newest id before the
database is read, so a page that goes on after that id misses nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, url_for

from eventapp.live.bus import newest_id
from eventapp.live.payloads import describe_agenda, describe_run
from eventapp.live.permits import Channel, Permit, sign_permit
from eventapp.live.queries import get_webinar_with_agenda, list_log
from eventapp.questions.payloads import describe_question
from eventapp.questions.queries import (
    list_public_questions,
    list_questions,
    list_questions_seen_by,
    list_voted_ids,
)
from eventapp.webinars.models import Webinar

STREAMS = {
    Channel.ROOM: "/webinars/{slug}/live/stream",
    Channel.STAGE: "/webinars/{slug}/live/stage/stream",
    Channel.DESK: "/manage/webinars/{id}/live/stream",
}


def build_room_state(webinar_id: int, *, viewer: str, now: datetime) -> dict[str, Any]:
    """What the audience sees, with this viewer's own questions and votes."""
    after = newest_id()
    webinar = get_webinar_with_agenda(webinar_id)
    questions = list_questions_seen_by(webinar.id, viewer=viewer)
    voted = list_voted_ids(webinar.id, voter=viewer) if viewer else set()
    zone = webinar.time_zone
    return {
        "after": after,
        "stream": stream_address(webinar, Channel.ROOM, now=now),
        "status": webinar.status.value,
        "agenda": describe_agenda(webinar, list_log(webinar.id)),
        "questions": [
            describe_question(q, time_zone=zone)
            | {"voted": q.id in voted, "mine": bool(viewer) and q.asker_key == viewer}
            for q in questions
        ],
    }


def build_stage_state(webinar_id: int, *, now: datetime) -> dict[str, Any]:
    """What the big screen shows: public questions alone."""
    after = newest_id()
    webinar = get_webinar_with_agenda(webinar_id)
    return {
        "after": after,
        "stream": stream_address(webinar, Channel.STAGE, now=now),
        "status": webinar.status.value,
        "agenda": describe_agenda(webinar, list_log(webinar.id)),
        "questions": [
            describe_question(q, time_zone=webinar.time_zone)
            for q in list_public_questions(webinar.id)
        ],
    }


def build_desk_state(webinar_id: int, *, now: datetime) -> dict[str, Any]:
    """What moderators see: every question, and the run of show."""
    after = newest_id()
    webinar = get_webinar_with_agenda(webinar_id)
    return {
        "after": after,
        "stream": stream_address(webinar, Channel.DESK, now=now),
        "status": webinar.status.value,
        "run": describe_run(webinar, list_log(webinar.id)),
        "questions": [
            describe_question(q, time_zone=webinar.time_zone) for q in list_questions(webinar.id)
        ],
    }


def stream_address(webinar: Webinar, channel: Channel, *, now: datetime) -> str:
    """Return where the stream is, with the permit to open it."""
    permit = sign_permit(
        Permit(webinar_id=webinar.id, channel=channel),
        secret_key=current_app.config["SECRET_KEY"],
        now=now,
    )
    path = STREAMS[channel].format(slug=webinar.slug, id=webinar.id)
    return f"{path}?permit={permit}"


def room_address(webinar: Webinar) -> str:
    """Return the room's whole address, as people type it."""
    base: str = current_app.config["EVENTAPP"].base_url
    return base + url_for("live.room", slug=webinar.slug)
