"""Every write of incoming mail, and what it does to registrations and to the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from eventapp.core.addresses import key_of_address
from eventapp.core.db import db
from eventapp.core.errors import Refusal
from eventapp.core.mailer import BouncedAddress, MailStatus, OutgoingMail
from eventapp.core.reply_addresses import Mark, Marking, read_marks
from eventapp.messages.incoming.bounces import Bounce
from eventapp.messages.incoming.calendar_replies import CalendarReply
from eventapp.messages.incoming.queries import (
    find_newest_stamp,
    find_outgoing,
    find_registration_by_uid,
    is_known,
    is_of_erased,
)
from eventapp.messages.incoming.reading import ReceivedMail
from eventapp.messages.incoming.rules import (
    Outcome,
    Reason,
    Verdict,
    is_settled,
    judge_reply,
    uid_of,
)
from eventapp.messages.models import IncomingKind, IncomingMail
from eventapp.registrations.actions import cancel_registration
from eventapp.registrations.invitations import sequence_of
from eventapp.registrations.mails import uid_behind
from eventapp.registrations.models import CancelledBy, Registration
from eventapp.registrations.queries import find_registration
from eventapp.webinars.queries import find_webinar, lock_webinar

RETURNED = frozenset({MailStatus.BOUNCED, MailStatus.WITHHELD})


def take_in(mail: ReceivedMail, *, now: datetime) -> IncomingMail | None:
    """Write down what came and do what it asks for; None for what is here already.

    A decline cancels its registration, and whatever follows from that is recorded there; a bounce
    marks its message and, if it is for good, its address.
    """
    if is_known(mail.message_id):
        return None
    row = IncomingMail(
        message_id=mail.message_id,
        kind=_kind_of(mail),
        from_name=mail.from_name,
        from_address=mail.from_address,
        subject=mail.subject,
        text=mail.text,
        stamped_at=mail.reply.stamped_at if mail.reply else None,
        received_at=now,
    )
    db.session.add(row)
    # Who takes in the same message at the same time waits here, and is refused.
    db.session.flush()
    verdict = _follow(mail, row, now=now)
    row.outcome, row.reason = verdict.outcome, verdict.reason
    row.read_at = now if is_settled(verdict) else None
    db.session.flush()
    return row


def empty(row: IncomingMail) -> None:
    """Keep that something came, and nothing that names a person."""
    row.from_name = row.from_address = row.subject = row.text = row.reason = ""


def mark_read(mail: IncomingMail, *, now: datetime) -> None:
    """Note that an organiser has read it."""
    mail.read_at = mail.read_at or now
    db.session.flush()


def mark_all_read(*, webinar_id: int | None, now: datetime) -> None:
    """Note that everything has been read: of one webinar, or of all."""
    unread = sa.update(IncomingMail).where(IncomingMail.read_at.is_(None))
    if webinar_id is not None:
        unread = unread.where(IncomingMail.webinar_id == webinar_id)
    db.session.execute(unread.values(read_at=now))


def _kind_of(mail: ReceivedMail) -> IncomingKind:
    if mail.reply is not None:
        return IncomingKind.REPLY
    return IncomingKind.OTHER if mail.bounce is None else IncomingKind.BOUNCE


def _follow(mail: ReceivedMail, row: IncomingMail, *, now: datetime) -> Verdict:
    marks = read_marks(mail.addressed_to)
    if mail.reply is not None:
        return _follow_reply(mail.reply, row, marks, now=now)
    returned = _find_returned(marks)
    if mail.bounce is not None:
        return _follow_bounce(mail.bounce, row, returned, now=now)
    registration = _find_addressed(marks)
    if registration is not None:
        _attach(row, registration)
    elif returned is not None:
        _attach_mail(row, returned)
    if mail.is_automatic:
        return Verdict(outcome=Outcome.NOTED, reason=Reason.AUTOMATIC)
    return Verdict(outcome=Outcome.KEPT, reason="" if mail.is_readable else Reason.UNREADABLE)


# -- an answer from a calendar -----------------------------------------------------------------


def _follow_reply(
    reply: CalendarReply, row: IncomingMail, marks: Sequence[Mark], *, now: datetime
) -> Verdict:
    addressed = _find_addressed(marks)
    registration = addressed or find_registration_by_uid(uid_of(reply))
    if registration is None:
        return Verdict(outcome=Outcome.KEPT, reason=Reason.UNKNOWN_ENTRY)
    # What is judged must still be so when it is acted on.
    lock_webinar(registration.webinar_id)
    db.session.refresh(registration)
    newest_stamp = find_newest_stamp(registration.id)
    _attach(row, registration)
    verdict = judge_reply(
        reply,
        registration,
        is_addressed=addressed is not None,
        sequence=sequence_of(registration),
        newest_stamp=newest_stamp,
    )
    return _cancel(registration, verdict, now=now)


def _cancel(registration: Registration, verdict: Verdict, *, now: datetime) -> Verdict:
    if verdict.outcome == Outcome.CANCELLED:
        try:
            cancel_registration(registration, by=CancelledBy.CALENDAR, now=now)
        except Refusal:
            return Verdict(outcome=Outcome.KEPT, reason=Reason.TOO_LATE)
    return verdict


def _find_addressed(marks: Sequence[Mark]) -> Registration | None:
    """Return whose own reply address a message came to."""
    for mark in marks:
        if mark.marking == Marking.REGISTRATION:
            registration = find_registration(mark.number)
            if registration is not None and mark.fits(registration.uid):
                return registration
    return None


def _attach(row: IncomingMail, registration: Registration) -> None:
    row.registration_id, row.webinar_id = registration.id, registration.webinar_id


# -- a message that came back ------------------------------------------------------------------


def _follow_bounce(
    bounce: Bounce, row: IncomingMail, mail: OutgoingMail | None, *, now: datetime
) -> Verdict:
    if mail is None:
        return Verdict(outcome=Outcome.KEPT, reason=Reason.NO_TOKEN)
    _attach_mail(row, mail)
    # Who is erased at this moment is known once that is done.
    db.session.refresh(mail, with_for_update=True)
    if is_of_erased(mail):
        return _follow_bounce_of_erased(bounce, row, mail, now=now)
    if not bounce.has_failed:
        is_late = bounce.action == "delayed"
        return Verdict(outcome=Outcome.NOTED, reason=Reason.DELAYED if is_late else bounce.reason)
    _mark_returned(mail, bounce, now=now)
    return Verdict(outcome=Outcome.MARKED, reason=bounce.reason)


def _follow_bounce_of_erased(
    bounce: Bounce, row: IncomingMail, mail: OutgoingMail, *, now: datetime
) -> Verdict:
    """Mark the message, and keep nothing of what was said: it names who was erased."""
    empty(row)
    if not bounce.has_failed:
        return Verdict(outcome=Outcome.NOTED)
    if mail.status not in RETURNED:
        mail.status = MailStatus.BOUNCED
        mail.bounced_at = now
    return Verdict(outcome=Outcome.MARKED)


def _mark_returned(mail: OutgoingMail, bounce: Bounce, *, now: datetime) -> None:
    reason = bounce.reason or bounce.status
    if mail.status not in RETURNED:
        mail.status = MailStatus.BOUNCED
        mail.bounced_at = now
        mail.last_error = reason
    if bounce.is_permanent:
        address_key = key_of_address(mail.to_address)
        db.session.merge(BouncedAddress(address_key=address_key, reason=reason, bounced_at=now))
    db.session.flush()


def _find_returned(marks: Sequence[Mark]) -> OutgoingMail | None:
    """Return the message of ours that was sent with the address that this one came to."""
    for mark in marks:
        if mark.marking == Marking.MESSAGE:
            mail = find_outgoing(mark.number)
            if mail is not None and mark.fits(mail.message_id):
                return mail
    return None


def _attach_mail(row: IncomingMail, mail: OutgoingMail) -> None:
    """Note which message it is about; the ledger outlives webinars, so those are looked up."""
    row.mail_id = mail.id
    uid = uid_behind(mail.door)
    registration = find_registration_by_uid(uid) if uid else None
    if registration is not None:
        _attach(row, registration)
    elif mail.webinar_id is not None and find_webinar(mail.webinar_id) is not None:
        row.webinar_id = mail.webinar_id
