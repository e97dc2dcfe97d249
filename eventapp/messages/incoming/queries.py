"""Every read of incoming mail."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer

from eventapp.core.db import count_rows, db
from eventapp.core.errors import NotFound
from eventapp.core.lists import contains, match_words
from eventapp.core.mailer import OutgoingMail
from eventapp.messages.lists import MailPage, Wanted, turn_to
from eventapp.messages.models import IncomingKind, IncomingMail
from eventapp.registrations.models import ErasedDoor, Registration


def is_known(message_id: str) -> bool:
    found = sa.select(IncomingMail.id).where(IncomingMail.message_id == message_id)
    return db.session.execute(found).first() is not None


def find_registration_by_uid(uid: str) -> Registration | None:
    return db.session.scalar(sa.select(Registration).where(Registration.uid == uid))


def find_outgoing(mail_id: int) -> OutgoingMail | None:
    return db.session.get(OutgoingMail, mail_id)


def is_of_erased(mail: OutgoingMail) -> bool:
    """Whether a message went to who is erased: it is empty, or about to be."""
    is_going = mail.door is not None and db.session.get(ErasedDoor, mail.door) is not None
    return not mail.to_address or is_going


def find_newest_stamp(registration_id: int) -> datetime | None:
    """Return when a person's calendar gave the newest of its answers that were good."""
    return db.session.scalar(
        sa.select(sa.func.max(IncomingMail.stamped_at)).where(
            IncomingMail.registration_id == registration_id,
            IncomingMail.outcome.in_(("noted", "cancelled")),
        )
    )


def get_incoming(mail_id: int) -> IncomingMail:
    """Return what came. Raises NotFound."""
    mail = db.session.get(IncomingMail, mail_id)
    if mail is None:
        raise NotFound
    return mail


def list_incoming(
    *, webinar_id: int | None = None, wanted: Wanted[IncomingKind]
) -> MailPage[IncomingMail, IncomingKind]:
    """Return what came for one webinar or for all: unread first, then the newest."""
    return turn_to(
        match_words(_of_webinar(webinar_id), wanted.words, _has_word),
        wanted,
        by=IncomingMail.kind,
        kinds=IncomingKind,
        order=(IncomingMail.read_at.is_not(None), IncomingMail.id.desc()),
        options=(defer(IncomingMail.text),),
        with_titles=webinar_id is None,
    )


def count_unread(*, webinar_id: int | None = None) -> int:
    return count_rows(_of_webinar(webinar_id).where(IncomingMail.read_at.is_(None)))


def _of_webinar(webinar_id: int | None) -> sa.Select[IncomingMail]:
    all_of_them = sa.select(IncomingMail)
    if webinar_id is None:
        return all_of_them
    return all_of_them.where(IncomingMail.webinar_id == webinar_id)


def _has_word(word: str) -> sa.ColumnElement[bool]:
    columns = (IncomingMail.from_name, IncomingMail.from_address, IncomingMail.subject)
    return sa.or_(*(contains(column, word) for column in columns))
