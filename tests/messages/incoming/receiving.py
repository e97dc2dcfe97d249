"""Registrations to answer for, and what became of what was received."""

from __future__ import annotations

import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.mailer import OutgoingMail
from eventapp.messages.models import IncomingMail
from eventapp.registrations import actions
from eventapp.registrations.actions import Attendee
from eventapp.registrations.models import Registration


def register(webinar, clock, name="Ada") -> Registration:
    with transaction():
        attendee = Attendee(name=name, email=f"{name.lower()}@example.org")
        return actions.register_attendee(webinar, attendee, now=clock.forward(minutes=1))


def newest() -> IncomingMail:
    db.session.rollback()
    rows = db.session.scalars(sa.select(IncomingMail).order_by(IncomingMail.id.desc()).limit(1))
    return rows.one()


def became(registration) -> str:
    db.session.rollback()
    return db.session.get_one(Registration, registration.id).status.value


def what_was_done() -> tuple[str, str]:
    return newest().outcome, newest().reason


def returned_to(mail_server) -> str:
    return mail_server.mails[0].sender


def outgoing() -> OutgoingMail:
    db.session.rollback()
    return db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id).limit(1)).one()
