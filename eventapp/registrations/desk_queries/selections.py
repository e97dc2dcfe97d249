"""What is done to many registrations, and to which."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import defer

from eventapp.core import lists
from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.registrations.desk_queries.wanted import Selection, wanted_rows
from eventapp.registrations.models import (
    BatchStatus,
    Registration,
    RegistrationBatch,
    RegistrationStatus,
)

DRAFT_IS_KEPT = timedelta(days=1)
PROBLEMS_ARE_KEPT = timedelta(days=30)
WITHOUT_WORK = (defer(RegistrationBatch.text), defer(RegistrationBatch.ids))


def count_selection(webinar_id: int, selection: Selection) -> dict[RegistrationStatus, int]:
    """Return how many registrations are selected, with a number for every status."""
    return lists.count_by_status(
        _selected(webinar_id, selection), Registration.status, RegistrationStatus
    )


def list_first_names(webinar_id: int, selection: Selection, *, at_most: int) -> list[str]:
    """Return the names of the first who are selected, newest first."""
    statement = _selected(webinar_id, selection).with_only_columns(Registration.name)
    order = (Registration.registered_at.desc(), Registration.id.desc())
    return list(db.session.scalars(statement.order_by(*order).limit(at_most)))


def list_selected_ids(
    webinar_id: int, selection: Selection, *, statuses: Collection[RegistrationStatus]
) -> list[int]:
    """Return the ids of who is selected and has one of `statuses`.

    Those without a seat come first: where all are cancelled, nobody moves up for a moment.
    Otherwise they stand in the order in which they arrived.
    """
    has_seat = Registration.status.in_((RegistrationStatus.CONFIRMED, RegistrationStatus.OFFERED))
    statement = (
        _selected(webinar_id, selection)
        .where(Registration.status.in_(statuses))
        .with_only_columns(Registration.id)
        .order_by(has_seat, Registration.queued_at, Registration.id)
    )
    return list(db.session.scalars(statement))


def _selected(webinar_id: int, selection: Selection) -> sa.Select[Registration]:
    if selection.wanted is not None:
        return wanted_rows(webinar_id, selection.wanted)
    return sa.select(Registration).where(
        Registration.webinar_id == webinar_id, Registration.id.in_(selection.ids)
    )


def get_batch(webinar_id: int, batch_id: int) -> RegistrationBatch:
    """Return what is being done to many registrations. Raises NotFound.

    Its table and its ids, which may be large, are read once somebody asks for them.
    """
    batch = db.session.get(RegistrationBatch, batch_id, options=WITHOUT_WORK)
    if batch is None or batch.webinar_id != webinar_id:
        raise NotFound
    return batch


def list_people(registration_ids: Collection[int]) -> dict[int, str]:
    """Return name and address of those registrations that are still there, by their id."""
    rows = db.session.execute(
        sa.select(Registration.id, Registration.name, Registration.email).where(
            Registration.id.in_(registration_ids)
        )
    )
    return {row.id: f"{row.name} <{row.email}>" for row in rows}


def list_running_batches(webinar_id: int) -> list[RegistrationBatch]:
    return list(
        db.session.scalars(
            sa.select(RegistrationBatch)
            .where(
                RegistrationBatch.webinar_id == webinar_id,
                RegistrationBatch.status == BatchStatus.RUNNING,
            )
            .order_by(RegistrationBatch.id)
            .options(*WITHOUT_WORK)
        )
    )


def list_statuses_by_key(webinar_id: int) -> dict[str, RegistrationStatus]:
    """Return where everyone stands, by the key of their address."""
    rows = db.session.execute(
        sa.select(Registration.email_key, Registration.status).where(
            Registration.webinar_id == webinar_id
        )
    )
    return {row[0]: row[1] for row in rows}


def has_old_drafts(*, now: datetime) -> bool:
    """Whether a table was looked at and left, long enough ago to be deleted."""
    old = sa.select(RegistrationBatch.id).where(
        RegistrationBatch.status == BatchStatus.DRAFT,
        RegistrationBatch.created_at < now - DRAFT_IS_KEPT,
    )
    return db.session.execute(old.limit(1)).first() is not None


def with_old_problems(*, now: datetime) -> sa.Select[int]:
    """Return the statement for batches that say for too long whom they left as they were."""
    return sa.select(RegistrationBatch.id).where(
        RegistrationBatch.status == BatchStatus.DONE,
        RegistrationBatch.created_at < now - PROBLEMS_ARE_KEPT,
        sa.cast(RegistrationBatch.problems, sa.Text) != "[]",
    )


def has_old_problems(*, now: datetime) -> bool:
    return db.session.execute(with_old_problems(now=now).limit(1)).first() is not None
