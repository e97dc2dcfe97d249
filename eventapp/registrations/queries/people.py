"""Reading who is registered, and what is known of one person."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import joinedload

from eventapp.core import lists
from eventapp.core.db import count_rows, db
from eventapp.core.errors import NotFound
from eventapp.core.mailer import NOT_DELIVERED_YET, WAITS, OutgoingMail
from eventapp.core.tokens import hash_token
from eventapp.registrations.models import (
    AccessCode,
    ErasedDoor,
    Registration,
    RegistrationStatus,
)
from eventapp.registrations.rules import (
    HEARING,
    UNCONFIRMED_FOR,
)
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.queries import lock_webinar
from eventapp.webinars.rules import OPEN

MOST_TO_COME = 10
# Of who was erased: what still goes out.
LAST_MESSAGE = "registration_erased"
CODE_MESSAGE = "access_code"


def find_registration(registration_id: int) -> Registration | None:
    return db.session.get(Registration, registration_id)


def find_by_uid(uid: str, *, webinar_id: int) -> Registration | None:
    """Return the registration with this uid if it is one for this webinar."""
    return db.session.scalar(
        sa.select(Registration).where(
            Registration.uid == uid, Registration.webinar_id == webinar_id
        )
    )


def get_registration_by_token(token: str) -> Registration:
    """Return whose door `token` opens, with the webinar. Raises NotFound."""
    registration = db.session.scalar(
        sa.select(Registration)
        .where(Registration.token_hash == hash_token(token))
        .options(joinedload(Registration.webinar))
    )
    if registration is None:
        raise NotFound
    return registration


def list_webinars_to_come(*, now: datetime) -> list[Webinar]:
    """Return the next webinars that people can come to, for who has lost their link."""
    return list(
        db.session.scalars(
            sa.select(Webinar)
            .where(Webinar.status.in_(OPEN), Webinar.ends_at >= now)
            .order_by(Webinar.starts_at, Webinar.id)
            .limit(MOST_TO_COME)
        )
    )


def get_webinar_registration(webinar_id: int, registration_id: int) -> Registration:
    """Return a registration for this webinar, for organisers. Raises NotFound."""
    registration = find_registration(registration_id)
    if registration is None or registration.webinar_id != webinar_id:
        raise NotFound
    return registration


def find_by_key(webinar_id: int, email_key: str) -> Registration | None:
    """Return the registration under a key that `key_of_address` gave.

    It is as it is now, also where the session has read it before it had the webinar's lock.
    """
    return db.session.scalar(
        sa.select(Registration)
        .where(Registration.webinar_id == webinar_id, Registration.email_key == email_key)
        .execution_options(populate_existing=True)
    )


def lock_registration(registration: Registration) -> Webinar:
    """Lock its webinar and read it anew, as it is under the lock; return the webinar.

    Raises NotFound where it was erased meanwhile.
    """
    try:
        webinar = lock_webinar(registration.webinar_id)
        db.session.refresh(registration)
    except InvalidRequestError as error:
        raise NotFound from error
    return webinar


def lock_row(registration: Registration) -> None:
    """Lock a registration alone and read it anew; seats and the webinar are nobody's concern.

    Raises NotFound where it was erased meanwhile.
    """
    try:
        db.session.refresh(registration, with_for_update={"of": Registration})
    except InvalidRequestError as error:
        raise NotFound from error


def list_codes_for(registration: Registration) -> list[AccessCode]:
    """Return the personal codes that were made for this person's address."""
    return list(
        db.session.scalars(
            sa.select(AccessCode)
            .where(
                AccessCode.webinar_id == registration.webinar_id,
                AccessCode.email_key == registration.email_key,
            )
            .order_by(AccessCode.id)
        )
    )


