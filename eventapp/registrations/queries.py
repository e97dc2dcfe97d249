"""Every read of registrations."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.core import lists
from eventapp.core.db import count_rows, db
from eventapp.core.errors import NotFound
from eventapp.core.tokens import hash_token
from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.webinars.models import Webinar

PER_PAGE = 50


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
    """Return the registration under a key that `rules.key_of_address` gave."""
    return db.session.scalar(
        sa.select(Registration).where(
            Registration.webinar_id == webinar_id, Registration.email_key == email_key
        )
    )


def list_waiting(webinar_id: int, *, at_most: int | None = None) -> list[Registration]:
    """Return who waits, first come first."""
    waiting = _with_status(webinar_id, RegistrationStatus.WAITING)
    return list(
        db.session.scalars(waiting.order_by(Registration.queued_at, Registration.id).limit(at_most))
    )


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


def count_confirmed(webinar_id: int) -> int:
    return count_rows(_with_status(webinar_id, RegistrationStatus.CONFIRMED))


def count_waiting(webinar_id: int) -> int:
    return count_rows(_with_status(webinar_id, RegistrationStatus.WAITING))


def count_hearers(webinar_id: int) -> int:
    """Return how many people hear of a change: those with a seat and those who wait."""
    counts = count_by_status(webinar_id)
    return counts[RegistrationStatus.CONFIRMED] + counts[RegistrationStatus.WAITING]


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


# -- the desk ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RegistrationPage:
    """One page of a webinar's list; `counts` has every status, whichever is shown."""

    registrations: list[Registration]
    counts: dict[RegistrationStatus, int]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return lists.count_pages(self.total, per_page=PER_PAGE)

    @property
    def all_count(self) -> int:
        return sum(self.counts.values())


def list_for_desk(
    webinar_id: int, *, words: str, status: RegistrationStatus | None, page: int
) -> RegistrationPage:
    """Return registrations with all of `words` in name, address or organisation, newest first.

    Those who wait stand in the order of the queue.
    """
    matching = lists.match_words(
        sa.select(Registration).where(Registration.webinar_id == webinar_id), words, _has_word
    )
    shown = matching if status is None else matching.where(Registration.status == status)
    order = (
        (Registration.queued_at, Registration.id)
        if status == RegistrationStatus.WAITING
        else (Registration.registered_at.desc(), Registration.id.desc())
    )
    found = db.session.scalars(shown.order_by(*order).limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return RegistrationPage(
        registrations=list(found),
        counts=lists.count_by_status(matching, Registration.status, RegistrationStatus),
        total=count_rows(shown),
        page=page,
    )


def list_for_export(webinar_id: int) -> list[Registration]:
    return list(
        db.session.scalars(
            sa.select(Registration)
            .where(Registration.webinar_id == webinar_id)
            .order_by(Registration.registered_at, Registration.id)
        )
    )


def _with_status(webinar_id: int, status: RegistrationStatus) -> sa.Select[Registration]:
    return sa.select(Registration).where(
        Registration.webinar_id == webinar_id, Registration.status == status
    )


def _has_word(word: str) -> sa.ColumnElement[bool]:
    columns = (Registration.name, Registration.email, Registration.affiliation)
    return sa.or_(*(lists.contains(column, word) for column in columns))
