"""The replay: the recording, its chapters and its captions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.accounts.models import User
from eventapp.core.db import Base, string_enum
from eventapp.core.files import StoredFile
from eventapp.replays.timing import Timing


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

    `offset_seconds` and `cuts` say how it lies on the clock of the chapters' `start_seconds`
    (`replays/timing`). `number` counts a webinar's recordings: links to a moment name it, so it is
    given once. A recording that was public and has been replaced stays, without its file, as long
    as links may lead into it; `replaced_by` is the number of the one that they lead to instead.
    """

    __tablename__ = "recordings"
    __table_args__ = (sa.UniqueConstraint("webinar_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(default=1)
    replaced_by: Mapped[int | None]
    kind: Mapped[RecordingKind] = mapped_column(string_enum(RecordingKind))
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    address: Mapped[str] = mapped_column(default="")
    duration_seconds: Mapped[float | None]
    offset_seconds: Mapped[float] = mapped_column(default=0.0)
    cuts: Mapped[list[list[float]]] = mapped_column(sa.JSON, default=list)
    created_at: Mapped[datetime]

    file: Mapped[StoredFile | None] = relationship()

    @property
    def timing(self) -> Timing:
        return Timing(
            offset=self.offset_seconds, cuts=tuple((start, end) for start, end in self.cuts or ())
        )


class Chapter(Base):
    """One entry of the replay's agenda.

    `start_seconds` is on the agenda's clock (`replays/timing`); a question hangs under the
    presentation that it follows (`parent_id`). One that was dropped can be brought back.
    """

    __tablename__ = "chapters"
    __table_args__ = (sa.Index("ix_chapters_webinar_id_position", "webinar_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    start_seconds: Mapped[float]
    is_dropped: Mapped[bool] = mapped_column(default=False)
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


class ReplayEdition(Base):
    """What everyone sees of a replay, as it stood when it was last published.

    `content` is as `replays/editions` writes it: agenda, recordings, captions and learnings.
    Earlier editions are kept, so that agenda and learnings can be compared and brought back.
    """

    __tablename__ = "replay_editions"
    __table_args__ = (sa.UniqueConstraint("webinar_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"), index=True
    )

    published_by: Mapped[User | None] = relationship()
    files: Mapped[list[ReplayEditionFile]] = relationship(cascade="all, delete-orphan")


class ReplayEditionFile(Base):
    """A file that the latest edition shows, kept although the desk may have another by now."""

    __tablename__ = "replay_edition_files"

    edition_id: Mapped[int] = mapped_column(
        sa.ForeignKey("replay_editions.id", ondelete="CASCADE"), primary_key=True
    )
    file_id: Mapped[int] = mapped_column(
        sa.ForeignKey("stored_files.id"), primary_key=True, index=True
    )

    file: Mapped[StoredFile] = relationship()