def takes_code_to(registration: Registration) -> sa.ColumnElement[bool]:
    """Match the messages that took personal codes to this person: they are of no door."""
    addresses = sa.select(AccessCode.email).where(
        AccessCode.webinar_id == registration.webinar_id,
        AccessCode.email_key == registration.email_key,
    )
    return sa.and_(
        OutgoingMail.message == CODE_MESSAGE,
        OutgoingMail.webinar_id == registration.webinar_id,
        OutgoingMail.to_address.in_(addresses),
    )


def list_erased_doors(*, at_most: int) -> list[str]:
    """Return the doors with messages to be emptied or dropped, or with none left."""
    of_door = OutgoingMail.door == ErasedDoor.door
    is_to_go = sa.or_(
        OutgoingMail.status.not_in(NOT_DELIVERED_YET),
        sa.and_(OutgoingMail.status.in_(WAITS), OutgoingMail.message != LAST_MESSAGE),
    )
    return list(
        db.session.scalars(
            sa.select(ErasedDoor.door)
            .where(sa.or_(sa.exists().where(of_door, is_to_go), ~sa.exists().where(of_door)))
            .order_by(ErasedDoor.erased_at)
            .limit(at_most)
        )
    )


def list_left_unconfirmed(*, now: datetime, at_most: int) -> list[int]:
    """Return the ids of registrations that `rules.is_left_unconfirmed` may say so of.

    In a webinar that ended longer ago than anybody may take, they are among the old ones.
    """
    # Written out, not bound: only so does SQLite use the index over these rows alone.
    is_unverified = Registration.status == sa.literal(
        RegistrationStatus.UNVERIFIED, Registration.status.type, literal_execute=True
    )
    since = now - UNCONFIRMED_FOR
    old = (
        sa.select(Registration.id)
        .where(is_unverified, Registration.queued_at <= since)
        .order_by(Registration.queued_at)
    )
    of_what_is_over = (
        sa.select(Registration.id)
        .join(Webinar)
        .where(
            Webinar.ends_at.between(since, now),
            Webinar.status != WebinarStatus.LIVE,
            Registration.status == RegistrationStatus.UNVERIFIED,
        )
    )
    found = [db.session.scalars(each.limit(at_most)).all() for each in (old, of_what_is_over)]
    return list(dict.fromkeys([*found[0], *found[1]]))[:at_most]


def list_attending_after(
    webinar_id: int, registration_id: int, *, statuses: tuple[RegistrationStatus, ...], at_most: int
) -> list[Registration]:
    """Return the next slice of a mailing: by id, after the one given.

    They are locked: who unsubscribes finds what is written to them.
    """
    return list(
        db.session.scalars(
            sa.select(Registration)
            .where(
                Registration.webinar_id == webinar_id,
                Registration.status.in_(statuses),
                Registration.id > registration_id,
            )
            .options(joinedload(Registration.webinar))
            .order_by(Registration.id)
            .limit(at_most)
            .with_for_update(read=True, of=Registration)
        )
    )


def count_hearers(webinar_id: int) -> int:
    """Return how many people hear of a change: all whose address is known to be theirs."""
    counts = count_by_status(webinar_id)
    return sum(counts[status] for status in HEARING)


def count_by_status(webinar_id: int) -> dict[RegistrationStatus, int]:
    """Return how many registrations there are, with a number for every status."""
    matching = sa.select(Registration).where(Registration.webinar_id == webinar_id)
    return lists.count_by_status(matching, Registration.status, RegistrationStatus)


def attended() -> sa.ColumnElement[bool]:
    """Match who was in the room once the webinar was live, as `rules.has_attended` does."""
    return sa.exists().where(
        Webinar.id == Registration.webinar_id,
        sa.or_(
            Registration.joined_at >= Webinar.went_live_at,
            Registration.last_seen_at >= Webinar.went_live_at,
        ),
    )


def count_attended(webinar_id: int) -> int:
    """Return how many of those who are confirmed were there."""
    return count_rows(
        sa.select(Registration).where(
            Registration.webinar_id == webinar_id,
            Registration.status == RegistrationStatus.CONFIRMED,
            attended(),
        )
    )
