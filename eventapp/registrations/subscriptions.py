"""Whether a person wants reminders and news about a webinar.

What concerns the registration itself (a new time, a cancellation) reaches them all the same.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.mailer import MailStatus, OutgoingMail, withhold
from eventapp.registrations.mails import door_of, uid_behind
from eventapp.registrations.models import Registration
from eventapp.registrations.queries import lock_row

NOT_WANTED = "They asked for no more reminders and news."


def unsubscribe(registration: Registration, *, now: datetime) -> None:
    """Write no more reminders and news to this person; what waits to be sent is withheld.

    What a worker has taken leaves at this moment, or is withheld once it is given back.
    Does nothing for who is unsubscribed already. Raises NotFound where it was erased meanwhile.
    """
    lock_row(registration)
    if registration.unsubscribed_at is not None:
        return
    registration.unsubscribed_at = registration.updated_at = now
    is_news = (
        OutgoingMail.door == door_of(registration),
        OutgoingMail.unsubscribe_url.is_not(None),
    )
    withhold(*is_news, reason=NOT_WANTED, now=now)
    # What is only held back for now never leaves either.
    db.session.execute(
        sa.update(OutgoingMail)
        .where(*is_news, OutgoingMail.status == MailStatus.WITHHELD)
        .values(last_error=NOT_WANTED),
        execution_options={"synchronize_session": False},
    )
    db.session.flush()


def subscribe_again(registration: Registration, *, now: datetime) -> None:
    """Write reminders and news to this person again. Raises NotFound as unsubscribe."""
    lock_row(registration)
    registration.unsubscribed_at = None
    registration.updated_at = now
    db.session.flush()


def is_unwanted(mail: OutgoingMail) -> bool:
    """Whether a message is news to somebody who asked for no more.

    One that was withheld for that stays so, also when its owner wants news again: the next ones
    reach them.
    """
    uid = uid_behind(mail.door)
    if mail.unsubscribe_url is None or uid is None:
        return False
    if mail.status == MailStatus.WITHHELD and mail.last_error == NOT_WANTED:
        return True
    found = sa.select(Registration.id).where(
        Registration.uid == uid, Registration.unsubscribed_at.is_not(None)
    )
    return db.session.execute(found).first() is not None
