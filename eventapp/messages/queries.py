"""Every read of the mail ledger for the desk."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.core.lists import contains, match_words
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.messages.lists import MailPage, Wanted, turn_to
from eventapp.messages.models import Broadcast, IncomingMail
from eventapp.registrations.mails import door_of
from eventapp.registrations.models import Registration
from eventapp.registrations.queries import takes_code_to


def get_mail(mail_id: int) -> OutgoingMail:
    """Return a message. Raises NotFound."""
    mail = db.session.get(OutgoingMail, mail_id)
    if mail is None:
        raise NotFound
    return mail


def list_mails(
    *, webinar_id: int | None = None, wanted: Wanted[MailStatus]
) -> MailPage[OutgoingMail, MailStatus]:
    """Return messages, newest first: of one webinar or of all, to people that match the words."""
    matching = sa.select(OutgoingMail)
    if webinar_id is not None:
        matching = matching.where(OutgoingMail.webinar_id == webinar_id)
    return turn_to(
        match_words(matching, wanted.words, _has_word),
        wanted,
        by=OutgoingMail.status,
        kinds=MailStatus,
        order=(OutgoingMail.id.desc(),),
        with_titles=webinar_id is None,
    )


def has_newer_calendar(mail: OutgoingMail) -> bool:
    """Whether a later calendar entry was written to the same person for the same registration."""
    newer = sa.select(OutgoingMail.id).where(
        OutgoingMail.door == mail.door,
        OutgoingMail.id > mail.id,
        OutgoingMail.calendar_method.is_not(None),
    )
    return db.session.execute(newer.limit(1)).first() is not None


def list_mails_to(registration: Registration) -> list[OutgoingMail]:
    """Return what was written to an attendee, in order."""
    return list(
        db.session.scalars(
            sa.select(OutgoingMail)
            .where(_is_to(registration))
            .order_by(OutgoingMail.id)
            .options(joinedload(OutgoingMail.body))
        )
    )


def list_mails_from(registration: Registration) -> list[IncomingMail]:
    """Return what an attendee wrote, and what came back of messages to them."""
    is_theirs = sa.or_(
        IncomingMail.registration_id == registration.id,
        IncomingMail.mail_id.in_(sa.select(OutgoingMail.id).where(_is_to(registration))),
        sa.and_(
            IncomingMail.webinar_id == registration.webinar_id,
            sa.func.lower(IncomingMail.from_address) == registration.email_key,
        ),
    )
    return list(
        db.session.scalars(sa.select(IncomingMail).where(is_theirs).order_by(IncomingMail.id))
    )


def _is_to(registration: Registration) -> sa.ColumnElement[bool]:
    return sa.or_(OutgoingMail.door == door_of(registration), takes_code_to(registration))


def list_broadcasts(webinar_id: int) -> list[Broadcast]:
    """Return what organisers wrote to a webinar's people, newest first."""
    return list(
        db.session.scalars(
            sa.select(Broadcast)
            .where(Broadcast.webinar_id == webinar_id)
            .order_by(Broadcast.id.desc())
        )
    )


def _has_word(word: str) -> sa.ColumnElement[bool]:
    columns = (OutgoingMail.to_name, OutgoingMail.to_address, OutgoingMail.subject)
    return sa.or_(*(contains(column, word) for column in columns))
