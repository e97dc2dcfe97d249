"""What the ledger knows of the messages to one registration."""

from __future__ import annotations

import sqlalchemy as sa

from eventapp.core.db import count_rows
from eventapp.core.mailer import OutgoingMail
from eventapp.registrations.mails import door_of
from eventapp.registrations.models import Registration


def count_written(registration: Registration) -> int:
    """Return how many messages to this person there are in the ledger, sent or not."""
    return count_rows(sa.select(OutgoingMail.id).where(OutgoingMail.door == door_of(registration)))
