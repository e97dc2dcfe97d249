"""Every read of reminders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.messages.models import Anchor, Reminder
from eventapp.messages.receivers import may_be_written_to
from eventapp.messages.reminders.rules import (
    DEFAULTS,
    EARLIEST,
    LATEST_AFTER_END,
    STATES,
    Mails,
    confirmed_until,
    message_of,
)
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar
from eventapp.webinars.rules import LONGEST, OPEN


def list_reminders(webinar: Webinar, *, now: datetime) -> list[Reminder]:
    """Return a webinar's reminders in the order of their moments.

    Where none are written down yet, those that every webinar begins with, without an id.
    """
    found = list_written_reminders(webinar.id)
    if not found:
        found = [
            Reminder(
                webinar_id=webinar.id, anchor=anchor, minutes=minutes, is_on=True, created_at=now
            )
            for anchor, minutes in DEFAULTS
        ]
    return sorted(found, key=lambda each: (each.anchor == Anchor.END, each.minutes))


def list_written_reminders(webinar_id: int) -> list[Reminder]:
    return list(db.session.scalars(sa.select(Reminder).where(Reminder.webinar_id == webinar_id)))


def lock_reminder(reminder_id: int) -> Reminder | None:
    """Return a reminder as it is now, and let nobody else change it in this transaction.

    Nor its webinar, which is locked first: who moves it or calls it off finds everything that is
    written of the reminder.
    """
    webinar_id = db.session.scalar(sa.select(Reminder.webinar_id).where(Reminder.id == reminder_id))
    if webinar_id is None:
        return None
    lock_webinar(webinar_id)
    return db.session.scalar(
        sa.select(Reminder)
        .where(Reminder.id == reminder_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def get_reminder_at(webinar_id: int, *, anchor: Anchor, minutes: int) -> Reminder:
    """Return the reminder of a webinar at a moment. Raises NotFound."""
    found = db.session.scalar(
        sa.select(Reminder).where(
            Reminder.webinar_id == webinar_id,
            Reminder.anchor == anchor,
            Reminder.minutes == minutes,
        )
    )
    if found is None:
        raise NotFound
    return found


def list_that_may_be_due(*, now: datetime) -> list[Reminder]:
    """Return the reminders, with their webinars, among which those are that are due."""
    statuses = frozenset().union(*STATES.values())
    earliest = now - timedelta(minutes=LATEST_AFTER_END) - 2 * LONGEST
    latest = now - timedelta(minutes=EARLIEST)
    return list(
        db.session.scalars(
            sa.select(Reminder)
            .join(Reminder.webinar)
            .where(
                Reminder.is_on,
                Webinar.status.in_(statuses),
                Webinar.starts_at.between(earliest, latest),
            )
            .options(contains_eager(Reminder.webinar))
            .order_by(Reminder.id)
        )
    )


def list_webinars_without(*, now: datetime) -> Sequence[int]:
    """Return the webinars to come for which no reminders are written down yet."""
    written = sa.exists().where(Reminder.webinar_id == Webinar.id)
    return db.session.scalars(
        sa.select(Webinar.id).where(Webinar.status.in_(OPEN), Webinar.ends_at > now, ~written)
    ).all()


def list_receivers_after(
    reminder: Reminder, registration_id: int, *, at_most: int
) -> list[Registration]:
    """Return the next slice of those whom a reminder goes to: by id, after the one given.

    They are locked: who unsubscribes finds what is written to them.
    """
    return list(
        db.session.scalars(
            select_receivers(reminder, reminder.webinar)
            .where(Registration.id > registration_id)
            .options(joinedload(Registration.webinar))
            .order_by(Registration.id)
            .limit(at_most)
            .with_for_update(read=True, of=Registration)
        )
    )


def count_receivers(reminders: Sequence[Reminder], webinar: Webinar) -> list[int]:
    """Return for each reminder how many people it would go to, all in one query."""
    counts = [
        sa.select(
            sa.literal(number).label("number"),
            sa.func.count().label("people"),
        ).select_from(select_receivers(each, webinar).subquery())
        for number, each in enumerate(reminders)
    ]
    found = dict(iter(db.session.execute(sa.union_all(*counts))))
    return [found[number] for number in range(len(reminders))]


def count_mails(reminders: Sequence[Reminder], webinar: Webinar) -> list[Mails]:
    """Return for each reminder what became of its messages, all in one query."""
    written = [(is_mail_of(each), each.id) for each in reminders if each in db.session]
    counts: dict[int, dict[MailStatus, int]] = {}
    if written:
        mails = (
            sa.select(sa.case(*written).label("reminder_id"), OutgoingMail.status)
            .where(OutgoingMail.webinar_id == webinar.id)
            .subquery()
        )
        found = sa.select(mails.c.reminder_id, mails.c.status, sa.func.count())
        for reminder_id, status, number in db.session.execute(found.group_by(*mails.c)):
            counts.setdefault(reminder_id, {})[status] = number
    return [Mails.of(counts.get(each.id, {})) for each in reminders]


def is_mail_of(reminder: Reminder) -> sa.ColumnElement[bool]:
    return sa.and_(
        OutgoingMail.webinar_id == reminder.webinar_id,
        OutgoingMail.once_key.startswith(f"reminder:{reminder.id}:", autoescape=True),
    )


def select_receivers(reminder: Reminder, webinar: Webinar) -> sa.Select[Registration]:
    """Select who has a seat, had it in time, wants mail, and hasn't had this reminder."""
    receivers = sa.select(Registration).where(
        Registration.webinar_id == webinar.id,
        Registration.status == RegistrationStatus.CONFIRMED,
        Registration.confirmed_at <= confirmed_until(reminder, webinar),
        may_be_written_to(),
    )
    if message_of(reminder) == "webinar_live":
        receivers = receivers.where(Registration.joined_at.is_(None))
    if reminder.started_for is not None:
        key = sa.literal(f"reminder:{reminder.id}:") + sa.cast(Registration.id, sa.String)
        receivers = receivers.where(~sa.exists().where(OutgoingMail.once_key == key))
    return receivers
