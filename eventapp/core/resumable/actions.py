"""Every write of uploads on their way; each action flushes and never commits."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from eventapp.core import queue
from eventapp.core.db import after_commit, db
from eventapp.core.resumable.models import ResumableUpload, UploadPart, UploadState
from eventapp.core.resumable.protocol import ProtocolError

TASK = "join_upload"
# How long an upload waits for its next part, and how long it then tells what came of it.
KEPT = timedelta(days=2)
TOKEN_BYTES = 24


def create_upload(
    *, owner_id: int, purpose: str, subject_id: int, name: str, size: int, now: datetime
) -> ResumableUpload:
    """Begin an upload of `size` bytes; one of none is whole at once."""
    upload = ResumableUpload(
        token=secrets.token_urlsafe(TOKEN_BYTES),
        owner_id=owner_id,
        purpose=purpose,
        subject_id=subject_id,
        name=name,
        size=size,
        received=0,
        due_at=now,
        created_at=now,
        expires_at=now + KEPT,
    )
    db.session.add(upload)
    db.session.flush()
    _note_if_whole(upload, now=now)
    return upload


def begin_part(upload: ResumableUpload) -> UploadPart:
    """Note that the next part is on its way; more than one may be."""
    part = UploadPart(
        upload_id=upload.id, key=f"{uuid.uuid4().hex}.part", start=upload.received, size=None
    )
    db.session.add(part)
    db.session.flush()
    return part


def count_part(upload: ResumableUpload, *, key: str, size: int, now: datetime) -> None:
    """Add a part that is in the store to what has been received.

    `upload` is locked: where two parts for the same place race, the second is refused. With the
    last part the upload waits for a worker, which is told. Refuses: ProtocolError 409, 410.
    """
    part = db.session.scalar(sa.select(UploadPart).where(UploadPart.key == key))
    if part is None:
        raise ProtocolError(410, _l("This upload was stopped. Please send the file again."))
    check_may_go_on(upload, start=part.start, now=now)
    part.size = size
    upload.received = part.start + size
    upload.expires_at = now + KEPT
    _note_if_whole(upload, now=now)
    db.session.flush()


def check_may_go_on(upload: ResumableUpload, *, start: int, now: datetime) -> None:
    """Refuses with 410 what has expired or is past receiving, and with 409 a wrong place."""
    if upload.state == UploadState.REFUSED or upload.expires_at <= now:
        raise ProtocolError(410, _l("This upload is over. Please send the file again."))
    if upload.received != start:
        raise ProtocolError(409, _l("The server stands at another place in this file."))


def _note_if_whole(upload: ResumableUpload, *, now: datetime) -> None:
    if upload.state == UploadState.RECEIVING and upload.received == upload.size:
        upload.state = UploadState.WAITING
        upload.due_at = now
        tell_worker(upload.id)


def tell_worker(upload_id: int) -> None:
    """Wake a worker after the commit; should that be lost, the sweep finds the row."""
    after_commit(lambda: queue.tell_queue(TASK, upload_id))


def end_upload(upload: ResumableUpload) -> None:
    """Stop an upload, whatever it has come to; what it has left is then cleared away."""
    upload.state = UploadState.ENDED
    db.session.flush()
