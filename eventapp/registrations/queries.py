"""Every read of registrations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import joinedload

from eventapp.core import lists
from eventapp.core.db import count_rows, db, find_row
from eventapp.core.errors import NotFound
from eventapp.core.mailer import NOT_DELIVERED_YET, WAITS, OutgoingMail
from eventapp.core.revision import current_revision
from eventapp.core.tokens import hash_token
from eventapp.form_fields.models import FormField
from eventapp.registrations.models import (
    AccessCode,
    ErasedDoor,
    Registration,
    RegistrationPolicy,
    RegistrationStatus,
)
from eventapp.registrations.rules import (
    ACTIVE,
    HEARING,
    UNCONFIRMED_FOR,
    Policy,
    count_free_seats,
    normalise_code,
)
from eventapp.webinars.models import Webinar, WebinarStatus
from eventapp.webinars.queries import lock_webinar
from eventapp.webinars.rules import is_public

_webinar = Webinar.__table__.c
_terms = [RegistrationPolicy.__table__.c[field.name] for field in fields(Policy)]
# What the form and the rules about it ask of a webinar.
_shown = [
    _webinar[name]
    for name in (
        *("id", "slug", "status", "title", "starts_at", "ends_at", "time_zone", "capacity"),
        *("published_at", "contact_name", "contact_email"),
    )
]
# Of who was erased: what still goes out.
LAST_MESSAGE = "registration_erased"


def find_webinar(webinar_id: int) -> Webinar | None:
    return db.session.get(Webinar, webinar_id)


def find_registration(registration_id: int) -> Registration | None:
    return db.session.get(Registration, registration_id)


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


def get_webinar_registration(webinar_id: int, registration_id: int) -> Registration:
    """Return a registration for this webinar, for organisers. Raises NotFound."""
    registration = find_registration(registration_id)
    if registration is None or registration.webinar_id != webinar_id:
        raise NotFound
    return registration


def find_by_key(webinar_id: int, email_key: str) -> Registration | None:
    """Return the registration under a key that `key_of_address` gave."""
    return db.session.scalar(
        sa.select(Registration).where(
            Registration.webinar_id == webinar_id, Registration.email_key == email_key
        )
    )


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
    return count_rows(_with_status(webinar_id, RegistrationStatus.CONFIRMED).where(attended()))


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


# -- terms -------------------------------------------------------------------------------------


def get_policy(webinar_id: int) -> Policy:
    """Return the terms of registration, the defaults where none were written."""
    row = db.session.execute(
        sa.select(*_terms).where(RegistrationPolicy.webinar_id == webinar_id)
    ).first()
    return Policy() if row is None else _read_policy(row)


def _read_policy(row: sa.Row[Any]) -> Policy:
    """Read the terms out of a row with their columns, all of them empty where there are none."""
    values = {column.name: row._mapping[column] for column in _terms}  # noqa: SLF001 - as below
    return Policy() if values["mode"] is None else Policy(**values)


def list_policies(webinar_ids: Iterable[int]) -> dict[int, Policy]:
    """Return the terms of these webinars by their id; those without written terms are left out."""
    rows = db.session.scalars(
        sa.select(RegistrationPolicy).where(RegistrationPolicy.webinar_id.in_(list(webinar_ids)))
    )
    return {
        row.webinar_id: Policy(**{field.name: getattr(row, field.name) for field in fields(Policy)})
        for row in rows
    }


def find_code(webinar_id: int, typed: str) -> AccessCode | None:
    return db.session.scalar(
        sa.select(AccessCode).where(
            AccessCode.webinar_id == webinar_id, AccessCode.code == normalise_code(typed)
        )
    )


def find_personal_code(webinar_id: int, email_key: str) -> AccessCode | None:
    """Return the code made for an address that still works."""
    return db.session.scalar(
        sa.select(AccessCode)
        .where(
            AccessCode.webinar_id == webinar_id,
            AccessCode.email_key == email_key,
            AccessCode.revoked_at.is_(None),
        )
        .limit(1)
    )


def count_code_uses(code_id: int) -> int:
    """Return how many people are registered by a code; who cancelled has given it back."""
    return count_rows(
        sa.select(Registration).where(
            Registration.access_code_id == code_id, Registration.status.in_(ACTIVE)
        )
    )


# -- seats and queue ---------------------------------------------------------------------------


def takes_seat() -> sa.ColumnElement[bool]:
    """Match who takes a seat: confirmed, offered one, or while it is held for them."""
    return sa.or_(
        Registration.status.in_((RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED)),
        sa.and_(
            Registration.status == RegistrationStatus.UNVERIFIED,
            Registration.held_until.is_not(None),
        ),
    )


def count_taken(webinar_id: int) -> int:
    """Return how many seats are taken."""
    return db.session.execute(sa.select(taken_in(webinar_id))).scalar_one()


def taken_in(webinar_id: int | sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    """Count a webinar's taken seats, as a part of a statement.

    In two parts, each out of an index alone: together they would read every row.
    """
    seated = (RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED)
    is_held = (
        Registration.status == RegistrationStatus.UNVERIFIED,
        Registration.held_until.is_not(None),
    )
    return _count_where(webinar_id, Registration.status.in_(seated)) + _count_where(
        webinar_id, *is_held
    )


def _count_where(
    webinar_id: int | sa.ColumnElement[int], *conditions: sa.ColumnElement[bool]
) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .select_from(Registration)
        .where(Registration.webinar_id == webinar_id, *conditions)
        .scalar_subquery()
    )


@dataclass(frozen=True, kw_only=True)
class SeatCount:
    """What seats are given by; `taken` is 0 where there is no limit to count for."""

    taken: int
    has_waiting: bool
    has_lapsed: bool
    last_arrival: datetime | None


def count_seats(webinar_id: int, *, is_limited: bool, now: datetime) -> SeatCount:
    """Look up all that giving a seat asks for in one statement, since the lock is held.

    Each part of it comes out of an index, however many have registered.
    """
    found = db.session.execute(
        COUNT_SEATS[is_limited], {"webinar_id": webinar_id, "now": now}
    ).one()
    return SeatCount(**found._mapping)  # noqa: SLF001 - how SQLAlchemy names a row's own mapping


def _select_seats(taken: sa.ColumnElement[int]) -> sa.Select[*tuple[Any, ...]]:
    of_webinar = Registration.webinar_id == OF_WEBINAR
    return sa.select(
        taken.label("taken"),
        sa.exists()
        .where(of_webinar, Registration.status == RegistrationStatus.WAITING)
        .label("has_waiting"),
        sa.exists()
        .where(of_webinar, Registration.held_until <= sa.bindparam("now"))
        .label("has_lapsed"),
        sa.select(sa.func.max(Registration.queued_at))
        .where(of_webinar)
        .scalar_subquery()
        .label("last_arrival"),
    )


OF_WEBINAR: sa.BindParameter[int] = sa.bindparam("webinar_id", type_=sa.Integer)
# Built once: putting a statement together takes as long as the database does to answer it.
COUNT_SEATS = {
    True: _select_seats(taken_in(OF_WEBINAR)),
    False: _select_seats(sa.literal(0)),
}


@dataclass(frozen=True, kw_only=True)
class FormState:
    """All that decides what the registration form looks like, read in one statement.

    `webinar` is a copy of what the form and its rules ask of it, which nobody writes back.
    """

    revision: int
    webinar: Webinar
    policy: Policy
    is_full: bool
    has_fields: bool


def get_form_state(slug: str) -> FormState:
    """Return the state of the form of a webinar that anyone may see. Raises NotFound."""
    row = find_row(SELECT_FORM_STATE, slug=slug)
    webinar = None
    if row is not None:
        columns = row._mapping  # noqa: SLF001 - how SQLAlchemy names a row's own mapping
        webinar = Webinar(**{column.name: columns[column] for column in _shown})
    if row is None or webinar is None or not is_public(webinar):
        raise NotFound
    free = count_free_seats(webinar.capacity, taken=row.taken)
    return FormState(
        revision=row.revision,
        webinar=webinar,
        policy=_read_policy(row),
        is_full=webinar.capacity is not None and (row.has_waiting or free == 0),
        has_fields=row.has_fields,
    )


SELECT_FORM_STATE = (
    sa.select(
        *_shown,
        *_terms,
        current_revision.label("revision"),
        sa.case((_webinar.capacity.is_(None), 0), else_=taken_in(_webinar.id)).label("taken"),
        sa.exists()
        .where(
            Registration.webinar_id == _webinar.id,
            Registration.status == RegistrationStatus.WAITING,
        )
        .label("has_waiting"),
        sa.exists()
        .where(FormField.webinar_id == _webinar.id, FormField.retired_at.is_(None))
        .label("has_fields"),
    )
    .outerjoin_from(Webinar.__table__, RegistrationPolicy.__table__)
    .where(_webinar.slug == sa.bindparam("slug"))
)


def list_lapsed(webinar_id: int, *, now: datetime) -> list[Registration]:
    """Return for whom a seat was kept that they didn't take in time, first come first."""
    return list(
        db.session.scalars(
            sa.select(Registration)
            .where(Registration.webinar_id == webinar_id, Registration.held_until <= now)
            .order_by(Registration.queued_at, Registration.id)
        )
    )


