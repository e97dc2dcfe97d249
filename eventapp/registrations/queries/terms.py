"""Reading the terms of registration and the access codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from eventapp.core.db import count_rows, db
from eventapp.registrations.code_rules import normalise_code
from eventapp.registrations.models import (
    AccessCode,
    Registration,
    RegistrationPolicy,
    RegistrationStatus,
)
from eventapp.registrations.rules import HEARING, Policy

TERMS = [RegistrationPolicy.__table__.c[field.name] for field in fields(Policy)]


def get_policy(webinar_id: int) -> Policy:
    """Return the terms of registration, the defaults where none were written."""
    row = db.session.execute(
        sa.select(*TERMS).where(RegistrationPolicy.webinar_id == webinar_id)
    ).first()
    return Policy() if row is None else read_policy(row)


def find_opening(webinar_id: int) -> datetime | None:
    """Return the moment before which nobody can register, where one is set."""
    return get_policy(webinar_id).opens_at


def read_policy(row: sa.Row[Any]) -> Policy:
    """Read the terms out of a row with their columns, all of them empty where there are none."""
    values = {column.name: row._mapping[column] for column in TERMS}  # noqa: SLF001 - as below
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


def find_code_of(registration: Registration) -> AccessCode | None:
    """Return the code that somebody registered by."""
    if registration.access_code_id is None:
        return None
    return db.session.get(AccessCode, registration.access_code_id)


def count_code_uses(code_id: int, *, now: datetime) -> int:
    """Return how many people are registered by a code; who cancelled has given it back."""
    return count_rows(
        sa.select(Registration).where(Registration.access_code_id == code_id, uses_code(now=now))
    )


def uses_code(*, now: datetime) -> sa.ColumnElement[bool]:
    """Match who counts as a use of their code: unconfirmed only while their place is kept.

    Else whoever types made-up addresses would use it up for as long as those may be confirmed.
    """
    return sa.or_(
        Registration.status.in_(HEARING),
        sa.and_(
            Registration.status == RegistrationStatus.UNVERIFIED,
            Registration.place_kept_until > now,
        ),
    )
