"""The webinar, its agenda and its speakers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.ext.orderinglist import ordering_list
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base, string_enum
from eventapp.core.files import StoredFile
from eventapp.speakers.models import Speaker


class WebinarStatus(StrEnum):
    """One after another as listed; cancelled from any of the first four."""

    DRAFT = "draft"
    PUBLISHED = "published"
    LIVE = "live"
    ENDED = "ended"
    REPLAY_PUBLISHED = "replay_published"
    ARCHIVED = "archived"
    CANCELLED = "cancelled"


class AgendaItemKind(StrEnum):
    INTRODUCTION = "introduction"
    PRESENTATION = "presentation"
    QUESTIONS = "questions"
    PANEL = "panel"
    BREAK = "break"
    OTHER = "other"


class RoomAccess(StrEnum):
    """Who may enter the room: anyone with its address, or registered attendees alone."""

    OPEN = "open"
    REGISTERED = "registered"


class Webinar(Base):
    """One webinar.

    `calendar_sequence` rises with every change that calendars must hear of (SEQUENCE, RFC 5545,
    3.8.7.4).
    """

    __tablename__ = "webinars"
    __table_args__ = (
        sa.CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_positive"),
        sa.Index("ix_webinars_status_starts_at", "status", "starts_at"),
        sa.Index("ix_webinars_ends_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    status: Mapped[WebinarStatus] = mapped_column(
        string_enum(WebinarStatus), default=WebinarStatus.DRAFT
    )
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    description: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    time_zone: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    capacity: Mapped[int | None]
    join_url: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    cover_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    room_access: Mapped[RoomAccess] = mapped_column(
        string_enum(RoomAccess), default=RoomAccess.OPEN
    )
    is_moderated: Mapped[bool] = mapped_column(default=True)
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    cancel_reason: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    went_live_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    replay_published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]

    cover: Mapped[StoredFile | None] = relationship()
    agenda_items: Mapped[list[AgendaItem]] = relationship(
        order_by="AgendaItem.position",
        collection_class=ordering_list("position"),
        cascade="all, delete-orphan",
        back_populates="webinar",
    )
    appearances: Mapped[list[WebinarSpeaker]] = relationship(
        order_by="WebinarSpeaker.position",
        collection_class=ordering_list("position"),
        cascade="all, delete-orphan",
    )

    @property
    def speakers(self) -> list[Speaker]:
        return [appearance.speaker for appearance in self.appearances]


class WebinarSpeaker(Base):
    """A speaker of a webinar, in the order shown."""

    __tablename__ = "webinar_speakers"

    webinar_id: Mapped[int] = mapped_column(
        sa.ForeignKey("webinars.id", ondelete="CASCADE"), primary_key=True
    )
    speaker_id: Mapped[int] = mapped_column(
        sa.ForeignKey("speakers.id"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)

    speaker: Mapped[Speaker] = relationship()


class AgendaItem(Base):
    """One planned part of a webinar.

    `minutes` is its planned length; `section` the heading it stands under, empty for none.
    """

    __tablename__ = "agenda_items"
    __table_args__ = (sa.Index("ix_agenda_items_webinar_id_position", "webinar_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[AgendaItemKind] = mapped_column(string_enum(AgendaItemKind))
    title: Mapped[str]
    minutes: Mapped[int] = mapped_column(default=10)
    section: Mapped[str] = mapped_column(default="")

    webinar: Mapped[Webinar] = relationship(back_populates="agenda_items")
    appearances: Mapped[list[AgendaItemSpeaker]] = relationship(
        order_by="AgendaItemSpeaker.position",
        collection_class=ordering_list("position"),
        cascade="all, delete-orphan",
    )

    @property
    def speakers(self) -> list[Speaker]:
        return [appearance.speaker for appearance in self.appearances]


class AgendaItemSpeaker(Base):
    """Who speaks in an agenda item; a joint presentation has several."""

    __tablename__ = "agenda_item_speakers"

    agenda_item_id: Mapped[int] = mapped_column(
        sa.ForeignKey("agenda_items.id", ondelete="CASCADE"), primary_key=True
    )
    speaker_id: Mapped[int] = mapped_column(
        sa.ForeignKey("speakers.id"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)

    speaker: Mapped[Speaker] = relationship()
