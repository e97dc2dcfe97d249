"""Questions as open pages receive them: everything needed to draw one, as plain JSON values."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from eventapp.questions.models import Question


def describe_question(question: Question, *, time_zone: str) -> dict[str, Any]:
    """`asked` is the time in `time_zone`; of several payloads the highest `revision` holds."""
    return {
        "id": question.id,
        "text": question.text,
        "author": question.author_name,
        "status": question.status.value,
        "votes": question.votes,
        "revision": question.revision,
        "asked_at": question.asked_at.isoformat(timespec="seconds"),
        "asked": question.asked_at.astimezone(ZoneInfo(time_zone)).strftime("%H:%M"),
    }
