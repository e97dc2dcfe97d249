"""Counts of reactions: per kind and ten seconds, and no word of whose they were."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.db import Base, string_enum


class ReactionKind(StrEnum):
    APPLAUSE = "applause"
    LAUGH = "laugh"
    HEART = "heart"
    SURPRISE = "surprise"


class ReactionBucket(Base):
    """How many reactions of one kind came in the ten seconds from `begins_at`."""

    __tablename__ = "reaction_buckets"

    webinar_id: Mapped[int] = mapped_column(
        sa.ForeignKey("webinars.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[ReactionKind] = mapped_column(string_enum(ReactionKind), primary_key=True)
    begins_at: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
