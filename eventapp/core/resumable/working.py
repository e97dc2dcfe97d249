"""A whole upload becomes a file: a worker joins its parts, has it checked, and hands it over.

It takes minutes for a long recording, so nothing of it runs under a lock, as a reaction's work
would: the upload's own row is the job. It was written with the last part; a worker claims it by a
conditional update, tells now and then that it is still there, and settles it in one transaction.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import BoundedSemaphore

import sqlalchemy as sa
from structlog import get_logger

from eventapp.core import clock, queue
from eventapp.core.db import db, transaction
from eventapp.core.errors import NotFound, Refusal
from eventapp.core.files import (
    StoreIsFull,
    open_file,
    put_blocks,
    read_blocks,
    remove_file,
)
from eventapp.core.outbox import back_off
from eventapp.core.resumable.actions import TASK
from eventapp.core.resumable.clearing import (
    clear_parts,
    clear_upload,
    end_expired,
    list_ended,
    list_settled_with_parts,
)
from eventapp.core.resumable.models import ResumableUpload, UploadState
from eventapp.core.resumable.purposes import Purpose, get_purpose
from eventapp.core.resumable.queries import list_parts

MOST_ATTEMPTS = 10
# Checking tells nothing meanwhile, and a copy from a slow store may come before it.
CLAIM_LASTS = timedelta(minutes=15)
TELLS_EVERY_SECONDS = 20.0
HEAD_BYTES = 64 * 1024
SWEEP_AT_MOST = 20
# Why an upload is put off or given up, beside the refusals: something is broken on our side.
FAILED = "UploadFailed"
GONE = "SubjectIsGone"
PLACE = BoundedSemaphore(1)

log = get_logger(__name__)


class ClaimIsLost(Exception):
    """The upload was stopped meanwhile, or given to another worker."""


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What a worker has taken on, read once: the row may change under it."""

    upload_id: int
    attempt: int
    name: str
    size: int
    purpose: Purpose


def work_on(upload_id: int) -> None:
    """Claim an upload that waits, and bring it to its end; does nothing where another has it.

    One at a time in a process, so that mail goes out meanwhile; the next then wakes a worker.
    """
    if not PLACE.acquire(blocking=False):
        return
    try:
        _work_on(upload_id)
    finally:
        PLACE.release()
    for next_id in list_due(clock.now())[:1]:
        queue.tell_queue(TASK, next_id)


def _work_on(upload_id: int) -> None:
    claim = _claim(upload_id)
    if claim is None:
        return
    try:
        _bring_to_end(claim)
    except ClaimIsLost:
        log.info("upload_claim_lost", upload_id=upload_id)
    except StoreIsFull:
        log.exception("store_is_full", upload_id=upload_id)
        _put_off(claim, StoreIsFull.__name__)
    except Refusal as refusal:
        _settle(claim, UploadState.REFUSED, type(refusal).__name__)
    except NotFound:
        _settle(claim, UploadState.REFUSED, GONE)
    except Exception:
        log.exception("upload_failed", upload_id=upload_id)
        _put_off(claim, FAILED)


def _claim(upload_id: int) -> Claim | None:
    now = clock.now()
    with transaction() as session:
        upload = session.scalar(
            sa.select(ResumableUpload)
            .where(
                ResumableUpload.id == upload_id,
                ResumableUpload.state == UploadState.WAITING,
                ResumableUpload.due_at <= now,
            )
            .with_for_update(skip_locked=True)
        )
        if upload is None:
            return None
        upload.state = UploadState.CHECKING
        upload.claimed_at = now
        upload.attempts += 1
        return Claim(
            upload_id=upload.id,
            attempt=upload.attempts,
            name=upload.name,
            size=upload.size,
            purpose=get_purpose(upload.purpose),
        )


