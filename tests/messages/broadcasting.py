"""Messages to many, written and sent as organisers do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from eventapp.core import clock, outbox
from eventapp.core.db import db, transaction
from eventapp.core.mailer import OutgoingMail
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.messages import reactions
from eventapp.messages.broadcasts import actions, queries
from eventapp.messages.broadcasts.rules import Segment, SegmentKind
from eventapp.registrations.models import FieldAnswer
from tests.factories import (
    EARLIER,
    RegistrationFactory,
    UserFactory,
    WebinarFactory,
)

CONFIRMED = Segment(kind=SegmentKind.CONFIRMED)


def write(webinar, segment=CONFIRMED, **changes):
    words = {"subject": "For {name}", "body": "Dear {name}: [come]({join_link})"}
    with transaction():
        return actions.write_broadcast(
            webinar,
            segment=segment,
            user_id=UserFactory().id,
            now=clock.now(),
            **(words | changes),
        )


def people(webinar, number):
    return [RegistrationFactory(webinar=webinar) for _ in range(number)]


def send(broadcast, *, shown=1000, seen_at=None):
    with transaction():
        actions.start_broadcast(
            broadcast, shown=shown, seen_at=seen_at or broadcast.updated_at, now=clock.now()
        )


def run_all():
    while outbox.run_due_jobs():
        db.session.rollback()
    db.session.rollback()


def written_to_two():
    """Send a message of which two of three have been written, and none has left."""
    webinar = WebinarFactory()
    people(webinar, 3)
    broadcast = write(webinar)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reactions, "MAILING_AT_ONCE", 2)
        send(broadcast)
        outbox.run_due_jobs()
    return broadcast


def states_of(broadcast):
    db.session.rollback()
    rows = db.session.execute(
        sa.select(OutgoingMail.status, OutgoingMail.last_error)
        .where(OutgoingMail.broadcast_id == broadcast.id)
        .order_by(OutgoingMail.id)
    )
    return [tuple(row) for row in rows]


def set_states(broadcast, status):
    with transaction() as session:
        session.execute(
            sa.update(OutgoingMail)
            .where(OutgoingMail.broadcast_id == broadcast.id)
            .values(status=status, claimed_at=clock.now())
        )


def written_to():
    rows = db.session.scalars(
        sa.select(OutgoingMail).where(OutgoingMail.message == "broadcast").order_by(OutgoingMail.id)
    )
    return [row.to_name for row in rows]


def add_field(webinar, kind=FieldKind.ONE_OF, options=("one", "two")):
    field = FormField(
        webinar_id=webinar.id,
        kind=kind,
        label="Which?",
        options=[{"id": each, "text": each.title()} for each in options],
        created_at=EARLIER,
        updated_at=EARLIER,
    )
    db.session.add(field)
    db.session.commit()
    return field


def answer(registration, field, value):
    db.session.add(
        FieldAnswer(
            registration_id=registration.id,
            field_id=field.id,
            label=field.label,
            value=value,
            text=str(value),
            answered_at=EARLIER,
        )
    )
    db.session.commit()


def names_in(webinar, segment):
    found = queries.list_people(webinar.id, segment, page=1)
    return [each.registration.name for each in found.people]
