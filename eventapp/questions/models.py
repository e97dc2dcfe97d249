"""Questions of the audience and the votes for them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base, string_enum
from eventapp.registrations.models import Registration


class QuestionStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    ON_AIR = "on_air"
    ANSWERED = "answered"
    DISMISSED = "dismissed"


class Question(Base):
    """A question.

    `asker_key` is the signed identity it was asked under, `author_name` empty for an anonymous one;
    `votes` is the number of its QuestionVote rows, kept with them. `revision` rises with every
    change, so that open pages can tell news from what arrives late.
    """

    __tablename__ = "questions"
    __table_args__ = (
        sa.Index("ix_questions_webinar_id_status", "webinar_id", "status", "votes"),
        sa.UniqueConstraint("webinar_id", "submission_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    registration_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="SET NULL"), index=True
    )
    asker_key: Mapped[str]
    submission_key: Mapped[str]
    author_name: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    status: Mapped[QuestionStatus] = mapped_column(string_enum(QuestionStatus))
    votes: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    on_air_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    registration: Mapped[Registration | None] = relationship()


class QuestionVote(Base):
    """One vote by one identity."""

    __tablename__ = "question_votes"

    question_id: Mapped[int] = mapped_column(
        sa.ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    voter_key: Mapped[str] = mapped_column(primary_key=True)
    voted_at: Mapped[datetime]
