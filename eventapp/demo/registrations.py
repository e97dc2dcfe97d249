"""Loading who registered for a webinar of the demonstration, and on which terms."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from eventapp.core.db import db
from eventapp.core.tokens import derive_token, hash_token
from eventapp.demo.content.shapes import DemoAttendee, DemoTerms
from eventapp.registrations.models import (
    CancelledBy,
    Promotion,
    Registration,
    RegistrationPolicy,
    RegistrationStatus,
)
from eventapp.webinars.models import Webinar

ONE_EVERY = timedelta(minutes=37)
CANCELLED_AFTER = timedelta(hours=3)


def add_terms(webinar: Webinar, terms: DemoTerms | None, *, now: datetime) -> None:
    if terms is None:
        return
    row = RegistrationPolicy(
        webinar_id=webinar.id, largest_group=terms.largest_group, updated_at=now
    )
    if terms.offer_hours is not None:
        row.promotion, row.offer_hours = Promotion.OFFER, terms.offer_hours
    db.session.add(row)


def add_registrations(
    webinar: Webinar, attendees: Sequence[DemoAttendee], *, now: datetime
) -> dict[str, Registration]:
    """Write who registered, one after another; return them by their names."""
    registrations: dict[str, Registration] = {}
    registered_at = webinar.published_at or now
    for attendee in attendees:
        registered_at += ONE_EVERY
        row = _registration(webinar, attendee, registered_at=registered_at)
        if attendee.brought_by:
            row.registered_by_id = registrations[attendee.brought_by].id
        db.session.add(row)
        db.session.flush()
        registrations[attendee.name] = row
    return registrations


def _registration(
    webinar: Webinar, attendee: DemoAttendee, *, registered_at: datetime
) -> Registration:
    uid = str(uuid.uuid4())
    row = Registration(
        webinar_id=webinar.id,
        uid=uid,
        token_hash=hash_token(derive_token("registration", uid)),
        name=attendee.name,
        email=attendee.email,
        email_key=attendee.email.lower(),
        affiliation=attendee.organisation,
        time_zone=webinar.time_zone,
        status=RegistrationStatus(attendee.status),
        registered_at=registered_at,
        queued_at=registered_at,
        updated_at=registered_at,
    )
    if row.status == RegistrationStatus.CONFIRMED:
        row.confirmed_at = registered_at
    elif row.status == RegistrationStatus.CANCELLED:
        row.cancelled_at = row.updated_at = registered_at + CANCELLED_AFTER
        row.cancelled_by, row.sequence = CancelledBy.ATTENDEE, 1
    return row
