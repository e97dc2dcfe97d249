"""Questions as the moderators' pages receive them: with what the audience is never told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from eventapp.questions.models import Question, QuestionReply
from eventapp.questions.payloads import describe_question


def describe_for_desk(
    question: Question,
    *,
    time_zone: str,
    replies: Sequence[QuestionReply] = (),
    is_silenced: bool = False,
    merged_count: int = 0,
) -> dict[str, Any]:
    """For the desk's channel and state alone.

    `replies` are all that is written under it, `merged_count` is how many questions live on in it,
    `is_silenced` whether who asked may write nothing more.
    """
    item, speaker = question.agenda_item, question.speaker
    is_edited = question.original_text not in {None, question.text}
    return describe_question(question, time_zone=time_zone) | {
        "pinned": question.is_pinned,
        "label": question.label,
        "item": question.agenda_item_id,
        "item_title": item.title if item else "",
        "merged_into": question.merged_into_id,
        "edited": is_edited,
        "desk_name": question.desk_name,
        "original_text": (question.original_text or "") if is_edited else "",
        "speaker": question.speaker_id,
        "speaker_name": speaker.name if speaker else "",
        "blocked": question.has_blocked_word,
        "silenced": is_silenced,
        "merged_count": merged_count,
        "replies": [_describe_reply(reply, time_zone=time_zone) for reply in replies],
    }


def _describe_reply(reply: QuestionReply, *, time_zone: str) -> dict[str, Any]:
    return {
        "id": reply.id,
        "kind": reply.kind.value,
        "status": reply.status.value,
        "author": reply.author_name,
        "text": reply.text,
        "written": reply.written_at.astimezone(ZoneInfo(time_zone)).strftime("%H:%M"),
        "written_at": reply.written_at.isoformat(timespec="seconds"),
    }
