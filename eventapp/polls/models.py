"""Polls, what can be chosen in them, and who chose what."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base, string_enum


class PollKind(StrEnum):
    ONE = "one"
    SEVERAL = "several"
    RATING = "rating"
    WORDS = "words"


class PollStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class ResultsShown(StrEnum):
    """When the room sees the results: at once, once one has voted, or when the poll is closed."""

    ALWAYS = "always"
    VOTED = "voted"
    CLOSED = "closed"


class Poll(Base):
    """A poll. `voters` counts people; `revision` rises with every change, votes included."""

    __tablename__ = "polls"
    __table_args__ = (sa.Index("ix_polls_webinar_id_status", "webinar_id", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    kind: Mapped[PollKind] = mapped_column(string_enum(PollKind))
    status: Mapped[PollStatus] = mapped_column(string_enum(PollStatus), default=PollStatus.DRAFT)
    results: Mapped[ResultsShown] = mapped_column(
        string_enum(ResultsShown), default=ResultsShown.ALWAYS
    )
    voters: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    options: Mapped[list[PollOption]] = relationship(
        back_populates="poll",
        order_by="PollOption.position, PollOption.id",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class PollOption(Base):
    """What can be chosen: an answer, a rating from 1 to 5, or a word that somebody wrote.

    `key` is the text as it is told from others, without regard to capitals; the word is shown as
    whoever came first wrote it. `votes` is the number of its PollVote rows, kept with them.
    """

    __tablename__ = "poll_options"
    __table_args__ = (sa.UniqueConstraint("poll_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("polls.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    key: Mapped[str]
    votes: Mapped[int] = mapped_column(default=0)
    is_hidden: Mapped[bool] = mapped_column(default=False)

    poll: Mapped[Poll] = relationship(back_populates="options")


class PollVote(Base):
    """One choice of one identity."""

    __tablename__ = "poll_votes"

    poll_id: Mapped[int] = mapped_column(
        sa.ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True
    )
    voter_key: Mapped[str] = mapped_column(primary_key=True)
    option_id: Mapped[int] = mapped_column(
        sa.ForeignKey("poll_options.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    voted_at: Mapped[datetime]
