"""Registrations: who attends, who waits, and who no longer comes."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base, string_enum
from eventapp.webinars.models import Webinar


class RegistrationStatus(StrEnum):
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class Registration(Base):
    """One person's registration for one webinar, for life: who comes back keeps row and uid.

    `uid` is the calendar's UID; `sequence` counts this registration's own changes and is added to
    the webinar's (SEQUENCE). The token of the attendee's door is stored by its hash alone.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        sa.UniqueConstraint("webinar_id", "email_key"),
        sa.Index("ix_registrations_webinar_id_status", "webinar_id", "status", "queued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    uid: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str]
    email_key: Mapped[str]
    affiliation: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    time_zone: Mapped[str] = mapped_column(default="")
    status: Mapped[RegistrationStatus] = mapped_column(string_enum(RegistrationStatus))
    sequence: Mapped[int] = mapped_column(default=0)
    registered_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    webinar: Mapped[Webinar] = relationship()
