"""Presentations: the files that speakers show and hand in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base
from eventapp.core.files import StoredFile
from eventapp.webinars.models import AgendaItem


class Presentation(Base):
    """A file of slides; its speakers are those of its agenda item.

    The public gets it once the webinar has ended, or from its publication where `is_shown_before`.
    """

    __tablename__ = "presentations"
    __table_args__ = (sa.Index("ix_presentations_webinar_id_position", "webinar_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    agenda_item_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("agenda_items.id", ondelete="SET NULL"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str]
    is_shown_before: Mapped[bool] = mapped_column(default=False)
    file_id: Mapped[int] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    created_at: Mapped[datetime]

    file: Mapped[StoredFile] = relationship()
    agenda_item: Mapped[AgendaItem | None] = relationship()
