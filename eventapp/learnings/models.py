"""The key learnings of a webinar."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from eventapp.core.db import Base


class Learnings(Base):
    """What was learned, in Markdown, as it stands on the desk."""

    __tablename__ = "learnings"

    webinar_id: Mapped[int] = mapped_column(
        sa.ForeignKey("webinars.id", ondelete="CASCADE"), primary_key=True
    )
    body: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime]
