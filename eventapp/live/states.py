"""The state of a page: what it is drawn from, and what it fetches when it may have missed news.

Each is built from a constant number of queries, of a webinar as `get_webinar_with_agenda` loads it.
`after` is the bus's newest id, asked for before anything was read: a page that goes on after that
id misses nothing.

The room's consists of what all see alike, which `kept_states` keeps for a moment and hands to
everyone, and of what is one viewer's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app, url_for

from eventapp.audience_reactions.queries import count_reactions
from eventapp.core.assets import script_url
from eventapp.live.desk_states import describe_all_for_desk
from eventapp.live.listeners import name_listener
from eventapp.live.payloads import describe_agenda, describe_run
from eventapp.live.permits import Channel, sign_permit, sign_stage_key
from eventapp.live.queries import get_run
from eventapp.live.short_addresses import write_code
from eventapp.polls.payloads import (
    find_polls_of,
    list_desk_polls,
    list_polls_seen_by,
    list_stage_polls,
)
from eventapp.questions.models import Question
from eventapp.questions.payloads import describe_question
from eventapp.questions.queries import (
    get_room,
    list_public_questions,
    list_public_replies,
    list_questions_asked_by,
    list_voted_ids,
)
from eventapp.questions.room_payloads import describe_room, describe_room_for_desk
from eventapp.webinars.models import Webinar

STREAMS = {
    Channel.ROOM: "/webinars/{slug}/live/stream",
    Channel.STAGE: "/webinars/{slug}/live/stage/stream",
    Channel.DESK: "/manage/webinars/{id}/live/stream",
}


@dataclass(frozen=True, kw_only=True)
class OwnState:
    """What is one viewer's own in the state of the room.

    `questions` (by id) and `parts` (by key of the state) stand instead of what everyone sees, or
    beside it.
    """

    voted: AbstractSet[int] = frozenset()
    questions: dict[int, dict[str, Any]] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)


def build_room_state(webinar: Webinar, *, after: str, viewer: str, now: datetime) -> dict[str, Any]:
    """What the audience sees, with this viewer's own questions and votes."""
    shared = describe_for_all(webinar)
    own = describe_for_one(webinar, viewer=viewer) if viewer else OwnState()
    questions = {q["id"]: mark_voted(q) if q["id"] in own.voted else q for q in shared["questions"]}
    return {
        "after": after,
        "stream": stream_address(webinar, Channel.ROOM, now=now, viewer=viewer),
        **shared,
        **own.parts,
        "questions": list((questions | own.questions).values()),
    }


def describe_for_all(webinar: Webinar) -> dict[str, Any]:
    """What everyone in the room sees: kept and shared, so nothing of any one viewer's is in it."""
    return {
        "status": webinar.status.value,
        "agenda": describe_agenda(webinar, get_run(webinar.id)),
        "room": describe_room(webinar, get_room(webinar.id)),
        "reactions": count_reactions(webinar.id),
        "polls": list_polls_seen_by(webinar.id, viewer=""),
        "questions": [
            described | {"voted": False, "mine": False, "own": False}
            for described in describe_public(webinar, list_public_questions(webinar.id))
        ],
    }


def describe_for_one(webinar: Webinar, *, viewer: str) -> OwnState:
    """What `viewer` sees otherwise than everyone; of `webinar` only its columns are at hand."""
    voted = list_voted_ids(webinar.id, voter=viewer)
    asked = list_questions_asked_by(webinar.id, asker=viewer)
    return OwnState(
        voted=voted,
        questions={
            question.id: described
            | {
                "voted": question.id in voted,
                "mine": True,
                "own": question.asker_key == viewer,
            }
            for question, described in zip(asked, describe_public(webinar, asked), strict=True)
        },
        parts=find_polls_of(webinar.id, viewer=viewer),
    )


def describe_public(webinar: Webinar, questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Each question with what everyone may read under it; all replies come in one statement."""
    replies = list_public_replies(webinar.id) if questions else {}
    return [
        describe_question(q, time_zone=webinar.time_zone, replies=replies.get(q.id, ()))
        for q in questions
    ]


def mark_voted(question: dict[str, Any]) -> dict[str, Any]:
    return question | {"voted": True}


def build_stage_state(webinar: Webinar, *, after: str, now: datetime) -> dict[str, Any]:
    """What the big screen shows: public questions alone, and a poll at the times for one."""
    questions = list_public_questions(webinar.id)
    on_air_at = max((q.on_air_at for q in questions if q.on_air_at), default=None)
    return {
        "after": after,
        "stream": stream_address(webinar, Channel.STAGE, now=now),
        "script": script_url("live-stage"),
        "status": webinar.status.value,
        "agenda": describe_agenda(webinar, get_run(webinar.id)),
        "room": describe_room(webinar, get_room(webinar.id)),
        "reactions": count_reactions(webinar.id),
        "polls": list_stage_polls(webinar.id, on_air_at=on_air_at, now=now),
        "questions": describe_public(webinar, questions),
    }


def build_desk_state(webinar: Webinar, *, after: str, now: datetime) -> dict[str, Any]:
    """What moderators see: every question, and the run of show."""
    room = get_room(webinar.id)
    return {
        "after": after,
        "stream": stream_address(webinar, Channel.DESK, now=now),
        "status": webinar.status.value,
        "run": describe_run(webinar, get_run(webinar.id), now=now),
        "room": describe_room_for_desk(webinar, room),
        "stage": stage_address(webinar, secret=room.stage_secret),
        "reactions": count_reactions(webinar.id),
        "polls": list_desk_polls(webinar.id),
        "questions": describe_all_for_desk(webinar),
    }


def stream_address(webinar: Webinar, channel: Channel, *, now: datetime, viewer: str = "") -> str:
    """Return where the stream is, with the permit to open it."""
    permit = sign_permit(
        webinar.id,
        channel=channel,
        secret_key=current_app.config["SECRET_KEY"],
        now=now,
        who=name_listener(webinar.id, channel, viewer=viewer),
    )
    path = STREAMS[channel].format(slug=webinar.slug, id=webinar.id)
    return f"{path}?permit={permit}"


def stage_address(webinar: Webinar, *, secret: str) -> str:
    """Return where the stage is, with the key that nobody guesses; `secret` is the room's."""
    key = sign_stage_key(webinar.id, secret=secret, secret_key=current_app.config["SECRET_KEY"])
    return url_for("live.stage", slug=webinar.slug, key=key)


def room_address(webinar: Webinar) -> str:
    """Return the room's whole address, as short as people like to type it."""
    base: str = current_app.config["EVENTAPP"].base_url
    return base + url_for("live.short_address", code=write_code(webinar.id))
