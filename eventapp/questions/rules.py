"""Decisions about questions: who may be in the room, when to ask, how a question moves."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal
from eventapp.questions.models import Question, QuestionStatus
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.models import RoomAccess, Webinar, WebinarStatus

LONGEST_QUESTION = 500
LONGEST_NAME = 80
ASKING_OPENS_BEFORE = timedelta(minutes=15)

PUBLIC_STATUSES = frozenset(
    {QuestionStatus.APPROVED, QuestionStatus.ON_AIR, QuestionStatus.ANSWERED}
)
VOTED_STATUSES = frozenset({QuestionStatus.APPROVED, QuestionStatus.ON_AIR})
COMES_FROM = {
    QuestionStatus.APPROVED: frozenset(QuestionStatus) - {QuestionStatus.APPROVED},
    QuestionStatus.DISMISSED: frozenset(QuestionStatus) - {QuestionStatus.DISMISSED},
    QuestionStatus.ON_AIR: frozenset(QuestionStatus) - {QuestionStatus.ON_AIR},
    QuestionStatus.ANSWERED: VOTED_STATUSES,
}

WHERE_IT_IS = {
    QuestionStatus.PENDING: _l("This question is waiting again: someone undid that."),
    QuestionStatus.APPROVED: _l("This question is already published."),
    QuestionStatus.ON_AIR: _l("This question is already on air."),
    QuestionStatus.ANSWERED: _l("This question is already marked as answered."),
    QuestionStatus.DISMISSED: _l("This question is already set aside."),
}


class AskingIsNotOpen(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Questions open 15 minutes before the webinar starts. Please come back then.")
        )


class AskingIsOver(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("The webinar is over, so questions are closed. Thank you for coming."))


class RoomIsForRegistered(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("This room is for registered attendees. Open it with the link in your e-mail.")
        )


class QuestionIsEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Write your question first."))


class QuestionIsTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Keep it to 500 characters, so that it can be read out."))


class QuestionTakesNoVotes(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Votes for this question are closed."))


class QuestionIsElsewhere(Refusal):
    """Another moderator was faster; the message says where the question is now."""

    def __init__(self, status: QuestionStatus) -> None:
        super().__init__(WHERE_IT_IS[status])
        self.status = status


def can_enter_room(webinar: Webinar, registration: Registration | None) -> bool:
    """Whether the room is open to whoever holds `registration` (None for a guest)."""
    if webinar.room_access is RoomAccess.OPEN:
        return True
    return (
        registration is not None
        and registration.webinar_id == webinar.id
        and registration.status is RegistrationStatus.CONFIRMED
    )


def check_can_enter_room(webinar: Webinar, registration: Registration | None) -> None:
    if not can_enter_room(webinar, registration):
        raise RoomIsForRegistered


def asking_opens_at(webinar: Webinar) -> datetime:
    return webinar.starts_at - ASKING_OPENS_BEFORE


def check_can_ask(webinar: Webinar, *, now: datetime) -> None:
    """Questions are taken while the webinar is live, and from 15 minutes before it is due."""
    if webinar.status is WebinarStatus.LIVE:
        return
    if webinar.status is not WebinarStatus.PUBLISHED:
        raise AskingIsOver
    if now < asking_opens_at(webinar):
        raise AskingIsNotOpen


def can_ask(webinar: Webinar, *, now: datetime) -> bool:
    try:
        check_can_ask(webinar, now=now)
    except Refusal:
        return False
    return True


def check_can_vote(webinar: Webinar, question: Question, *, now: datetime) -> None:
    check_can_ask(webinar, now=now)
    if question.status not in VOTED_STATUSES:
        raise QuestionTakesNoVotes


def check_transition(status: QuestionStatus, to: QuestionStatus) -> None:
    """Refuse a move that another moderator has made already, or that leads nowhere."""
    if status not in COMES_FROM[to]:
        raise QuestionIsElsewhere(status)


def tidy_text(text: str) -> str:
    """Return `text` composed (NFC), in one line, without control and direction-changing characters.

    The latter could turn around what stands beside the question on the moderators' screen
    (Unicode Technical Report 36, 3.1). Joiners stay: emoji and several scripts need them.
    """
    composed = unicodedata.normalize("NFC", text)
    spoken = "".join(c if _is_spoken(c) else " " if c.isspace() else "" for c in composed)
    return " ".join(spoken.split())


def _is_spoken(character: str) -> bool:
    if character in "\u200c\u200d":
        return True
    return unicodedata.category(character) not in {"Cc", "Cf", "Co", "Cs", "Cn"}


def check_text(text: str) -> None:
    """Refuse a tidied text that is empty or too long to be read out."""
    if not text:
        raise QuestionIsEmpty
    if len(text) > LONGEST_QUESTION:
        raise QuestionIsTooLong


def first_status(webinar: Webinar) -> QuestionStatus:
    return QuestionStatus.PENDING if webinar.is_moderated else QuestionStatus.APPROVED


def rank_questions(questions: Iterable[Question]) -> list[Question]:
    """Most wanted first; among equals, the one asked first."""
    return sorted(questions, key=lambda q: (-q.votes, q.asked_at, q.id))
