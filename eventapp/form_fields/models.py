"""Fields that an organiser adds to a webinar's registration form."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from eventapp.core.db import Base, string_enum
from eventapp.webinars.models import Webinar


class FieldKind(StrEnum):
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    ONE_OF = "one_of"
    SEVERAL_OF = "several_of"
    NUMBER = "number"
    DATE = "date"
    CONSENT = "consent"


class FormField(Base):
    """One field of a webinar's registration form.

    `options` are what can be chosen, each {"id": "…", "text": "…"}; an option keeps its id when its
    text is corrected. The field is shown only where the answer to the field `depends_on_id` is the
    option `depends_on_value` ("yes" for a consent). A field that somebody has answered isn't
    deleted but retired: it leaves the form, and its answers stay.
    """

    __tablename__ = "form_fields"
    __table_args__ = (sa.Index("ix_form_fields_webinar_id_position", "webinar_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    webinar_id: Mapped[int] = mapped_column(sa.ForeignKey("webinars.id", ondelete="CASCADE"))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[FieldKind] = mapped_column(string_enum(FieldKind))
    label: Mapped[str]
    hint: Mapped[str] = mapped_column(default="")
    is_required: Mapped[bool] = mapped_column(default=False)
    options: Mapped[list[dict[str, str]]] = mapped_column(sa.JSON, default=list)
    consent_text: Mapped[str] = mapped_column(default="")
    depends_on_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("form_fields.id", ondelete="SET NULL"), index=True
    )
    depends_on_value: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    webinar: Mapped[Webinar] = relationship()
    depends_on: Mapped[FormField | None] = relationship(remote_side="FormField.id")
