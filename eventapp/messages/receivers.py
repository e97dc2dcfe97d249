"""Who may be written to when a message goes to many."""

from __future__ import annotations

import sqlalchemy as sa

from eventapp.core.mailer import BouncedAddress
from eventapp.registrations.models import Registration, RegistrationStatus


def is_unsubscribed() -> sa.ColumnElement[bool]:
    return Registration.unsubscribed_at.is_not(None)


def has_bounced() -> sa.ColumnElement[bool]:
    """Whether mail to the address came back for good."""
    return sa.exists().where(BouncedAddress.address_key == Registration.email_key)


def may_be_written_to() -> sa.ColumnElement[bool]:
    """Whether a message to many may reach them: nobody whose address may be somebody else's."""
    is_verified = Registration.status != RegistrationStatus.UNVERIFIED
    return sa.and_(is_verified, ~is_unsubscribed(), ~has_bounced())
