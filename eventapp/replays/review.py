"""What the review shows beside the recording and its agenda, each list in one or two statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eventapp.presentations.models import Presentation
from eventapp.presentations.queries import list_presentations
from eventapp.questions.models import Question
from eventapp.questions.queries import list_answered_in_writing, list_unanswered
from eventapp.registrations.queries import count_hearers
from eventapp.replays.agenda.timecodes import format_timecode
from eventapp.replays.editions import Replay
from eventapp.replays.queries import list_untold_askers
from eventapp.replays.rules import in_recording, is_replay_public
from eventapp.webinars.models import AgendaItem, AgendaItemKind, Webinar

MOST_QUESTIONS = 100


@dataclass(frozen=True, kw_only=True)
class AnsweredLine:
    """A question that was answered: in the recording at `start` seconds, in writing, or both."""

    text: str
    start: float | None
    timecode: str
    is_in_writing: bool


@dataclass(frozen=True, kw_only=True)
class Review:
    """`unanswered` are the most wanted of them, `more_unanswered` how many others there are.

    `hearers` would hear of the replay, `askers` where their question is answered.
    """

    presentations: Sequence[Presentation]
    missing: Sequence[AgendaItem]
    answered: Sequence[AnsweredLine]
    unanswered: Sequence[Question]
    more_unanswered: int
    hearers: int
    askers: int


def describe_review(webinar: Webinar, replay: Replay) -> Review:
    presentations = list_presentations(webinar.id)
    handed_in = {presentation.agenda_item_id for presentation in presentations}
    items = [i for i in webinar.agenda_items if i.kind == AgendaItemKind.PRESENTATION]
    unanswered = list_unanswered(webinar.id)
    return Review(
        presentations=presentations,
        missing=[item for item in items if item.id not in handed_in],
        answered=_list_answered(webinar, replay),
        unanswered=unanswered[:MOST_QUESTIONS],
        more_unanswered=max(0, len(unanswered) - MOST_QUESTIONS),
        hearers=0 if is_replay_public(webinar) else count_hearers(webinar.id),
        askers=_count_askers(webinar, replay),
    )


def _list_answered(webinar: Webinar, replay: Replay) -> list[AnsweredLine]:
    written = {question.id: question.text for question, _ in list_answered_in_writing(webinar.id)}
    lines = []
    for entry in replay.entries:
        if entry.question_id is None:
            continue
        start = in_recording(entry, timing=replay.timing)
        lines.append(
            AnsweredLine(
                text=entry.title,
                start=start,
                timecode=format_timecode(start, milliseconds=False),
                is_in_writing=written.pop(entry.question_id, None) is not None,
            )
        )
    return lines + [
        AnsweredLine(text=text, start=None, timecode="", is_in_writing=True)
        for text in written.values()
    ]


def _count_askers(webinar: Webinar, replay: Replay) -> int:
    """Return how many will be told where their question is answered, and haven't been yet."""
    in_agenda = {entry.question_id for entry in replay.entries}
    return len(
        {
            registration_id
            for standing_id, registration_id in list_untold_askers(webinar.id)
            if standing_id in in_agenda
        }
    )
