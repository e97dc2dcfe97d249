"""The state of a page: what it is drawn from, and what it fetches when it may have missed news.

Each is built from a constant number of queries, of a webinar as `get_webinar_with_agenda` loads it.
`after` is the bus's newest id, asked for before anything was read: a page that goes on after that
id misses nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import current_app, url_for

from eventapp.audience_reactions.queries import count_reactions
from eventapp.live.payloads import describe_agenda, describe_run
from eventapp.live.permits import Channel, sign_permit
from eventapp.live.queries import list_log
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


def build_room_state(webinar: Webinar, *, after: str, viewer: str, now: datetime) -> dict[str, Any]:
    """What the audience sees, with this viewer's own questions and votes."""
    questions = list_questions_seen_by(webinar.id, viewer=viewer)
    voted = list_voted_ids(webinar.id, voter=viewer) if viewer else set()
    zone = webinar.time_zone
    return {
        "after": after,
        "stream": stream_address(webinar, Channel.ROOM, now=now),
        "status": webinar.status.value,
        "agenda": describe_agenda(webinar, list_log(webinar.id)),
        "reactions": count_reactions(webinar.id),
        "questions": [
            describe_question(q, time_zone=zone)
            | {"voted": q.id in voted, "mine": bool(viewer) and q.asker_key == viewer}
            for q in questions
        ],
    }


def build_stage_state(webinar: Webinar, *, after: str, now: datetime) -> dict[str, Any]:
    """What the big screen shows: public questions alone."""
    return {
        "after": after,
        "stream": stream_address(webinar, Channel.STAGE, now=now),
        "status": webinar.status.value,
        "agenda": describe_agenda(webinar, list_log(webinar.id)),
        "reactions": count_reactions(webinar.id),
        "questions": [
            describe_question(q, time_zone=webinar.time_zone)
            for q in list_public_questions(webinar.id)
        ],
    }


def build_desk_state(webinar: Webinar, *, after: str, now: datetime) -> dict[str, Any]:
    """What moderators see: every question, and the run of show."""
    return {
        "after": after,
        "stream": stream_address(webinar, Channel.DESK, now=now),
        "status": webinar.status.value,
        "run": describe_run(webinar, list_log(webinar.id)),
        "reactions": count_reactions(webinar.id),
        "questions": [
            describe_question(q, time_zone=webinar.time_zone) for q in list_questions(webinar.id)
        ],
    }


def stream_address(webinar: Webinar, channel: Channel, *, now: datetime) -> str:
    """Return where the stream is, with the permit to open it."""
    permit = sign_permit(
        webinar.id,
        channel=channel,
        secret_key=current_app.config["SECRET_KEY"],
        now=now,
    )
    path = STREAMS[channel].format(slug=webinar.slug, id=webinar.id)
    return f"{path}?permit={permit}"


def room_address(webinar: Webinar) -> str:
    """Return the room's whole address, as people type it."""
    base: str = current_app.config["EVENTAPP"].base_url
    return base + url_for("live.room", slug=webinar.slug)
