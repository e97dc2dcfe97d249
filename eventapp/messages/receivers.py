"""Who may be written to when a message goes to many."""

from __future__ import annotations

import sqlalchemy as sa

from eventapp.core.mailer import BouncedAddress
from eventapp.registrations.models import Registration


def is_unsubscribed() -> sa.ColumnElement[bool]:
    return Registration.unsubscribed_at.is_not(None)


def has_bounced() -> sa.ColumnElement[bool]:
    """Whether mail to the address came back for good."""
    return sa.exists().where(BouncedAddress.address_key == Registration.email_key)


def may_be_written_to() -> sa.ColumnElement[bool]:
    return sa.and_(~is_unsubscribed(), ~has_bounced())
