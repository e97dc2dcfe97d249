"""What the ledger knows of the messages to one registration."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import count_rows
from eventapp.core.mailer import OutgoingMail
from eventapp.registrations.mails import door_of
from eventapp.registrations.models import Registration


def count_written(registration: Registration) -> int:
    """Return how many messages to this person there are in the ledger, sent or not."""
    return count_rows(sa.select(OutgoingMail.id).where(OutgoingMail.door == door_of(registration)))


def count_links_since(registration: Registration, moment: datetime) -> int:
    """Return how many messages under a key of `link_key` were written after `moment`."""
    return count_rows(
        sa.select(OutgoingMail.id).where(
            OutgoingMail.door == door_of(registration),
            OutgoingMail.once_key.startswith(link_key(registration), autoescape=True),
            OutgoingMail.created_at > moment,
        )
    )


def link_key(registration: Registration, asked_at: str = "") -> str:
    """Return what keeps the ledger from sending a link twice for one time that it was asked for."""
    return f"registration-link:{registration.id}:{asked_at}"
