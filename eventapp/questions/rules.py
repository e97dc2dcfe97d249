"""Decisions about questions: who may be in the room, when to ask, how a question moves."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Protocol

from eventapp.core.errors import Refusal
from eventapp.questions.models import QuestionStatus, Room
from eventapp.questions.refusals import (
    AskingIsClosed,
    AskingIsNotOpen,
    AskingIsOver,
    QuestionIsElsewhere,
    QuestionIsEmpty,
    QuestionIsTooLong,
    QuestionTakesNoVotes,
    TooManyWait,
)
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.models import RoomAccess, Webinar, WebinarStatus

LONGEST_QUESTION = 500
LONGEST_NAME = 80
MOST_PENDING = 10
ASKING_OPENS_BEFORE = timedelta(minutes=15)

PUBLIC_STATUSES = frozenset(
    {QuestionStatus.APPROVED, QuestionStatus.ON_AIR, QuestionStatus.ANSWERED}
)
VOTED_STATUSES = frozenset({QuestionStatus.APPROVED, QuestionStatus.ON_AIR})
# A merged question moves with the one it was merged into, and one withdrawn is gone.
MOVABLE_STATUSES = frozenset(QuestionStatus) - {QuestionStatus.MERGED, QuestionStatus.WITHDRAWN}
COMES_FROM = {
    QuestionStatus.APPROVED: MOVABLE_STATUSES - {QuestionStatus.APPROVED},
    QuestionStatus.DISMISSED: MOVABLE_STATUSES - {QuestionStatus.DISMISSED},
    QuestionStatus.ON_AIR: MOVABLE_STATUSES - {QuestionStatus.ON_AIR},
    QuestionStatus.ANSWERED: VOTED_STATUSES,
}


def key_of_registration(registration_id: int) -> str:
    """Return the identity under which an attendee asks and votes."""
    return f"registration:{registration_id}"


def has_seat(webinar: Webinar, registration: Registration | None) -> bool:
    """Whether `registration` (None for a guest) holds a seat in this webinar."""
    return (
        registration is not None
        and registration.webinar_id == webinar.id
        and registration.status is RegistrationStatus.CONFIRMED
    )


def can_enter_room(webinar: Webinar, registration: Registration | None) -> bool:
    """Whether the room is open to whoever holds `registration` (None for a guest)."""
    return webinar.room_access is RoomAccess.OPEN or has_seat(webinar, registration)


class Scheduled(Protocol):
    """A webinar, or what is known of one: enough to say when its room is open."""

    @property
    def status(self) -> WebinarStatus: ...

    @property
    def starts_at(self) -> datetime: ...


def asking_opens_at(webinar: Scheduled) -> datetime:
    return webinar.starts_at - ASKING_OPENS_BEFORE


def check_is_time(webinar: Scheduled, *, now: datetime, room: Room | None = None) -> None:
    """The room takes part while the webinar is live, and from 15 minutes before it is due.

    Where the `room` is open early, from the publication on.
    """
    if webinar.status is WebinarStatus.LIVE:
        return
    if webinar.status is not WebinarStatus.PUBLISHED:
        raise AskingIsOver
    is_open_early = room is not None and room.is_open_early
    if not is_open_early and now < asking_opens_at(webinar):
        raise AskingIsNotOpen


def check_can_ask(webinar: Webinar, *, now: datetime, room: Room | None = None) -> None:
    """Questions are taken then, unless a moderator has closed them."""
    check_is_time(webinar, now=now, room=room)
    if room is not None and room.is_closed:
        raise AskingIsClosed


def can_ask(webinar: Webinar, *, now: datetime, room: Room | None = None) -> bool:
    try:
        check_can_ask(webinar, now=now, room=room)
    except Refusal:
        return False
    return True


def is_time(webinar: Webinar, *, now: datetime, room: Room | None = None) -> bool:
    try:
        check_is_time(webinar, now=now, room=room)
    except Refusal:
        return False
    return True


def check_can_vote(
    webinar: Scheduled, status: QuestionStatus, *, now: datetime, room: Room | None = None
) -> None:
    """Votes are taken for what is published, also while no new questions are."""
    check_is_time(webinar, now=now, room=room)
    if status not in VOTED_STATUSES:
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


def check_pending(pending: int) -> None:
    """Refuse one more question of somebody who has `pending` waiting, it included."""
    if pending > MOST_PENDING:
        raise TooManyWait


def first_status(webinar: Webinar, *, has_blocked_word: bool = False) -> QuestionStatus:
    """Where a question begins; one with a blocked word waits also where nobody moderates."""
    waits = webinar.is_moderated or has_blocked_word
    return QuestionStatus.PENDING if waits else QuestionStatus.APPROVED
