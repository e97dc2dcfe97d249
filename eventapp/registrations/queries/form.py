"""Reading what decides the registration form."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from eventapp.core.db import find_row
from eventapp.core.errors import NotFound
from eventapp.core.revision import current_revision
from eventapp.form_fields.models import FormField
from eventapp.registrations.models import (
    Registration,
    RegistrationPolicy,
    RegistrationStatus,
)
from eventapp.registrations.queries.seats import taken_in
from eventapp.registrations.queries.terms import TERMS, read_policy
from eventapp.registrations.rules import (
    Policy,
    count_free_seats,
)
from eventapp.webinars.models import Webinar
from eventapp.webinars.rules import is_public

_webinar = Webinar.__table__.c
# What the form and the rules about it ask of a webinar.
_shown = [
    _webinar[name]
    for name in (
        *("id", "slug", "status", "title", "starts_at", "ends_at", "time_zone", "capacity"),
        *("published_at", "contact_name", "contact_email"),
    )
]


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
    if row is None:
        raise NotFound
    columns = row._mapping  # noqa: SLF001 - how SQLAlchemy names a row's own mapping
    webinar = Webinar(**{column.name: columns[column] for column in _shown})
    if not is_public(webinar):
        raise NotFound
    free = count_free_seats(webinar.capacity, taken=row.taken)
    return FormState(
        revision=row.revision,
        webinar=webinar,
        policy=read_policy(row),
        is_full=webinar.capacity is not None and (row.has_waiting or free == 0),
        has_fields=row.has_fields,
    )


SELECT_FORM_STATE = (
    sa.select(
        *_shown,
        *TERMS,
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
