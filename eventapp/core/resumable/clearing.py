"""What an upload leaves is cleared away: first what lies in the store, then what knew of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import db, transaction
from eventapp.core.files import delete_object
from eventapp.core.resumable.models import ResumableUpload, UploadPart, UploadState

AT_MOST = 100


def clear_parts(upload_id: int) -> None:
    """Delete the parts of an upload that is past receiving.

    No lock is held while the store works; a crash leaves rows, by which the rest is found again.
    """
    keys = _list_keys(upload_id)
    db.session.rollback()
    for key in keys:
        delete_object(key)
    with transaction() as session:
        session.execute(sa.delete(UploadPart).where(UploadPart.key.in_(keys)))


def clear_upload(upload_id: int) -> None:
    """Delete an upload that has ended, with its parts."""
    clear_parts(upload_id)
    with transaction() as session:
        session.execute(
            sa.delete(ResumableUpload).where(
                ResumableUpload.id == upload_id, ResumableUpload.state == UploadState.ENDED
            )
        )


def end_expired(now: datetime) -> None:
    """End what nobody has gone on with, and what has told long enough what came of it."""
    expired = sa.select(ResumableUpload).where(
        ResumableUpload.expires_at <= now,
        ResumableUpload.state.not_in((UploadState.CHECKING, UploadState.ENDED)),
    )
    if db.session.execute(expired.limit(1)).first() is None:
        return
    with transaction() as session:
        for upload in session.scalars(expired.limit(AT_MOST).with_for_update(skip_locked=True)):
            upload.state = UploadState.ENDED


def list_ended() -> Sequence[int]:
    return db.session.scalars(
        sa.select(ResumableUpload.id)
        .where(ResumableUpload.state == UploadState.ENDED)
        .order_by(ResumableUpload.id)
        .limit(AT_MOST)
    ).all()


def list_settled_with_parts() -> Sequence[int]:
    """Return the uploads that are done or refused and whose parts a crash has left."""
    return db.session.scalars(
        sa.select(ResumableUpload.id)
        .where(
            ResumableUpload.state.in_((UploadState.DONE, UploadState.REFUSED)),
            sa.exists().where(UploadPart.upload_id == ResumableUpload.id),
        )
        .order_by(ResumableUpload.id)
        .limit(AT_MOST)
    ).all()


def _list_keys(upload_id: int) -> Sequence[str]:
    return db.session.scalars(
        sa.select(UploadPart.key).where(UploadPart.upload_id == upload_id)
    ).all()
