"""Every write of messages."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import db, record
from eventapp.core.mailer import MailStatus, OutgoingMail, new_message_id, ring_for
from eventapp.messages.events import MailSentAgain
from eventapp.messages.queries import has_newer_calendar
from eventapp.messages.rules import check_can_send_again


def send_again(mail: OutgoingMail, *, user_id: int, now: datetime) -> OutgoingMail:
    """Send a message again and return its row.

    One that failed is tried anew, under its Message-ID; of one that was sent a copy is written, so
    that the ledger keeps both. Records MailSentAgain.
    Refuses: MailIsOnItsWay, InvitationIsOutOfDate.
    """
    db.session.refresh(mail, with_for_update=True)
    check_can_send_again(mail, has_newer_calendar=has_newer_calendar(mail))
    again = mail if mail.status == MailStatus.FAILED else _copy_mail(mail, now=now)
    again.status = MailStatus.QUEUED
    again.due_at = now
    again.attempts = 0
    db.session.flush()
    record(MailSentAgain(mail_id=mail.id, new_mail_id=again.id, user_id=user_id))
    ring_for(again)
    return again


def _copy_mail(mail: OutgoingMail, *, now: datetime) -> OutgoingMail:
    copy = OutgoingMail(
        message=mail.message,
        webinar_id=mail.webinar_id,
        to_name=mail.to_name,
        to_address=mail.to_address,
        reply_to=mail.reply_to,
        subject=mail.subject,
        body_text=mail.body_text,
        body_html=mail.body_html,
        calendar=mail.calendar,
        calendar_method=mail.calendar_method,
        door=mail.door,
        placeholder=mail.placeholder,
        message_id=new_message_id(),
        created_at=now,
        due_at=now,
    )
    db.session.add(copy)
    return copy
