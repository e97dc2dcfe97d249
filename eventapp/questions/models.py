"""Questions of the audience, the votes for them and what is written under them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base, string_enum
from eventapp.registrations.models import Registration
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import AgendaItem


class QuestionStatus(StrEnum):
    PENDING = "pending"
    APPROVED = "approved"
    ON_AIR = "on_air"
    ANSWERED = "answered"
    DISMISSED = "dismissed"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class ReplyKind(StrEnum):
    ANSWER = "answer"
    FOLLOW_UP = "follow_up"


class ReplyStatus(StrEnum):
    PENDING = "pending"
    PUBLISHED = "published"
    DISMISSED = "dismissed"


class Room(Base):
    """How a webinar's room takes questions. A webinar without a row has the defaults.

    `is_open_early`: questions are taken from the publication on, not only just before the start.
    `shows_names_to_desk`: moderators see who asks anonymously; the audience never does.
    `slow_seconds` must lie between two questions of one person (0: no slow mode).
    `blocked_words`, one a line, keep a question waiting for a moderator also in open mode.
    `stage_secret` is in the stage's address: a new one closes the old address.
    """

    __tablename__ = "rooms"
    __table_args__ = (sa.CheckConstraint("slow_seconds >= 0", name="slow_seconds_not_negative"),)

    webinar_id: Mapped[int] = mapped_column(
        sa.ForeignKey("webinars.id", ondelete="CASCADE"), primary_key=True
    )
    is_open_early: Mapped[bool] = mapped_column(default=False)
    shows_names_to_desk: Mapped[bool] = mapped_column(default=False)
    is_closed: Mapped[bool] = mapped_column(default=False)
    slow_seconds: Mapped[int] = mapped_column(default=0)
    blocked_words: Mapped[str] = mapped_column(default="")
    stage_secret: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=0)


class Question(Base):
    """A question.

    `asker_key` is the signed identity it was asked under. `author_name` is what the room reads,
    empty for an anonymous one; `desk_name` is what the moderators read, settled when it was asked.
    `original_text` is as the asker first wrote it, None while nobody has changed it.
    A MERGED question lives on in `merged_into_id`, which has its votes too.
    `has_blocked_word` says why it waits. `votes` is the number of its QuestionVote rows, kept with
    them. `revision` rises with every change, so that open pages can tell news from what arrives
    late.
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
    desk_name: Mapped[str] = mapped_column(default="")
    text: Mapped[str]
    original_text: Mapped[str | None]
    status: Mapped[QuestionStatus] = mapped_column(string_enum(QuestionStatus))
    has_blocked_word: Mapped[bool] = mapped_column(default=False)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    label: Mapped[str] = mapped_column(default="")
    agenda_item_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("agenda_items.id", ondelete="SET NULL"), index=True
    )
    speaker_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("speakers.id", ondelete="SET NULL"), index=True
    )
    merged_into_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("questions.id", ondelete="SET NULL"), index=True
    )
    votes: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    on_air_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]

    registration: Mapped[Registration | None] = relationship()
    agenda_item: Mapped[AgendaItem | None] = relationship()
    speaker: Mapped[Speaker | None] = relationship()


class QuestionVote(Base):
    """One vote by one identity; `merged_from_id` is the question it was first given to."""

    __tablename__ = "question_votes"

    question_id: Mapped[int] = mapped_column(
        sa.ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    voter_key: Mapped[str] = mapped_column(primary_key=True)
    voted_at: Mapped[datetime]
    merged_from_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("questions.id", ondelete="SET NULL"), index=True
    )


class QuestionReply(Base):
    """What is written under a question: a moderator's answer, or a follow-up by its asker.

    `author_id` is the moderator's, `asker_key` the audience's identity; `author_name` is what the
    room reads, empty for an answer and for an anonymous asker. `submission_key` makes one that is
    sent twice one.
    """

    __tablename__ = "question_replies"
    __table_args__ = (sa.UniqueConstraint("question_id", "submission_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(sa.ForeignKey("questions.id", ondelete="CASCADE"))
    kind: Mapped[ReplyKind] = mapped_column(string_enum(ReplyKind))
    status: Mapped[ReplyStatus] = mapped_column(string_enum(ReplyStatus))
    author_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    asker_key: Mapped[str] = mapped_column(default="")
    author_name: Mapped[str] = mapped_column(default="")
    submission_key: Mapped[str]
    text: Mapped[str]
    revision: Mapped[int] = mapped_column(default=0)
    written_at: Mapped[datetime]

    question: Mapped[Question] = relationship()


class SilencedAsker(Base):
    """An identity that may vote in this webinar but write nothing any more."""

    __tablename__ = "silenced_askers"

    webinar_id: Mapped[int] = mapped_column(
        sa.ForeignKey("webinars.id", ondelete="CASCADE"), primary_key=True
    )
    asker_key: Mapped[str] = mapped_column(primary_key=True)
    silenced_at: Mapped[datetime]
