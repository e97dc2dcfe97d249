"""What moderators choose from when they mark a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eventapp.live.desk_queries import list_speakers_of
from eventapp.questions.forms import new_submission_key
from eventapp.questions.models import QuestionStatus
from eventapp.webinars.models import Webinar

TARGETS = frozenset(
    {
        QuestionStatus.PENDING,
        QuestionStatus.APPROVED,
        QuestionStatus.ON_AIR,
        QuestionStatus.ANSWERED,
        QuestionStatus.DISMISSED,
    }
)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Ids with what they are called; `others` are the questions another may be merged into."""

    labels: list[str]
    speakers: list[tuple[int, str]]
    items_of_agenda: list[tuple[int, str]]
    others: list[tuple[int, str]]
    submission_key: str


def list_choices(
    webinar: Webinar, questions: Sequence[dict[str, Any]], *, besides: int | None = None
) -> Choices:
    """`questions` as the desk's state describes them; one is merged into any `besides` itself."""
    targets = [q for q in questions if q["status"] in TARGETS and q["id"] != besides]
    return Choices(
        labels=sorted({q["label"] for q in questions if q["label"]}, key=str.casefold),
        speakers=[(speaker.id, speaker.name) for speaker in list_speakers_of(webinar.id)],
        items_of_agenda=[(item.id, item.title) for item in webinar.agenda_items],
        others=[(q["id"], q["text"]) for q in targets],
        submission_key=new_submission_key(),
    )
