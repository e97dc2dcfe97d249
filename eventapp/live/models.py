"""The live log: what happened in a webinar and when, only ever appended to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.db import Base, string_enum


class LogEntryKind(StrEnum):
    WEBINAR_STARTED = "webinar_started"
    WEBINAR_ENDED = "webinar_ended"
    RECORDING_STARTED = "recording_started"
    RECORDING_STOPPED = "recording_stopped"
    AGENDA_ITEM_STARTED = "agenda_item_started"
    QUESTION_APPROVED = "question_approved"
    QUESTION_DISMISSED = "question_dismissed"
    QUESTION_ON_AIR = "question_on_air"
    QUESTION_ANSWERED = "question_answered"
    UNDONE = "undone"


class LogEntry(Base):
    """One act, in UTC. `number` counts from 1 within a webinar.

    An UNDONE entry takes back `undoes_id`, which stays in the log; `before` is what the undo of
    this entry restores, as JSON.
    """

    __tablename__ = "live_log_entries"
    __table_args__ = (
        sa.UniqueConstraint("webinar_id", "number"),
        sa.UniqueConstraint("undoes_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    number: Mapped[int]
    kind: Mapped[LogEntryKind] = mapped_column(string_enum(LogEntryKind))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    agenda_item_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("agenda_items.id", ondelete="SET NULL"), index=True
    )
    question_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("questions.id", ondelete="SET NULL"), index=True
    )
    undoes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("live_log_entries.id"))
    title: Mapped[str] = mapped_column(default="")
    before: Mapped[str] = mapped_column(default="")
