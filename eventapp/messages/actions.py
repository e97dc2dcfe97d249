"""Every write of messages."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import db, record
from eventapp.core.mailer import (
    MailStatus,
    OutgoingMail,
    clear_address,
    hand_in,
    new_message_id,
)
from eventapp.messages.events import MailSentAgain
from eventapp.messages.queries import has_newer_calendar
from eventapp.messages.rules import CAME_BACK, check_can_send_again
from eventapp.registrations.subscriptions import is_unwanted

NEVER_LEFT = frozenset({MailStatus.FAILED, MailStatus.WITHHELD})


def send_again(mail: OutgoingMail, *, user_id: int, now: datetime) -> OutgoingMail:
    """Send a message again and return its row.

    One that never left is tried anew, under its Message-ID; of one that was sent a copy is written,
    so that the ledger keeps both. The address of one that came back or was withheld is cleared;
    to another that mail came back from it is withheld. Records MailSentAgain.
    Refuses: NoMoreMailIsWanted, MailIsOnItsWay, InvitationIsOutOfDate.
    """
    db.session.refresh(mail, with_for_update=True)
    check_can_send_again(
        mail, is_unwanted=is_unwanted(mail), has_newer_calendar=has_newer_calendar(mail)
    )
    if mail.status in CAME_BACK:
        clear_address(mail.to_address)
    again = mail if mail.status in NEVER_LEFT else _copy_mail(mail, now=now)
    again.due_at = now
    again.useless_from = None
    again.attempts = 0
    hand_in(again)
    record(MailSentAgain(mail_id=mail.id, new_mail_id=again.id, user_id=user_id))
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
        unsubscribe_url=mail.unsubscribe_url,
        placeholder=mail.placeholder,
        message_id=new_message_id(),
        created_at=now,
        due_at=now,
    )
    db.session.add(copy)
    return copy
