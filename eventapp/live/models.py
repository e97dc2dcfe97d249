"""The live log: what happened in a webinar and when, only ever appended to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base, string_enum
from eventapp.polls.models import Poll


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
    QUESTION_ASKED = "question_asked"
    QUESTION_CHANGED = "question_changed"
    QUESTION_WITHDRAWN = "question_withdrawn"
    QUESTION_EDITED = "question_edited"
    QUESTION_LABELLED = "question_labelled"
    QUESTION_ASSIGNED = "question_assigned"
    QUESTION_PINNED = "question_pinned"
    QUESTION_UNPINNED = "question_unpinned"
    QUESTION_MERGED = "question_merged"
    ASKER_ERASED = "asker_erased"
    ANSWER_WRITTEN = "answer_written"
    ANSWER_CHANGED = "answer_changed"
    FOLLOW_UP_WRITTEN = "follow_up_written"
    REPLY_PUBLISHED = "reply_published"
    REPLY_DISMISSED = "reply_dismissed"
    ASKER_SILENCED = "asker_silenced"
    ASKER_HEARD = "asker_heard"
    ROOM_CHANGED = "room_changed"
    STAGE_MOVED = "stage_moved"
    POLL_WRITTEN = "poll_written"
    POLL_OPENED = "poll_opened"
    POLL_CLOSED = "poll_closed"
    POLL_DELETED = "poll_deleted"
    WORD_HIDDEN = "word_hidden"
    WORD_SHOWN = "word_shown"
    UNDONE = "undone"


class LogEntry(Base):
    """One act, in UTC. `number` counts from 1 within a webinar.

    `before` and `after` hold, as JSON, how each thing that the act touched stood before and after
    it: an undo restores the one, and the state at any moment is told by the other. An UNDONE entry
    takes back `undoes_id`, which stays in the log.
    """

    __tablename__ = "live_log_entries"
    __table_args__ = (
        sa.UniqueConstraint("webinar_id", "number"),
        sa.UniqueConstraint("undoes_id"),
        sa.Index("ix_live_log_entries_webinar_id_kind", "webinar_id", "kind", "number"),
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
    poll_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("polls.id", ondelete="SET NULL"), index=True
    )
    undoes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("live_log_entries.id"))
    title: Mapped[str] = mapped_column(default="")
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")

    poll: Mapped[Poll | None] = relationship()