def _bring_to_end(claim: Claim) -> None:
    keys = [part.key for part in list_parts(claim.upload_id)]
    db.session.rollback()
    kind = claim.purpose.recognise(_read_head(keys))
    stored = put_blocks(
        _read_all(claim, keys),
        name=claim.name,
        size=claim.size,
        media_type=kind.media_type,
        extension=kind.extension,
    )
    try:
        with open_file(stored) as content:
            found = claim.purpose.examine(content)
        with transaction():
            upload = _lock_claimed(claim)
            upload.reason = claim.purpose.take(upload, stored, found)
            upload.state = UploadState.DONE
            if upload.reason:
                remove_file(stored)
    except BaseException:
        with transaction():
            remove_file(stored)
        raise
    clear_parts(claim.upload_id)


def _read_head(keys: Sequence[str]) -> bytes:
    head = b""
    for key in keys:
        head += next(read_blocks(key))
        if len(head) >= HEAD_BYTES:
            break
    return head[:HEAD_BYTES]


def _read_all(claim: Claim, keys: Sequence[str]) -> Iterator[bytes]:
    """Yield the parts' content, and tell every so often that somebody works on it."""
    told_at = time.monotonic()
    for key in keys:
        for block in read_blocks(key):
            yield block
            if time.monotonic() - told_at > TELLS_EVERY_SECONDS:
                with transaction():
                    _lock_claimed(claim).claimed_at = clock.now()
                told_at = time.monotonic()


def _lock_claimed(claim: Claim) -> ResumableUpload:
    upload = db.session.scalar(
        sa.select(ResumableUpload)
        .where(
            ResumableUpload.id == claim.upload_id,
            ResumableUpload.state == UploadState.CHECKING,
            ResumableUpload.attempts == claim.attempt,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if upload is None:
        raise ClaimIsLost
    return upload


def _settle(claim: Claim, state: UploadState, reason: str) -> None:
    try:
        with transaction():
            upload = _lock_claimed(claim)
            upload.state, upload.reason = state, reason
    except ClaimIsLost:
        return
    clear_parts(claim.upload_id)


def _put_off(claim: Claim, reason: str) -> None:
    """Have it tried again later, with the parts as they are; give up after many times."""
    if claim.attempt >= MOST_ATTEMPTS:
        _settle(claim, UploadState.REFUSED, reason)
        return
    try:
        with transaction():
            upload = _lock_claimed(claim)
            upload.state, upload.reason = UploadState.WAITING, reason
            upload.due_at = clock.now() + back_off(claim.attempt)
            upload.expires_at = max(upload.expires_at, upload.due_at + timedelta(days=1))
    except ClaimIsLost:
        return


# -- the sweep ---------------------------------------------------------------------------------


def sweep() -> None:
    """Go on with what a worker left or nobody was told of; clear away what is over."""
    now = clock.now()
    release_stuck(now)
    for upload_id in list_due(now):
        work_on(upload_id)
    end_expired(now)
    for upload_id in list_ended():
        clear_upload(upload_id)
    for upload_id in list_settled_with_parts():
        clear_parts(upload_id)


def list_due(now: datetime) -> Sequence[int]:
    return db.session.scalars(
        sa.select(ResumableUpload.id)
        .where(ResumableUpload.state == UploadState.WAITING, ResumableUpload.due_at <= now)
        .order_by(ResumableUpload.due_at)
        .limit(SWEEP_AT_MOST)
    ).all()


def release_stuck(now: datetime) -> None:
    """Put back what a worker took and was never heard of again."""
    stuck = sa.select(ResumableUpload).where(
        ResumableUpload.state == UploadState.CHECKING,
        ResumableUpload.claimed_at < now - CLAIM_LASTS,
    )
    if db.session.execute(stuck.limit(1)).first() is None:
        return
    with transaction() as session:
        for upload in session.scalars(stuck.with_for_update(skip_locked=True)):
            is_over = upload.attempts >= MOST_ATTEMPTS
            upload.state = UploadState.REFUSED if is_over else UploadState.WAITING
            upload.reason = FAILED
