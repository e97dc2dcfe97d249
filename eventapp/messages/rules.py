"""Decisions about messages: what they are called, and which may be sent again."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core.mailer import NOT_DELIVERED_YET, MailStatus, OutgoingMail
from eventapp.messages.refusals import InvitationIsOutOfDate, MailIsOnItsWay, NoMoreMailIsWanted

LABELS = {
    "registration_confirmed": _l("Confirmation"),
    "registration_unverified": _l("Address to be confirmed"),
    "registration_requested": _l("Request received"),
    "registration_declined": _l("Request declined"),
    "registration_offered": _l("Seat offered"),
    "registration_lapsed": _l("Offer ran out"),
    "registration_waiting": _l("Waiting list"),
    "registration_promoted": _l("A seat became free"),
    "registration_link": _l("Link sent again"),
    "registration_erased": _l("Personal data erased"),
    "registration_cancelled": _l("Registration cancelled"),
    "access_code": _l("Access code"),
    "webinar_rescheduled": _l("Webinar changed"),
    "webinar_cancelled": _l("Webinar cancelled"),
    "replay_published": _l("Replay published"),
    "question_answered": _l("Question answered"),
    "question_answered_in_writing": _l("Written answer"),
    "webinar_reminder": _l("Reminder"),
    "webinar_live": _l("We are live"),
    "webinar_follow_up": _l("After the webinar"),
    "broadcast": _l("Your message"),
    "test": _l("Test"),
    "account_reset_instructions": _l("Link for a new password"),
    "account_reset_notice": _l("Password reset"),
    "account_change_notice": _l("Password changed"),
}

# Of these the address is known to be closed; whoever sends them says that it isn't any more.
CAME_BACK = frozenset({MailStatus.BOUNCED, MailStatus.WITHHELD})


def label_of(message: str) -> str:
    """Return what a message is called at the desk."""
    return str(LABELS.get(message) or message.replace("_", " ").capitalize())


def again_label(mail: OutgoingMail) -> str:
    """Return what sending it again is called."""
    if mail.status in CAME_BACK:
        return str(_("Send it anyway"))
    return str(_("Try again") if mail.status == MailStatus.FAILED else _("Send again"))


def was_called_back(mail: OutgoingMail, *, now: datetime) -> bool:
    """Whether it is withheld for what it says, and not for where it goes."""
    is_useless = mail.useless_from is not None and mail.useless_from <= now
    return mail.status == MailStatus.WITHHELD and is_useless


def can_send_again(mail: OutgoingMail, *, is_unwanted: bool) -> bool:
    """Whether there is something to send, and to somebody who wants it.

    Of who was erased there is nothing left.
    """
    return mail.status not in NOT_DELIVERED_YET and bool(mail.to_address) and not is_unwanted


def check_can_send_again(
    mail: OutgoingMail, *, is_unwanted: bool, has_newer_calendar: bool
) -> None:
    """Refuse what its owner doesn't want, what is on its way, and an outdated calendar entry."""
    if is_unwanted:
        raise NoMoreMailIsWanted
    if not can_send_again(mail, is_unwanted=is_unwanted):
        raise MailIsOnItsWay
    if mail.calendar_method is not None and has_newer_calendar:
        raise InvitationIsOutOfDate


def is_erased(mail: OutgoingMail) -> bool:
    """Whether what it said and whom it went to is erased, with the person's other data."""
    return not mail.to_address
