"""What an organiser does to many registrations: approve, decline, cancel, or register them.

It is done in slices, each in a transaction of its own under the webinar's lock: the first at once,
the others by the outbox. A slice begins where the batch says that the last one ended, so one that
is tried twice does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import sqlalchemy as sa

from eventapp.core.db import db, record
from eventapp.core.errors import Refusal
from eventapp.form_fields.queries import fields_of
from eventapp.registrations.actions.attending import (
    approve_registration,
    cancel_registration,
    decline_registration,
)
from eventapp.registrations.actions.registering import Attendee, register_by_hand
from eventapp.registrations.bulk import can_still
from eventapp.registrations.desk_queries import DRAFT_IS_KEPT, with_old_problems
from eventapp.registrations.events import BatchAdvanced
from eventapp.registrations.imports.columns import check_columns, list_answerable
from eventapp.registrations.imports.people import (
    Person,
    Problem,
    Reason,
    find_standing,
    open_answers,
    read_person,
    who_is,
)
from eventapp.registrations.imports.tables import Row, open_table, read_rows
from eventapp.registrations.models import (
    AddedBy,
    BatchKind,
    BatchStatus,
    CancelledBy,
    Registration,
    RegistrationBatch,
    RegistrationStatus,
)
from eventapp.registrations.queries import find_by_key
from eventapp.registrations.refusals import ImportHasBegun, NobodyIsChosen
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar

AT_ONCE = 50
MOST_PROBLEMS = 500


def start_batch(
    webinar: Webinar, *, kind: BatchKind, ids: Sequence[int], user_id: int | None, now: datetime
) -> RegistrationBatch:
    """Begin to do something to these registrations; the first slice is done at once.

    Records what each of them goes through, and BatchAdvanced while some are left. Refuses:
    NobodyIsChosen.
    """
    if not ids:
        raise NobodyIsChosen
    lock_webinar(webinar.id)
    batch = RegistrationBatch(
        webinar_id=webinar.id,
        kind=kind,
        status=BatchStatus.RUNNING,
        ids=list(ids),
        total=len(ids),
        created_by_id=user_id,
        created_at=now,
    )
    db.session.add(batch)
    db.session.flush()
    _advance(batch, webinar, now=now)
    return batch


def keep_import(
    webinar: Webinar, *, text: str, columns: Sequence[str], user_id: int | None, now: datetime
) -> RegistrationBatch:
    """Keep a table to be looked at; nobody is registered by that."""
    batch = RegistrationBatch(
        webinar_id=webinar.id,
        kind=BatchKind.IMPORT,
        status=BatchStatus.DRAFT,
        text=text,
        columns=list(columns),
        created_by_id=user_id,
        created_at=now,
    )
    db.session.add(batch)
    db.session.flush()
    return batch


def change_columns(batch: RegistrationBatch, columns: Sequence[str]) -> None:
    """Say what the columns of a table are that is looked at. Refuses: ImportHasBegun."""
    lock_webinar(batch.webinar_id)
    db.session.refresh(batch)
    if batch.status != BatchStatus.DRAFT:
        raise ImportHasBegun
    batch.columns = list(columns)
    db.session.flush()


def start_import(batch: RegistrationBatch, *, total: int, now: datetime) -> None:
    """Begin to register the people of a table that has `total` rows; does nothing twice.

    Records AttendeeRegistered for each of them, and BatchAdvanced while rows are left. Refuses:
    ColumnsAreUnknown, ColumnIsTwice.
    """
    webinar = lock_webinar(batch.webinar_id)
    db.session.refresh(batch)
    if batch.status != BatchStatus.DRAFT:
        return
    check_columns(batch.columns)
    batch.status = BatchStatus.RUNNING
    batch.total = total
    batch.position = open_table(batch.text).start
    _advance(batch, webinar, now=now)


def advance_batch(batch_id: int, *, position: int, now: datetime) -> None:
    """Do the next slice of a batch, unless it was done already."""
    batch = db.session.get(RegistrationBatch, batch_id)
    if batch is None:
        return
    webinar = lock_webinar(batch.webinar_id)
    db.session.refresh(batch)
    if batch.status == BatchStatus.RUNNING and batch.position == position:
        _advance(batch, webinar, now=now)


def delete_old_drafts(*, now: datetime) -> None:
    """Delete tables that somebody looked at and never imported: they hold people's addresses."""
    db.session.execute(
        sa.delete(RegistrationBatch).where(
            RegistrationBatch.status == BatchStatus.DRAFT,
            RegistrationBatch.created_at < now - DRAFT_IS_KEPT,
        ),
        execution_options={"synchronize_session": False},
    )


def empty_old_problems(*, now: datetime) -> None:
    """Forget whom an old batch left as they were: rows of tables name people who aren't here."""
    db.session.execute(
        sa.update(RegistrationBatch)
        .where(RegistrationBatch.id.in_(with_old_problems(now=now)))
        .values(problems=[]),
        execution_options={"synchronize_session": False},
    )


@dataclass(kw_only=True)
class _Progress:
    """How far a batch has come; its row, which may hold a large table, is written once a slice."""

    position: int
    done: int
    waiting: int
    skipped: dict[str, int]
    problems: list[dict[str, Any]]


