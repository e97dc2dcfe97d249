"""The transactional outbox: what must follow a fact, as rows written in the fact's transaction.

A job names an event and one reaction to it. A worker claims it by a conditional update, runs the
reaction and marks the job done in one transaction; a failure is retried later and later, and after
`MOST_ATTEMPTS` kept as failed until a person has it tried again. A crash leaves a claim that the
sweep releases. Jobs that are done are swept away after `DONE_IS_KEPT`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Mapped, Session, mapped_column
from structlog import get_logger

from eventapp.core import clock, events, queue
from eventapp.core.db import Base, after_commit, count_rows, db, string_enum, transaction

MOST_ATTEMPTS = 10
CLAIM_LASTS = timedelta(minutes=5)
DONE_IS_KEPT = timedelta(days=30)
SWEEP_AT_MOST = 500
TASK = "react"
REST_TASK = "react_to_rest"
# Each call of the queue is a write of its own, which whoever began all this waits for.
TOLD_ONE_BY_ONE = 20
TOLD_IN = "jobs_told_in"

log = get_logger(__name__)


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class OutboxJob(Base):
    """One reaction to one event, owed since the event's transaction."""

    __tablename__ = "outbox_jobs"
    __table_args__ = (sa.Index("ix_outbox_jobs_status_due_at", "status", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    reaction: Mapped[str]
    status: Mapped[JobStatus] = mapped_column(string_enum(JobStatus), default=JobStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    last_error: Mapped[str | None]


def init_app(app: Flask) -> None:
    queue.add_task(app, TASK, run_job)
    queue.add_task(app, REST_TASK, _run_rest)
    queue.add_sweep(app, "sweep_outbox", sweep)


def write_jobs(
    session: Session, fact: events.Event, reactions: Sequence[events.Reaction]
) -> list[events.Announcement]:
    """Write a job for each reaction; return the calls that tell the queue after the commit."""
    moment = clock.now()
    jobs = [
        {
            "event": type(fact).__name__,
            "payload": fact.to_payload(),
            "reaction": events.name_of(reaction),
            "created_at": moment,
            "due_at": moment,
        }
        for reaction in reactions
    ]
    # As rows, not as objects: nobody looks at them again in the same transaction.
    job_ids = [session.execute(WRITE_JOB, job).scalar_one() for job in jobs]
    return _telling(session, job_ids)


_jobs = Base.metadata.tables[OutboxJob.__tablename__]
WRITE_JOB = sa.insert(_jobs).returning(_jobs.c.id)


def _telling(session: Session, job_ids: Sequence[int]) -> list[events.Announcement]:
    """Return the calls for jobs of the running transaction: its first each, one for the rest."""
    running = session.get_transaction()
    told_in, told = session.info.get(TOLD_IN, (None, 0))
    before = told if told_in is running else 0
    session.info[TOLD_IN] = (running, before + len(job_ids))
    calls = [(TASK, job_id) for job_id in job_ids[: max(0, TOLD_ONE_BY_ONE - before)]]
    if before <= TOLD_ONE_BY_ONE < before + len(job_ids):
        calls.append((REST_TASK, job_ids[-1]))
    return [_call(task, job_id) for task, job_id in calls]


def _call(task: str, job_id: int) -> events.Announcement:
    return lambda: queue.tell_queue(task, job_id)


def _run_rest(job_id: int) -> None:
    """Run what is due, with the jobs that nobody was told of; ring again for what is left."""
    if run_due_jobs() == SWEEP_AT_MOST:
        queue.tell_queue(REST_TASK, job_id)


def sweep() -> None:
    run_due_jobs()
    delete_old_jobs()


def run_due_jobs() -> int:
    """Release stuck claims and run every job that is due; return how many were tried."""
    now = clock.now()
    _release_stuck_jobs(now)
    due = db.session.scalars(
        sa.select(OutboxJob.id)
        .where(OutboxJob.status == JobStatus.QUEUED, OutboxJob.due_at <= now)
        .order_by(OutboxJob.id)
        .limit(SWEEP_AT_MOST)
    ).all()
    for job_id in due:
        run_job(job_id)
    return len(due)


def delete_old_jobs() -> int:
    """Delete jobs that were done long ago, not too many at once; return how many."""
    old = db.session.scalars(
        sa.select(OutboxJob.id)
        .where(OutboxJob.status == JobStatus.DONE, OutboxJob.due_at < clock.now() - DONE_IS_KEPT)
        .limit(SWEEP_AT_MOST)
    ).all()
    if old:
        with transaction() as session:
            session.execute(
                sa.delete(OutboxJob).where(OutboxJob.id.in_(old)),
                execution_options={"synchronize_session": False},
            )
    return len(old)


def count_failed_jobs() -> int:
    return count_rows(sa.select(OutboxJob).where(OutboxJob.status == JobStatus.FAILED))


def retry_failed_jobs(*, now: datetime) -> int:
    """Have every failed job tried again, as often as a new one; return how many there are."""
    job_ids = db.session.scalars(
        sa.update(OutboxJob)
        .where(OutboxJob.status == JobStatus.FAILED)
        .values(status=JobStatus.QUEUED, attempts=0, due_at=now)
        .returning(OutboxJob.id),
        execution_options={"synchronize_session": False},
    ).all()
    for announce in _telling(db.session(), job_ids):
        after_commit(announce)
    return len(job_ids)


def run_job(job_id: int) -> None:
    """Claim job `job_id` and run its reaction; does nothing when another worker has it."""
    attempt = _claim_job(job_id)
    if attempt is None:
        return
    try:
        with transaction():
            job = _lock_claimed(job_id, attempt)
            if job is None:
                return
            _react(job)
            job.status = JobStatus.DONE
            job.last_error = None
    except Exception as error:
        log.exception("reaction_failed", job_id=job_id)
        _put_off(job_id, attempt, error)


def _lock_claimed(job_id: int, attempt: int) -> OutboxJob | None:
    """Read and lock a job, unless its claim was given to somebody else meanwhile."""
    return db.session.scalar(
        sa.select(OutboxJob)
        .where(
            OutboxJob.id == job_id,
            OutboxJob.status == JobStatus.RUNNING,
            OutboxJob.attempts == attempt,
        )
        .with_for_update()
    )


def _react(job: OutboxJob) -> None:
    reaction = events.reaction_table().find_reaction(job.event, job.reaction)
    if reaction is None:
        message = f"no reaction {job.reaction} to {job.event} in this version"
        raise LookupError(message)
    reaction(events.Event.from_payload(job.event, job.payload))


def _claim_job(job_id: int) -> int | None:
    """Take a job that is due; return which attempt this is, or None when it isn't ours."""
    now = clock.now()
    due = (
        OutboxJob.id == job_id,
        OutboxJob.status == JobStatus.QUEUED,
        OutboxJob.due_at <= now,
    )
    if db.session.execute(sa.select(OutboxJob.id).where(*due)).first() is None:
        return None
    with transaction() as session:
        return session.execute(
            sa.update(OutboxJob)
            .where(*due)
            .values(status=JobStatus.RUNNING, claimed_at=now, attempts=OutboxJob.attempts + 1)
            .returning(OutboxJob.attempts),
            execution_options={"synchronize_session": False},
        ).scalar_one_or_none()


def _put_off(job_id: int, attempt: int, error: Exception) -> None:
    with transaction():
        job = _lock_claimed(job_id, attempt)
        if job is None:
            return
        job.last_error = f"{type(error).__name__}: {error}"[:2000]
        job.status = _status_after(attempt)
        job.due_at = clock.now() + back_off(attempt)


def _status_after(attempts: int) -> JobStatus:
    return JobStatus.FAILED if attempts >= MOST_ATTEMPTS else JobStatus.QUEUED


def back_off(attempts: int) -> timedelta:
    """How long to wait after the given number of failed attempts: 30 s, doubled, at most 4 h."""
    return min(timedelta(seconds=30 * 2 ** min(attempts - 1, 20)), timedelta(hours=4))


def _release_stuck_jobs(now: datetime) -> None:
    """Put back what a worker took and never finished.

    A job that stops every worker ends as failed, like one that fails each time.
    """
    stuck = sa.select(OutboxJob).where(
        OutboxJob.status == JobStatus.RUNNING, OutboxJob.claimed_at < now - CLAIM_LASTS
    )
    if db.session.execute(stuck.limit(1)).first() is None:
        return
    with transaction() as session:
        for job in session.scalars(stuck.with_for_update(skip_locked=True)):
            job.status = _status_after(job.attempts)
            job.last_error = "The worker stopped before it was done."
