"""The messages to and from an attendee: a copy of them, and what arrived, emptied.

The ledger is emptied with the registration, since its last message still has to go out.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.mailer import OutgoingMail
from eventapp.messages.incoming.actions import empty
from eventapp.messages.models import IncomingMail
from eventapp.messages.queries import list_mails_from, list_mails_to
from eventapp.messages.reading import MASK
from eventapp.messages.wordings.actions import TEST
from eventapp.registrations.models import Registration
from eventapp.registrations.personal_data import Keeper, moment


def collect(registration: Registration) -> dict[str, Any]:
    return {
        "sent": [_describe(mail) for mail in list_mails_to(registration)],
        "received": [_describe_incoming(mail) for mail in list_mails_from(registration)],
    }


def erase(registration: Registration) -> None:
    """Empty what came from this person, or came back from their address; drop the tests.

    Whose data a test was written with is only in its words: all of the webinar go.
    """
    db.session.execute(
        sa.delete(OutgoingMail)
        .where(OutgoingMail.webinar_id == registration.webinar_id, OutgoingMail.message == TEST)
        .execution_options(synchronize_session=False)
    )
    for mail in list_mails_from(registration):
        empty(mail)
    db.session.flush()


def _describe(mail: OutgoingMail) -> dict[str, Any]:
    """Links in the text have no token: a copy isn't a key."""
    return {
        "message": mail.message,
        "to": mail.to_address,
        "subject": mail.subject,
        "text": mail.body_text.replace(mail.placeholder, MASK),
        "status": mail.status.value,
        "written_at": moment(mail.created_at),
        "sent_at": moment(mail.sent_at),
    }


def _describe_incoming(mail: IncomingMail) -> dict[str, Any]:
    return {
        "from": mail.from_address,
        "subject": mail.subject,
        "text": mail.text,
        "received_at": moment(mail.received_at),
    }


KEEPER = Keeper(name="messages", collect=collect, erase=erase)
