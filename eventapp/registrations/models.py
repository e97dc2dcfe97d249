"""Registrations: who attends, who waits, and who no longer comes; and on which terms."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base, string_enum
from eventapp.form_fields.models import FormField
from eventapp.webinars.models import Webinar


class RegistrationMode(StrEnum):
    """Who may register: anyone, anyone whom an organiser approves, or who holds an access code."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITATION = "invitation"


class Promotion(StrEnum):
    """How the first who waits gets a free seat: at once, or by an offer to be accepted in time."""

    AT_ONCE = "at_once"
    OFFER = "offer"


class RegistrationPolicy(Base):
    """The terms on which people register for one webinar; a webinar without one has the defaults.

    With `is_address_verified` a person first confirms the address (double opt-in), and a seat is
    held for `hold_minutes` meanwhile. `largest_group` is how many one person may register together,
    1 for nobody else. The way in opens `join_opens_minutes` before the start.
    """

    __tablename__ = "registration_policies"
    __table_args__ = (
        sa.CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        sa.CheckConstraint("hold_minutes > 0", name="hold_minutes_positive"),
        sa.CheckConstraint("offer_hours > 0", name="offer_hours_positive"),
        sa.CheckConstraint("largest_group > 0", name="largest_group_positive"),
        sa.CheckConstraint("join_opens_minutes >= 0", name="join_opens_minutes_not_negative"),
    )

    webinar_id: Mapped[int] = mapped_column(
        sa.ForeignKey("webinars.id", ondelete="CASCADE"), primary_key=True
    )
    mode: Mapped[RegistrationMode] = mapped_column(
        string_enum(RegistrationMode), default=RegistrationMode.OPEN
    )
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    is_address_verified: Mapped[bool] = mapped_column(default=False)
    hold_minutes: Mapped[int] = mapped_column(default=60)
    promotion: Mapped[Promotion] = mapped_column(string_enum(Promotion), default=Promotion.AT_ONCE)
    offer_hours: Mapped[int] = mapped_column(default=24)
    largest_group: Mapped[int] = mapped_column(default=1)
    join_opens_minutes: Mapped[int] = mapped_column(default=30)
    updated_at: Mapped[datetime]


class AccessCode(Base):
    """What opens the registration of a webinar that is by invitation only.

    A personal code names the address it was made for and lets in nobody else; a shared one lets in
    `most_uses` registrations, any number where that is empty.
    """

    __tablename__ = "access_codes"
    __table_args__ = (
        sa.UniqueConstraint("webinar_id", "code"),
        sa.CheckConstraint("most_uses > 0", name="most_uses_positive"),
        sa.Index("ix_access_codes_webinar_id_email_key", "webinar_id", "email_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    code: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    email_key: Mapped[str] = mapped_column(default="")
    most_uses: Mapped[int | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class RegistrationStatus(StrEnum):
    """Where a person stands.

    Who is unverified hasn't confirmed the address yet, who is requested hasn't been approved. Seats
    are taken by who is confirmed, by who was offered one, and by who is unverified while it is held
    for them.
    """

    UNVERIFIED = "unverified"
    REQUESTED = "requested"
    WAITING = "waiting"
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class CancelledBy(StrEnum):
    """Who or what ended a registration; also a calendar's answer, or an offer that ran out."""

    ATTENDEE = "attendee"
    ORGANISER = "organiser"
    CALENDAR = "calendar"
    LAPSE = "lapse"


class AddedBy(StrEnum):
    """Who registered somebody without their doing: an organiser by hand, or out of a table."""

    ORGANISER = "organiser"
    IMPORT = "import"


class Registration(Base):
    """One person's registration for one webinar, for life: who comes back keeps row and uid.

    `uid` is the calendar's UID; `sequence` counts this registration's own changes and is added to
    the webinar's (SEQUENCE). `known_sequence` is the webinar's own as it was on arrival: of later
    changes a person is told. The token of the attendee's door is stored by its hash alone.
    `queued_at` is the arrival that the waiting list goes by; a seat that is offered or held is so
    until `held_until`. Who confirms the address before `place_kept_until`, which is set on arrival,
    keeps that arrival. `registered_by_id` is who registered this person in a group. An organiser
    vouches for whom they added (`added_by`), whose address counts as confirmed while `verified_at`
    is empty.
    """

    __tablename__ = "registrations"
    __table_args__ = (
        sa.UniqueConstraint("webinar_id", "email_key"),
        sa.Index("ix_registrations_webinar_id_status", "webinar_id", "status", "queued_at"),
        sa.Index("ix_registrations_webinar_id_registered_at", "webinar_id", "registered_at", "id"),
        sa.Index(
            *("ix_registrations_status_registered_at", "webinar_id", "status"),
            *("registered_at", "id"),
        ),
        sa.Index("ix_registrations_webinar_id_queued_at", "webinar_id", "queued_at"),
        sa.Index("ix_registrations_held_until", "held_until"),
        sa.Index("ix_registrations_webinar_id_held_until", "webinar_id", "held_until"),
        sa.Index("ix_registrations_email_key", "email_key"),
        sa.Index(
            *("ix_registrations_unverified", "queued_at"),
            sqlite_where=sa.text("status = 'unverified'"),
            postgresql_where=sa.text("status = 'unverified'"),
        ),
        # Questions and votes know an attendee by the id: that of who was erased is nobody else's.
        {"sqlite_autoincrement": True},
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
    known_sequence: Mapped[int | None]
    access_code_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("access_codes.id", ondelete="SET NULL"), index=True
    )
    registered_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="SET NULL"), index=True
    )
    registered_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    place_kept_until: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    added_at: Mapped[datetime | None]
    added_by: Mapped[AddedBy | None] = mapped_column(string_enum(AddedBy))
    approved_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[CancelledBy | None] = mapped_column(string_enum(CancelledBy))
    unsubscribed_at: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    webinar: Mapped[Webinar] = relationship()
    answers: Mapped[list[FieldAnswer]] = relationship(
        back_populates="registration", cascade="all, delete-orphan", passive_deletes=True
    )


class ErasedDoor(Base):
    """A door of somebody who was erased, kept until their messages in the ledger are empty.

    `door` is the ledger's name of it, which tells of nobody.
    """

    __tablename__ = "erased_doors"

    door: Mapped[str] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime]


