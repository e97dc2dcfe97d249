"""Speakers: who they are, whichever webinars they appear in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base
from eventapp.core.files import StoredFile


class Speaker(Base):
    """A person who speaks; `affiliation` is their organisation or project.

    `door_secret` is in the address of their own door: a new one closes the old address.
    """

    __tablename__ = "speakers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    affiliation: Mapped[str] = mapped_column(default="")
    biography: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    photo_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_files.id"), index=True)
    door_secret: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    photo: Mapped[StoredFile | None] = relationship()
