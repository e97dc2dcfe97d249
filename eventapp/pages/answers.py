"""Questions and answers as the replay's page shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from eventapp.core.i18n import zoned_moment
from eventapp.questions.models import Question, QuestionReply, QuestionStatus, ReplyKind
from eventapp.questions.queries import list_public_replies, list_questions_with_speakers
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
class AskedQuestion:
    """A public question; `start` is its second in the recording, if it was answered there.

    `speaker` answered it, where that was noted.
    """

    id: int
    text: str
    author: str
    votes: int
    speaker: str
    start: float | None
    timecode: str
    href: str
    replies: Sequence[WrittenReply]
    is_answered: bool


def list_asked(
    found: Replay, webinar: Webinar, *, link_to: Callable[[int], str]
) -> list[AskedQuestion]:
    """Return what the recording has by its moment, then what was answered otherwise, then the rest.

    In two statements, however many there are.
    """
    starts = _find_starts(found)
    replies = list_public_replies(webinar.id)
    asked = [
        _describe(
            question,
            replies.get(question.id, ()),
            webinar,
            start=starts.get(question.id),
            link_to=link_to,
        )
        for question in list_questions_with_speakers(webinar.id)
    ]
    return sorted(asked, key=_order)


def _order(question: AskedQuestion) -> tuple[bool, float]:
    """What has the same place stays in order of its votes."""
    return not question.is_answered, inf if question.start is None else question.start


def _find_starts(found: Replay) -> dict[int, float]:
    places = (
        (entry.question_id, in_recording(entry, timing=found.timing)) for entry in found.entries
    )
    return {
        question_id: start
        for question_id, start in places
        if question_id is not None and is_in_recording(start, duration=found.duration)
    }


def _describe(
    question: Question,
    replies: Sequence[QuestionReply],
    webinar: Webinar,
    *,
    start: float | None,
    link_to: Callable[[int], str],
) -> AskedQuestion:
    is_written = any(reply.kind is ReplyKind.ANSWER for reply in replies)
    return AskedQuestion(
        id=question.id,
        text=question.text,
        author=question.author_name,
        votes=question.votes,
        speaker=question.speaker.name if question.speaker else "",
        start=start,
        timecode="" if start is None else format_timecode(start, milliseconds=False),
        href="" if start is None else link_to(int(start)),
        replies=[_describe_reply(reply, webinar) for reply in replies],
        is_answered=is_written or start is not None or question.status is QuestionStatus.ANSWERED,
    )


def _describe_reply(reply: QuestionReply, webinar: Webinar) -> WrittenReply:
    return WrittenReply(
        is_answer=reply.kind is ReplyKind.ANSWER,
        author=reply.author_name,
        text=reply.text,
        when=zoned_moment(reply.written_at, webinar.time_zone),
    )