def list_webinars_with_lapsed(*, now: datetime, at_most: int) -> list[int]:
    """Return the ids of webinars in which a seat was kept for too long."""
    return list(
        db.session.scalars(
            sa.select(Registration.webinar_id)
            .where(Registration.held_until <= now)
            .distinct()
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


def list_waiting(webinar_id: int, *, at_most: int | None = None) -> list[Registration]:
    """Return who waits, first come first."""
    waiting = _with_status(webinar_id, RegistrationStatus.WAITING)
    return list(
        db.session.scalars(waiting.order_by(Registration.queued_at, Registration.id).limit(at_most))
    )


def list_offered(webinar_id: int) -> list[Registration]:
    """Return to whom a seat is offered."""
    return list(db.session.scalars(_with_status(webinar_id, RegistrationStatus.OFFERED)))


def list_attending_after(
    webinar_id: int, registration_id: int, *, statuses: tuple[RegistrationStatus, ...], at_most: int
) -> list[Registration]:
    """Return the next slice of a mailing: by id, after the one given."""
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
        )
    )


def count_waiting(webinar_id: int) -> int:
    return count_rows(_with_status(webinar_id, RegistrationStatus.WAITING))


def count_hearers(webinar_id: int) -> int:
    """Return how many people hear of a change: all whose address is known to be theirs."""
    counts = count_by_status(webinar_id)
    return sum(counts[status] for status in HEARING)


def count_by_status(webinar_id: int) -> dict[RegistrationStatus, int]:
    """Return how many registrations there are, with a number for every status."""
    matching = sa.select(Registration).where(Registration.webinar_id == webinar_id)
    return lists.count_by_status(matching, Registration.status, RegistrationStatus)


def find_place_in_queue(registration: Registration) -> int | None:
    """Return the place in the waiting list, from 1; None for who isn't waiting."""
    if registration.status != RegistrationStatus.WAITING:
        return None
    before = sa.or_(
        Registration.queued_at < registration.queued_at,
        sa.and_(
            Registration.queued_at == registration.queued_at, Registration.id < registration.id
        ),
    )
    return 1 + count_rows(
        _with_status(registration.webinar_id, RegistrationStatus.WAITING).where(before)
    )


def _with_status(webinar_id: int, status: RegistrationStatus) -> sa.Select[Registration]:
    return sa.select(Registration).where(
        Registration.webinar_id == webinar_id, Registration.status == status
    )