def _advance(batch: RegistrationBatch, webinar: Webinar, *, now: datetime) -> None:
    progress = _Progress(
        position=batch.position,
        done=batch.done,
        waiting=batch.waiting,
        skipped=dict(batch.skipped),
        problems=list(batch.problems),
    )
    advance = _advance_import if batch.kind == BatchKind.IMPORT else _advance_ids
    is_last = advance(batch, progress, webinar, now=now)
    for name, value in vars(progress).items():
        setattr(batch, name, value)
    if is_last:
        batch.status = BatchStatus.DONE
        batch.finished_at = now
        batch.text = ""
        batch.ids = []
    db.session.flush()
    if batch.status == BatchStatus.RUNNING:
        record(BatchAdvanced(batch_id=batch.id, position=batch.position))


# -- registrations that are there --------------------------------------------------------------


def _approve(registration: Registration, now: datetime) -> None:
    approve_registration(registration, now=now)


def _decline(registration: Registration, now: datetime) -> None:
    decline_registration(registration, now=now)


def _cancel(registration: Registration, now: datetime) -> None:
    cancel_registration(registration, by=CancelledBy.ORGANISER, now=now)


ACTION_OF: Mapping[BatchKind, Callable[[Registration, datetime], None]] = {
    BatchKind.APPROVE: _approve,
    BatchKind.DECLINE: _decline,
    BatchKind.CANCEL: _cancel,
}


def _advance_ids(
    batch: RegistrationBatch, progress: _Progress, webinar: Webinar, *, now: datetime
) -> bool:
    """Do it to the next registrations; return whether all have been gone through."""
    ids = batch.ids[batch.position : batch.position + AT_ONCE]
    found = {
        registration.id: registration
        for registration in db.session.scalars(
            sa.select(Registration).where(
                Registration.id.in_(ids), Registration.webinar_id == webinar.id
            )
        )
    }
    for registration_id in ids:
        _do_to(progress, found.get(registration_id), kind=batch.kind, now=now)
    progress.position += len(ids)
    return progress.position >= len(batch.ids)


def _do_to(
    progress: _Progress, registration: Registration | None, *, kind: BatchKind, now: datetime
) -> None:
    if registration is None:
        _skip(progress, Problem(line=0, reasons=(Reason.CHANGED,)))
        return
    if not can_still(kind, registration.status):
        _skip_registration(progress, registration, Reason.CHANGED)
        return
    is_erased = kind == BatchKind.CANCEL and registration.status == RegistrationStatus.UNVERIFIED
    try:
        ACTION_OF[kind](registration, now)
    except Refusal:
        _skip_registration(progress, registration, Reason.OVER)
        return
    if is_erased:
        _count_skipped(progress, Reason.ERASED)
    else:
        _count_done(progress, registration)


def _count_done(progress: _Progress, registration: Registration) -> None:
    progress.done += 1
    if registration.status == RegistrationStatus.WAITING:
        progress.waiting += 1


def _skip_registration(
    progress: _Progress, registration: Registration, reason: Reason, *, line: int = 0
) -> None:
    _skip(progress, Problem(line=line, registration_id=registration.id, reasons=(reason,)))


def _count_skipped(progress: _Progress, reason: Reason) -> None:
    progress.skipped[reason.value] = progress.skipped.get(reason.value, 0) + 1


def _skip(progress: _Progress, problem: Problem) -> None:
    for reason in problem.reasons[:1]:
        _count_skipped(progress, reason)
    if len(progress.problems) < MOST_PROBLEMS:
        kept = {
            "line": problem.line,
            "who": problem.who,
            "registration_id": problem.registration_id,
            "reasons": [reason.value for reason in problem.reasons],
            "columns": list(problem.columns),
        }
        progress.problems.append(kept)


# -- people of a table -------------------------------------------------------------------------


def _advance_import(
    batch: RegistrationBatch, progress: _Progress, webinar: Webinar, *, now: datetime
) -> bool:
    """Register the people of the next rows; return whether it was the last slice.

    The table was looked at some time ago: every row is read and checked again. One that can't be
    read is the last.
    """
    form = open_answers(list_answerable(fields_of(webinar.id)))
    rows, is_readable = _read_slice(batch)
    for row in rows:
        read = read_person(row, columns=batch.columns, form=form)
        if isinstance(read, Person):
            _register(progress, webinar, read, now=now)
        else:
            _skip(progress, read)
        progress.position = row.end
    if not is_readable:
        line = batch.text.count("\n", 0, progress.position) + 1
        _skip(progress, Problem(line=line, reasons=(Reason.UNREADABLE,)))
    return len(rows) < AT_ONCE


def _read_slice(batch: RegistrationBatch) -> tuple[list[Row], bool]:
    """Return the next rows, and whether the one that comes after fewer than usual is none."""
    rows: list[Row] = []
    try:
        delimiter = open_table(batch.text).delimiter
        found = read_rows(batch.text, position=batch.position, delimiter=delimiter)
        for row in islice(found, AT_ONCE):
            rows.append(row)  # noqa: PERF402 - those before a refusal are kept.
    except Refusal:
        return rows, False
    return rows, True


def _register(progress: _Progress, webinar: Webinar, person: Person, *, now: datetime) -> None:
    present = find_by_key(webinar.id, person.address.key)
    standing = find_standing(present.status if present else None)
    if present is not None and standing is not None:
        _skip_registration(progress, present, standing, line=person.line)
        return
    attendee = Attendee(
        name=person.name,
        email=person.address.address,
        affiliation=person.affiliation,
        answers=person.answers,
    )
    try:
        registration, _ = register_by_hand(webinar, attendee, by=AddedBy.IMPORT, now=now)
    except Refusal:
        _skip(progress, Problem(line=person.line, who=who_is(person), reasons=(Reason.OVER,)))
        return
    _count_done(progress, registration)
