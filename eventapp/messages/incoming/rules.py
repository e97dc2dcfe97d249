"""Decisions about what arrives: what an answer may do, and why something does nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from eventapp.messages.incoming.calendar_replies import CalendarReply
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.registrations.refusals import AddressIsNoAddress
from eventapp.registrations.rules import read_address


class Outcome(StrEnum):
    """What was done. Kept is what a person has to look at; the others are settled."""

    CANCELLED = "cancelled"
    MARKED = "marked"
    NOTED = "noted"
    KEPT = "kept"


class Reason(StrEnum):
    """Why nothing more was done."""

    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DELAYED = "delayed"
    AUTOMATIC = "automatic"
    NOT_ANSWERED = "not_answered"
    NO_TOKEN = "no_token"  # noqa: S105 - no password
    UNKNOWN_ENTRY = "unknown_entry"
    OTHER_ENTRY = "other_entry"
    OTHER_ATTENDEE = "other_attendee"
    OUT_OF_DATE = "out_of_date"
    OVERTAKEN = "overtaken"
    NOT_REGISTERED = "not_registered"
    TOO_LATE = "too_late"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    outcome: Outcome
    reason: str = ""


REPLY_OUTCOMES = {
    "ACCEPTED": Verdict(outcome=Outcome.NOTED, reason=Reason.ACCEPTED),
    "TENTATIVE": Verdict(outcome=Outcome.NOTED, reason=Reason.TENTATIVE),
    "DECLINED": Verdict(outcome=Outcome.CANCELLED),
}

WORDS = {
    Outcome.CANCELLED: _l("Registration cancelled"),
    Outcome.MARKED: _l("Message marked as returned"),
    Outcome.NOTED: _l("Noted"),
    Outcome.KEPT: _l("Kept for you to read"),
    Reason.ACCEPTED: _l("Their calendar accepts. They were registered already."),
    Reason.TENTATIVE: _l("Their calendar says “perhaps”. They stay registered."),
    Reason.DELAYED: _l("The message is late, and their server is still trying."),
    Reason.AUTOMATIC: _l("An automatic answer, such as a holiday notice."),
    Reason.NOT_ANSWERED: _l("The calendar's answer says neither yes nor no."),
    Reason.NO_TOKEN: _l(
        "It was not sent to an address that we gave out, so we can't tell whose it is. "
        "If it is genuine, cancel the registration yourself."
    ),
    Reason.UNKNOWN_ENTRY: _l("It is about a calendar entry that we don't know."),
    Reason.OTHER_ENTRY: _l("It is about another calendar entry than the address it was sent to."),
    Reason.OTHER_ATTENDEE: _l(
        "It was answered for another address than the one that is registered. If it is the same "
        "person, cancel the registration yourself."
    ),
    Reason.OUT_OF_DATE: _l(
        "It answers an earlier invitation, and the webinar or the registration has changed since."
    ),
    Reason.OVERTAKEN: _l("The same calendar gave a newer answer, which arrived before this one."),
    Reason.NOT_REGISTERED: _l("They have no seat and wait for none, so nothing had to be done."),
    Reason.TOO_LATE: _l("The webinar is over, so there was nothing to cancel."),
    Reason.UNREADABLE: _l("We could not make sense of how this message is put together."),
}


def in_words(code: str) -> str:
    """Return an outcome or a reason for people; what a mail server said stays as it is."""
    return str(WORDS.get(code, code))  # type: ignore[call-overload]


def is_settled(verdict: Verdict) -> bool:
    """Whether nobody has to look at it any more."""
    return verdict.outcome != Outcome.KEPT


def judge_reply(
    reply: CalendarReply,
    registration: Registration | None,
    *,
    is_addressed: bool,
    sequence: int,
    newest_stamp: datetime | None,
) -> Verdict:
    """Return what an answer does.

    `is_addressed` says whether it came to the registration's own address, `sequence` is that of the
    newest invitation, `newest_stamp` when its calendar gave the newest answer that we have.
    """
    reason = _why_refused(reply, registration, is_addressed=is_addressed, sequence=sequence)
    if reason is not None or registration is None:
        return Verdict(outcome=Outcome.KEPT, reason=reason or Reason.UNKNOWN_ENTRY)
    verdict = REPLY_OUTCOMES.get(
        _answer_of(reply, registration) or "",
        Verdict(outcome=Outcome.KEPT, reason=Reason.NOT_ANSWERED),
    )
    if verdict.outcome == Outcome.CANCELLED:
        return _judge_decline(reply, registration, verdict, newest_stamp=newest_stamp)
    return verdict


def _why_refused(
    reply: CalendarReply, registration: Registration | None, *, is_addressed: bool, sequence: int
) -> Reason | None:
    if registration is None:
        return Reason.UNKNOWN_ENTRY
    if not is_addressed:
        return Reason.NO_TOKEN
    if uid_of(reply) != registration.uid:
        return Reason.OTHER_ENTRY
    if _answer_of(reply, registration) is None:
        return Reason.OTHER_ATTENDEE
    return Reason.OUT_OF_DATE if reply.sequence < sequence else None


def _judge_decline(
    reply: CalendarReply,
    registration: Registration,
    verdict: Verdict,
    *,
    newest_stamp: datetime | None,
) -> Verdict:
    if registration.status in {RegistrationStatus.CANCELLED, RegistrationStatus.DECLINED}:
        return Verdict(outcome=Outcome.NOTED, reason=Reason.NOT_REGISTERED)
    if newest_stamp and reply.stamped_at and reply.stamped_at < newest_stamp:
        return Verdict(outcome=Outcome.KEPT, reason=Reason.OVERTAKEN)
    return verdict


def uid_of(reply: CalendarReply) -> str:
    """Return the uid of the registration that an answer claims to be about."""
    return reply.uid.partition("@")[0]


def _answer_of(reply: CalendarReply, registration: Registration) -> str | None:
    """Return what was answered for the registered address; None where it was for others."""
    for address, answer in reply.answers:
        if key_of(address) == registration.email_key:
            return answer
    return None


def key_of(address: str) -> str | None:
    """Return the key under which an address counts as one person's; None for what is none."""
    try:
        return read_address(address).key
    except AddressIsNoAddress:
        return None
