"""The replay: the recording, its chapters and its captions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base, string_enum
from eventapp.core.files import StoredFile


class RecordingKind(StrEnum):
    FILE = "file"
    YOUTUBE = "youtube"
    VIMEO = "vimeo"
    PEERTUBE = "peertube"


class ChapterKind(StrEnum):
    INTRODUCTION = "introduction"
    PRESENTATION = "presentation"
    QUESTION = "question"
    PANEL = "panel"
    BREAK = "break"
    OTHER = "other"


class Recording(Base):
    """A webinar's recording: a file of ours, or an address elsewhere.

    `offset_seconds` is added to every chapter's `start_seconds`: how much later (or earlier, when
    negative) things happen in the recording than the chapters say.
    """

    __tablename__ = "recordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(
        sa.ForeignKey("webinars.id", ondelete="CASCADE"), unique=True
    )
    kind: Mapped[RecordingKind] = mapped_column(string_enum(RecordingKind))
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    address: Mapped[str] = mapped_column(default="")
    duration_seconds: Mapped[float | None]
    offset_seconds: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[datetime]

    file: Mapped[StoredFile | None] = relationship()


class Chapter(Base):
    """One entry of the replay's agenda.

    `start_seconds` is before the recording's offset; a question hangs under the presentation that
    it follows (`parent_id`).
    """

    __tablename__ = "chapters"
    __table_args__ = (sa.Index("ix_chapters_webinar_id_position", "webinar_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    start_seconds: Mapped[float]
    kind: Mapped[ChapterKind] = mapped_column(string_enum(ChapterKind))
    title: Mapped[str]
    speakers: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    section: Mapped[str] = mapped_column(default="")
    parent_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("chapters.id", ondelete="SET NULL"), index=True
    )
    agenda_item_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("agenda_items.id", ondelete="SET NULL"), index=True
    )
    question_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("questions.id", ondelete="SET NULL"), index=True
    )


class CaptionTrack(Base):
    """Captions of the recording in one language, stored as WebVTT."""

    __tablename__ = "caption_tracks"
    __table_args__ = (sa.UniqueConstraint("webinar_id", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    language: Mapped[str]
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)

    file: Mapped[StoredFile] = relationship()