class FieldAnswer(Base):
    """What somebody answered to one field of the registration form, as it was asked then.

    `label` is the field's label at that time and `text` the answer as people read it, so that both
    stay true when the field is changed later. `value` is the answer as the form takes it: a text, a
    list of option ids, or true. Of a consent, `agreed_text` is what was agreed to.
    """

    __tablename__ = "field_answers"
    __table_args__ = (
        sa.UniqueConstraint("registration_id", "field_id"),
        sa.Index("ix_field_answers_field_id", "field_id", "registration_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(
        sa.ForeignKey("registrations.id", ondelete="CASCADE")
    )
    field_id: Mapped[int] = mapped_column(sa.ForeignKey("form_fields.id", ondelete="CASCADE"))
    label: Mapped[str]
    value: Mapped[Any] = mapped_column(sa.JSON)
    text: Mapped[str]
    agreed_text: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime]

    registration: Mapped[Registration] = relationship(back_populates="answers")
    field: Mapped[FormField] = relationship()


class BatchKind(StrEnum):
    """What is done to many at once."""

    APPROVE = "approve"
    DECLINE = "decline"
    CANCEL = "cancel"
    IMPORT = "import"


class BatchStatus(StrEnum):
    DRAFT = "draft"
    RUNNING = "running"
    DONE = "done"


class RegistrationBatch(Base):
    """Something an organiser does to many registrations, slice by slice.

    Of an import `text` is the table as it was sent, `columns` says what each of its columns is, and
    `position` is the character up to which it has been read; a draft is one that is only looked at.
    Of the others `ids` are the registrations, and `position` is how many have been gone through.
    `done` counts who was dealt with and `waiting` who of them got no seat; `skipped` counts the
    others by why ("erased": of those cancelled, who had never confirmed the address), and
    `problems` names the first of them.
    """

    __tablename__ = "registration_batches"
    __table_args__ = (
        sa.Index("ix_registration_batches_webinar_id", "webinar_id", "id"),
        sa.Index("ix_registration_batches_status", "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    kind: Mapped[BatchKind] = mapped_column(string_enum(BatchKind))
    status: Mapped[BatchStatus] = mapped_column(string_enum(BatchStatus))
    ids: Mapped[list[int]] = mapped_column(sa.JSON, default=list)
    text: Mapped[str] = mapped_column(default="")
    columns: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    position: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    created_by_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    webinar: Mapped[Webinar] = relationship()

    @property
    def gone_through(self) -> int:
        """How many have been dealt with or left."""
        return self.done + sum(self.skipped.values())
