"""An upload that may take many connections, and the parts of it that have arrived."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.db import Base, string_enum


class UploadState(StrEnum):
    """From the first byte to what came of it."""

    RECEIVING = "receiving"
    WAITING = "waiting"  # It is whole; a worker is to join and check it.
    CHECKING = "checking"
    DONE = "done"
    REFUSED = "refused"
    ENDED = "ended"  # It was stopped or has expired, and is being cleared away.


class ResumableUpload(Base):
    """One file on its way; the row is also what a worker owes it.

    `purpose` and `subject_id` say what it is for; `size` and `received` are in bytes. `reason` is
    the name of the refusal, or of what hinders it for now. Once `state` is past receiving,
    `attempts` counts the claims of workers, and `due_at` is when the next may be made.
    """

    __tablename__ = "resumable_uploads"
    __table_args__ = (
        sa.Index("ix_resumable_uploads_purpose_subject_id", "purpose", "subject_id"),
        sa.Index("ix_resumable_uploads_state_due_at", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    purpose: Mapped[str]
    subject_id: Mapped[int]
    name: Mapped[str]
    size: Mapped[int] = mapped_column(sa.BigInteger)
    received: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    state: Mapped[UploadState] = mapped_column(
        string_enum(UploadState), default=UploadState.RECEIVING
    )
    reason: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def percent(self) -> int:
        return 100 * self.received // self.size if self.size else 100


class UploadPart(Base):
    """What one request brought, as an object in the store.

    The row is there before the object, so that a crash leaves nothing that nobody knows of. A part
    without a `size` has not been counted: it is on its way, or lost.
    """

    __tablename__ = "resumable_upload_parts"

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int] = mapped_column(
        sa.ForeignKey("resumable_uploads.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str] = mapped_column(unique=True)
    start: Mapped[int] = mapped_column(sa.BigInteger)
    size: Mapped[int | None] = mapped_column(sa.BigInteger)
