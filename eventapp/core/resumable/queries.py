"""Every read of uploads on their way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from eventapp.core.db import count_rows, db
from eventapp.core.errors import NotFound
from eventapp.core.resumable.models import ResumableUpload, UploadPart, UploadState

SHOWN_AT_MOST = 20


def get_upload(
    token: str, *, purpose: str, subject_id: int, owner_id: int, is_locked: bool = False
) -> ResumableUpload:
    """Return an upload to whoever began it. Raises NotFound, also to everyone else."""
    statement = sa.select(ResumableUpload).where(
        ResumableUpload.token == token,
        ResumableUpload.purpose == purpose,
        ResumableUpload.subject_id == subject_id,
        ResumableUpload.owner_id == owner_id,
        ResumableUpload.state != UploadState.ENDED,
    )
    if is_locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def list_uploads(
    *, purpose: str, subject_id: int, owner_id: int, now: datetime
) -> Sequence[ResumableUpload]:
    """Return the uploads of one person for one thing that aren't done, the newest first."""
    return db.session.scalars(
        sa.select(ResumableUpload)
        .where(
            ResumableUpload.purpose == purpose,
            ResumableUpload.subject_id == subject_id,
            ResumableUpload.owner_id == owner_id,
            ResumableUpload.state.not_in((UploadState.ENDED, UploadState.DONE)),
            ResumableUpload.expires_at > now,
        )
        .order_by(ResumableUpload.id.desc())
        .limit(SHOWN_AT_MOST)
    ).all()


def count_open(owner_id: int, *, now: datetime) -> int:
    """Return how many uploads of a person may still grow."""
    return count_rows(
        sa.select(ResumableUpload).where(
            ResumableUpload.owner_id == owner_id,
            ResumableUpload.state == UploadState.RECEIVING,
            ResumableUpload.expires_at > now,
        )
    )


def list_parts(upload_id: int) -> Sequence[UploadPart]:
    """Return the parts that have arrived, in their order; together they are the file so far."""
    return db.session.scalars(
        sa.select(UploadPart)
        .where(UploadPart.upload_id == upload_id, UploadPart.size.is_not(None))
        .order_by(UploadPart.start)
    ).all()
