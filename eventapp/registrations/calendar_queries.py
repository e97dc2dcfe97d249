"""Every read for calendars: what one holds by our messages, and what a private feed lists."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.core.db import db
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.models import Webinar

FEED_GOES_BACK = timedelta(days=365)
MOST_IN_A_FEED = 500
NEVER_ARRIVED = (MailStatus.FAILED, MailStatus.BOUNCED, MailStatus.WITHHELD)


def holds_entry(door: str) -> bool:
    """Whether the calendar behind `door` has the webinar: the last iTIP message put it there.

    One that didn't get there has put nothing there, and taken nothing out.
    """
    last = (
        sa.select(OutgoingMail.calendar_method)
        .where(
            OutgoingMail.door == door,
            OutgoingMail.calendar_method.is_not(None),
            OutgoingMail.status.not_in(NEVER_ARRIVED),
        )
        .order_by(OutgoingMail.id.desc())
        .limit(1)
    )
    return db.session.scalar(last) == "REQUEST"


def list_for_feed(email_key: str, *, now: datetime) -> list[Registration]:
    """Return the seats of one address, the latest webinar first; of long ago none."""
    return list(
        db.session.scalars(
            sa.select(Registration)
            .join(Registration.webinar)
            .where(
                Registration.email_key == email_key,
                Registration.status == RegistrationStatus.CONFIRMED,
                Webinar.ends_at > now - FEED_GOES_BACK,
            )
            .options(joinedload(Registration.webinar))
            .order_by(Webinar.starts_at.desc(), Registration.id.desc())
            .limit(MOST_IN_A_FEED)
        )
    )
