"""What was answered in writing, as the replay's page shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from eventapp.core.i18n import zoned_moment
from eventapp.questions.models import Question, QuestionReply, ReplyKind
from eventapp.questions.queries import list_answered_in_writing
from eventapp.replays.agenda.timecodes import format_timecode
from eventapp.replays.editions import Replay
from eventapp.replays.rules import in_recording, is_in_recording
from eventapp.webinars.models import Webinar


@dataclass(frozen=True, kw_only=True)
class WrittenReply:
    """An answer by the organisers, or a follow-up by who asked (`author` may be empty)."""

    is_answer: bool
    author: str
    text: str
    when: str


@dataclass(frozen=True, kw_only=True)
class WrittenAnswer:
    """A question that was answered in writing; `start` is its second in the recording, if any."""

    id: int
    text: str
    author: str
    votes: int
    start: float | None
    timecode: str
    href: str
    replies: Sequence[WrittenReply]


def list_written_answers(
    found: Replay, webinar: Webinar, *, link_to: Callable[[int], str]
) -> list[WrittenAnswer]:
    """Return what the recording has too, by its moment, and then the rest as it was answered.

    In two statements, however many there are.
    """
    starts = {
        entry.question_id: in_recording(entry, timing=found.timing)
        for entry in found.entries
        if entry.question_id is not None
    }
    answers = []
    for question, replies in list_answered_in_writing(webinar.id):
        start = starts.get(question.id)
        if start is not None and not is_in_recording(start, duration=found.duration):
            start = None
        answers.append(_describe(question, replies, webinar, start=start, link_to=link_to))
    return sorted(answers, key=lambda answer: inf if answer.start is None else answer.start)


def _describe(
    question: Question,
    replies: Sequence[QuestionReply],
    webinar: Webinar,
    *,
    start: float | None,
    link_to: Callable[[int], str],
) -> WrittenAnswer:
    return WrittenAnswer(
        id=question.id,
        text=question.text,
        author=question.author_name,
        votes=question.votes,
        start=start,
        timecode="" if start is None else format_timecode(start, milliseconds=False),
        href="" if start is None else link_to(int(start)),
        replies=[
            WrittenReply(
                is_answer=reply.kind is ReplyKind.ANSWER,
                author=reply.author_name,
                text=reply.text,
                when=zoned_moment(reply.written_at, webinar.time_zone),
            )
            for reply in replies
        ],
    )
