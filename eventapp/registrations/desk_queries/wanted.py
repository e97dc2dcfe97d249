"""Which registrations are looked for, and in which order they stand."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from eventapp.core import lists
from eventapp.registrations.answers import with_answer
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.registrations.queries import attended


class Sort(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    NAME_BACK = "name-back"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which registrations are looked for; all of it has to be true of them.

    `answer` is one as `with_answer` takes it.
    """

    words: str = ""
    status: RegistrationStatus | None = None
    code_id: int | None = None
    has_attended: bool | None = None
    field_id: int | None = None
    answer: str = ""

    @property
    def is_everything(self) -> bool:
        return self == Wanted()


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What something is done to: the registrations with these ids, or all that are wanted."""

    ids: tuple[int, ...] = ()
    wanted: Wanted | None = None


@dataclass(frozen=True, kw_only=True)
class Order:
    column: sa.SQLColumnExpression[Any]
    is_descending: bool = False

    def by(self, *, is_backwards: bool) -> tuple[sa.SQLColumnExpression[Any], ...]:
        if self.is_descending != is_backwards:
            return self.column.desc(), Registration.id.desc()
        return self.column, Registration.id.asc()

    def beyond(
        self,
        registration_id: int,
        *,
        is_backwards: bool,
        value: sa.ColumnElement[Any] | None = None,
    ) -> sa.ColumnElement[bool]:
        """Match who comes after a registration, or before it; nobody where there is no such one.

        With the `value` that it had in the column, they are found once it is gone as well.
        """
        here = value
        if here is None:
            here = (
                sa.select(self.column).where(Registration.id == registration_id).scalar_subquery()
            )
        row, anchor = (
            sa.tuple_(self.column, Registration.id),
            sa.tuple_(here, sa.literal(registration_id)),
        )
        return row < anchor if self.is_descending != is_backwards else row > anchor


def order_of(wanted: Wanted, sort: Sort) -> Order:
    """Return the order of a list; who waits stands in the order of the queue, unless by name."""
    if sort in {Sort.NAME, Sort.NAME_BACK}:
        return Order(column=sa.func.lower(Registration.name), is_descending=sort == Sort.NAME_BACK)
    if wanted.status == RegistrationStatus.WAITING:
        return Order(column=Registration.queued_at)
    return Order(column=Registration.registered_at, is_descending=sort == Sort.NEWEST)


def matching(webinar_id: int, wanted: Wanted) -> sa.Select[Registration]:
    """Return the statement for a webinar's registrations that are wanted, of whatever status."""
    found = lists.match_words(
        sa.select(Registration).where(Registration.webinar_id == webinar_id),
        wanted.words,
        _has_word,
    )
    if wanted.code_id is not None:
        found = found.where(Registration.access_code_id == wanted.code_id)
    if wanted.has_attended is not None:
        found = found.where(attended() if wanted.has_attended else ~attended())
    if wanted.field_id is not None:
        found = found.where(with_answer(wanted.field_id, wanted.answer))
    return found


def wanted_rows(webinar_id: int, wanted: Wanted) -> sa.Select[Registration]:
    found = matching(webinar_id, wanted)
    return found if wanted.status is None else found.where(Registration.status == wanted.status)


def _has_word(word: str) -> sa.ColumnElement[bool]:
    columns = (Registration.name, Registration.email, Registration.affiliation)
    return sa.or_(*(lists.contains(column, word) for column in columns))
