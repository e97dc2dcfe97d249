"""Questions as open pages receive them: everything needed to draw one, as plain JSON values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from eventapp.questions.models import Question, QuestionReply


def describe_question(
    question: Question, *, time_zone: str, replies: Sequence[QuestionReply] = ()
) -> dict[str, Any]:
    """For everyone in the room: nothing that moderators alone know, and published `replies` alone.

    `asked` is the time in `time_zone`; of several payloads the highest `revision` holds.
    """
    item = question.agenda_item
    return {
        "id": question.id,
        "text": question.text,
        "author": question.author_name,
        "status": question.status.value,
        "votes": question.votes,
        "revision": question.revision,
        "asked_at": question.asked_at.isoformat(timespec="seconds"),
        "asked": question.asked_at.astimezone(ZoneInfo(time_zone)).strftime("%H:%M"),
        "pinned": question.is_pinned,
        "label": question.label,
        "item": item.id if item else None,
        "item_title": item.title if item else "",
        "merged_into": question.merged_into_id,
        "edited": question.original_text not in {None, question.text},
        "replies": [describe_reply(reply, time_zone=time_zone) for reply in replies],
    }


def describe_reply(reply: QuestionReply, *, time_zone: str) -> dict[str, Any]:
    return {
        "id": reply.id,
        "kind": reply.kind.value,
        "author": reply.author_name,
        "text": reply.text,
        "written": reply.written_at.astimezone(ZoneInfo(time_zone)).strftime("%H:%M"),
        "written_at": reply.written_at.isoformat(timespec="seconds"),
    }
