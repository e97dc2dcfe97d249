"""Questions as the moderators' pages receive them: with what the audience is never told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eventapp.questions.models import Question, QuestionReply
from eventapp.questions.payloads import describe_question, describe_reply


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
    speaker = question.speaker
    shown = describe_question(question, time_zone=time_zone)
    return shown | {
        "desk_name": question.desk_name,
        "original_text": (question.original_text or "") if shown["edited"] else "",
        "speaker": question.speaker_id,
        "speaker_name": speaker.name if speaker else "",
        "blocked": question.has_blocked_word,
        "silenced": is_silenced,
        "merged_count": merged_count,
        "replies": [
            describe_reply(reply, time_zone=time_zone) | {"status": reply.status.value}
            for reply in replies
        ],
    }
