"""Every read of form fields."""

from __future__ import annotations

import sqlalchemy as sa

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.form_fields.asked import AskedField
from eventapp.form_fields.models import FormField


def list_fields(webinar_id: int) -> list[FormField]:
    """Return the fields that are on a webinar's form, in their order."""
    return list(db.session.scalars(_of(webinar_id).where(FormField.retired_at.is_(None))))


def list_retired(webinar_id: int) -> list[FormField]:
    """Return the fields that have left the form and have answers, the latest first."""
    retired = sa.select(FormField).where(
        FormField.webinar_id == webinar_id, FormField.retired_at.is_not(None)
    )
    return list(
        db.session.scalars(retired.order_by(FormField.retired_at.desc(), FormField.id.desc()))
    )


def fields_of(webinar_id: int) -> tuple[AskedField, ...]:
    """Return what somebody who registers for the webinar is asked, in the form's order."""
    return tuple(AskedField.of(field) for field in list_fields(webinar_id))


def get_field(webinar_id: int, field_id: int) -> FormField:
    """Return a field that is on this webinar's form. Raises NotFound."""
    field = _find(webinar_id, field_id)
    if field is None or field.retired_at is not None:
        raise NotFound
    return field


def get_retired_field(webinar_id: int, field_id: int) -> FormField:
    """Return a field that has left this webinar's form. Raises NotFound."""
    field = _find(webinar_id, field_id)
    if field is None or field.retired_at is None:
        raise NotFound
    return field


def _find(webinar_id: int, field_id: int) -> FormField | None:
    return db.session.scalar(_of(webinar_id).where(FormField.id == field_id))


def _of(webinar_id: int) -> sa.Select[FormField]:
    return (
        sa.select(FormField)
        .where(FormField.webinar_id == webinar_id)
        .order_by(FormField.position, FormField.id)
    )
