"""What organisers write to people, when it goes out by itself, and what people send back."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base, string_enum
from eventapp.webinars.models import Webinar


class MessageWording(Base):
    """An organiser's own words for one message of a webinar, in one language.

    `subject` is plain text and `body` Markdown, both with {placeholders}.
    """

    __tablename__ = "message_wordings"
    __table_args__ = (sa.UniqueConstraint("webinar_id", "message", "language"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    message: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    updated_at: Mapped[datetime]


class Anchor(StrEnum):
    """What a reminder is reckoned from."""

    START = "start"
    END = "end"


class Reminder(Base):
    """A message that goes out by itself, `minutes` after the anchor (negative: before it).

    `started_for` is the due moment its mailing was started for; one that has moved since is started
    again, for those who haven't had it.
    """

    __tablename__ = "reminders"
    __table_args__ = (sa.UniqueConstraint("webinar_id", "anchor", "minutes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    anchor: Mapped[Anchor] = mapped_column(string_enum(Anchor))
    minutes: Mapped[int]
    is_on: Mapped[bool] = mapped_column(default=True)
    started_for: Mapped[datetime | None]
    created_at: Mapped[datetime]

    webinar: Mapped[Webinar] = relationship()


class BroadcastStatus(StrEnum):
    DRAFT = "draft"
    SENDING = "sending"
    PAUSED = "paused"
    STOPPED = "stopped"
    SENT = "sent"


class Broadcast(Base):
    """A message that an organiser writes to some of a webinar's people.

    `segment` says to whom: {"kind": "confirmed"} and so on; with {"kind": "answer"} also "field"
    (its id) and "value", and with {"kind": "chosen"} the "ids" of registrations. Everybody up to
    the registration `after_id` has been written to, `written` of the `total` there were at the
    start. From `finished_at` on nobody more is: all are, or it was stopped.
    """

    __tablename__ = "broadcasts"
    __table_args__ = (sa.Index("ix_broadcasts_webinar_id", "webinar_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    segment: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    subject: Mapped[str]
    body: Mapped[str]
    status: Mapped[BroadcastStatus] = mapped_column(
        string_enum(BroadcastStatus), default=BroadcastStatus.DRAFT
    )
    after_id: Mapped[int] = mapped_column(default=0)
    written: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    created_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    webinar: Mapped[Webinar] = relationship()


class IncomingKind(StrEnum):
    """What arrived: an answer from a calendar (iTIP REPLY), a bounce (DSN), or anything else."""

    REPLY = "reply"
    BOUNCE = "bounce"
    OTHER = "other"


class IncomingMail(Base):
    """A message that reached the reply address, and what became of it.

    `message_id` is the sender's own; one that arrives twice is kept once. `outcome` is a short word
    for what was done ("cancelled", "marked", "noted", "kept"), `reason` says why where nothing was;
    what needs nobody's attention arrives as read. `stamped_at` is when a calendar gave its answer
    (DTSTAMP, RFC 5546, 2.1.5).
    """

    __tablename__ = "incoming_mails"
    __table_args__ = (sa.Index("ix_incoming_mails_webinar_id", "webinar_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[IncomingKind] = mapped_column(string_enum(IncomingKind))
    from_name: Mapped[str] = mapped_column(default="")
    from_address: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="kept")
    reason: Mapped[str] = mapped_column(default="")
    webinar_id: Mapped[int | None] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="SET NULL"), index=True
    )
    mail_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("outgoing_mails.id", ondelete="SET NULL"), index=True
    )
    stamped_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
