"""Decisions about what moderators do with questions, and with the room itself."""

from __future__ import annotations

from eventapp.questions.desk_refusals import (
    LabelIsTooLong,
    QuestionIsOnAir,
    QuestionIsTheSame,
    QuestionTakesNoOthers,
    SlowModeIsOutOfRange,
    TooManyBlockedWords,
)
from eventapp.questions.models import Question, QuestionStatus
from eventapp.questions.refusals import QuestionIsElsewhere
from eventapp.questions.rules import MOVABLE_STATUSES, tidy_text

LONGEST_LABEL = 30
SLOWEST_SECONDS = 3600
MOST_BLOCKED_WORDS = 200
LONGEST_BLOCKED_WORD = 50

TAKES_OTHERS = frozenset(
    {
        QuestionStatus.PENDING,
        QuestionStatus.APPROVED,
        QuestionStatus.ON_AIR,
        QuestionStatus.ANSWERED,
    }
)


def check_can_mark(question: Question) -> None:
    """Refuse to change what lives on in another question, or was withdrawn."""
    if question.status not in MOVABLE_STATUSES:
        raise QuestionIsElsewhere(question.status)


def check_can_merge(question: Question, into: Question) -> None:
    """What is on air stays; what others are merged into must itself be there to be taken."""
    check_can_mark(question)
    if question.id == into.id:
        raise QuestionIsTheSame
    if question.status is QuestionStatus.ON_AIR:
        raise QuestionIsOnAir
    if into.status not in TAKES_OTHERS:
        raise QuestionTakesNoOthers


def tidy_label(text: str) -> str:
    """Return a label in one tidy line. Refuses: LabelIsTooLong."""
    label = tidy_text(text)
    if len(label) > LONGEST_LABEL:
        raise LabelIsTooLong
    return label


def check_slow_seconds(seconds: int) -> None:
    if not 0 <= seconds <= SLOWEST_SECONDS:
        raise SlowModeIsOutOfRange


def tidy_blocked_words(text: str) -> str:
    """Return the words one a line, each once. Refuses: TooManyBlockedWords."""
    tidied = (tidy_text(line) for line in text.splitlines())
    words = list({word.casefold(): word for word in tidied if word}.values())
    if len(words) > MOST_BLOCKED_WORDS or any(len(w) > LONGEST_BLOCKED_WORD for w in words):
        raise TooManyBlockedWords
    return "\n".join(words)
