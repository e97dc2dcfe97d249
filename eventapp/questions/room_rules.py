"""Decisions about who may write in the room, how often, and what one may do with one's own."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import datetime, timedelta

from eventapp.questions.models import Question, QuestionStatus, Room
from eventapp.questions.refusals import (
    AskedTooSoon,
    AskerIsSilenced,
    QuestionHasVotes,
    QuestionIsTaken,
    QuestionSpeaksForOthers,
)

OWN_STATUSES = frozenset({QuestionStatus.PENDING, QuestionStatus.APPROVED})
WORD = re.compile(r"\w+")


def seconds_to_wait(room: Room, *, last_asked_at: datetime | None, now: datetime) -> int:
    """How many whole seconds slow mode keeps somebody from asking again; 0 when they may."""
    if not room.slow_seconds or last_asked_at is None:
        return 0
    free_at = last_asked_at + timedelta(seconds=room.slow_seconds)
    return max(0, math.ceil((free_at - now).total_seconds()))


def check_pace(room: Room, *, last_asked_at: datetime | None, now: datetime) -> None:
    """Slow mode: refuse a question that follows too soon after the last one of the same person."""
    seconds = seconds_to_wait(room, last_asked_at=last_asked_at, now=now)
    if seconds:
        raise AskedTooSoon(seconds)


def check_may_write(*, is_silenced: bool) -> None:
    if is_silenced:
        raise AskerIsSilenced


def has_blocked_word(text: str, *, blocked_words: str) -> bool:
    """Whether `text` holds one of the words, or phrases, that stand one a line.

    Whole words are compared, in one case and in the compatible form of each character (NFKC), so
    that a wide or a bold letter is the plain one. Marks above letters and what can't be seen don't
    count. It is no wall: a word that is spelled with other letters or spaced out isn't found.
    """
    spoken = _fold(text)
    return any(
        f" {words} " in f" {spoken} " for words in map(_fold, blocked_words.splitlines()) if words
    )


def _fold(text: str) -> str:
    composed = unicodedata.normalize("NFKC", text).casefold()
    plain = (c for c in unicodedata.normalize("NFKD", composed) if not _is_silent(c))
    return " ".join(WORD.findall("".join(plain)))


def _is_silent(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Cf"}


def check_can_change(question: Question, *, votes_of_others: int) -> None:
    """One's words are one's own until they are taken up, or others have voted for them."""
    if question.status not in OWN_STATUSES:
        raise QuestionIsTaken
    if votes_of_others:
        raise QuestionHasVotes


def check_can_withdraw(question: Question, *, merged: int) -> None:
    """A question can be taken back until it is taken up, or `merged` others live on in it."""
    if question.status not in OWN_STATUSES:
        raise QuestionIsTaken
    if merged:
        raise QuestionSpeaksForOthers
