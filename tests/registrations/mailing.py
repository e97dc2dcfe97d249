"""What attendees and organisers do that people are written to about, each a minute later."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.mailer import OutgoingMail
from eventapp.registrations import actions
from eventapp.registrations.actions import Attendee
from eventapp.registrations.models import Registration
from eventapp.webinars.actions import WebinarDetails, cancel_webinar, edit_webinar
from eventapp.webinars.models import Webinar


def register(webinar: Webinar, clock, name: str = "Ada", **changes: object) -> Registration:
    values = {"name": name, "email": f"{name.split(maxsplit=1)[0].lower()}@example.org"}
    now = clock.forward(minutes=1)
    with transaction():
        return actions.register_attendee(webinar, Attendee(**{**values, **changes}), now=now)


def cancel(registration: Registration, clock, **changes: object) -> None:
    with transaction():
        actions.cancel_registration(registration, now=clock.forward(minutes=1), **changes)


def move(webinar: Webinar, clock, **changes: object) -> None:
    now = clock.forward(minutes=1)
    fields = WebinarDetails.__dataclass_fields__
    details = WebinarDetails(**{name: getattr(webinar, name) for name in fields})
    with transaction():
        edit_webinar(webinar, replace(details, **changes), now=now)


def call_off(webinar: Webinar, clock, reason: str = "The speaker is ill.") -> None:
    with transaction():
        cancel_webinar(webinar, reason=reason, now=clock.forward(minutes=1))


def list_ledger() -> list[tuple[str, str, str | None]]:
    rows = db.session.scalars(sa.select(OutgoingMail).order_by(OutgoingMail.id))
    return [(row.message, row.to_name, row.calendar_method) for row in rows]
