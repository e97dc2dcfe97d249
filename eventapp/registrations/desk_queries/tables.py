"""A webinar's registrations as rows of a table, read some hundred at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.form_fields.models import FieldKind
from eventapp.registrations.answers import Column, Consent, answers_of, consents_of
from eventapp.registrations.desk_queries.wanted import Order, Wanted, wanted_rows
from eventapp.registrations.models import AccessCode, Registration
from eventapp.registrations.queries import attended

AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One registration in a table, with its answers and consents by field."""

    registration: sa.Row[*tuple[Any, ...]]
    answers: dict[int, str] = field(default_factory=dict)
    consents: dict[int, Consent] = field(default_factory=dict)


def stream_table(
    webinar_id: int, wanted: Wanted, *, columns: Sequence[Column]
) -> Iterator[TableRow]:
    """Give every wanted registration in the order of arrival, some hundred read at a time."""
    order = Order(column=Registration.registered_at)
    statement = (
        wanted_rows(webinar_id, wanted)
        .outerjoin(AccessCode, AccessCode.id == Registration.access_code_id)
        .with_only_columns(
            *Registration.__table__.columns, AccessCode.code, attended().label("attended")
        )
        .order_by(*order.by(is_backwards=False))
        .limit(AT_ONCE)
    )
    slice_ = db.session.execute(statement).all()
    while slice_:
        yield from _with_answers(slice_, columns)
        last = slice_[-1]
        value = sa.literal(last.registered_at, Registration.registered_at.type)
        beyond = order.beyond(last.id, is_backwards=False, value=value)
        slice_ = db.session.execute(statement.where(beyond)).all() if len(slice_) == AT_ONCE else []


def _with_answers(
    rows: Sequence[sa.Row[*tuple[Any, ...]]], columns: Sequence[Column]
) -> Iterator[TableRow]:
    ids = [row.id for row in rows]
    answers = answers_of(ids, field_ids=[column.field_id for column in columns])
    consents = consents_of(
        ids, field_ids=[each.field_id for each in columns if each.kind == FieldKind.CONSENT]
    )
    for row in rows:
        yield TableRow(
            registration=row,
            answers=answers.get(row.id, {}),
            consents=consents.get(row.id, {}),
        )
