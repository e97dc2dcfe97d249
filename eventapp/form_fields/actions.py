"""Every write of form fields, under the webinar's lock. Each change records FormChanged.

What people answered is kept with the answers themselves (see `registrations/answers.py`), so no
change here alters what somebody once said, or what they were asked when they said it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from eventapp.core.db import db, record
from eventapp.form_fields.answered import count_answers
from eventapp.form_fields.asked import CHOICES
from eventapp.form_fields.events import FormChanged
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.form_fields.queries import get_field, get_retired_field, list_fields
from eventapp.form_fields.refusals import FieldHasChanged, FormHasChanged
from eventapp.form_fields.rules import (
    FieldDetails,
    can_be_met,
    check_conditions,
    check_details,
    check_has_room,
    check_kind,
    match_options,
)
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def add_field(webinar: Webinar, details: FieldDetails, *, now: datetime) -> FormField:
    """Add a field at the end of the form.

    Refuses: FormIsFull, ConditionIsGone, and what `check_details` refuses.
    """
    lock_webinar(webinar.id)
    fields = list_fields(webinar.id)
    check_has_room(fields)
    field = FormField(webinar_id=webinar.id, options=[], created_at=now)
    _write(field, details, now=now)
    check_conditions([*fields, field])
    db.session.add(field)
    _put_in_order(webinar.id, [*fields, field])
    return field


def edit_field(
    webinar: Webinar,
    details: FieldDetails,
    *,
    field_id: int,
    now: datetime,
    seen_at: datetime | None = None,
) -> FormField:
    """Write a field anew; it keeps its place, and options keep their ids. Raises NotFound.

    `seen_at` is when the state was saved that the organiser began with. Refuses: FieldHasChanged,
    KindIsFixed, ConditionIsGone and ConditionComesTooLate, for this field or for one that depends
    on it, and what `check_details` refuses.
    """
    lock_webinar(webinar.id)
    field = get_field(webinar.id, field_id)
    if seen_at is not None and field.updated_at != seen_at:
        raise FieldHasChanged
    check_kind(field, details.kind, is_answered=field_id in count_answers(webinar.id))
    _write(field, details, now=now)
    with db.session.no_autoflush:
        check_conditions(list_fields(webinar.id))
    _note_change(webinar.id)
    return field


def remove_field(webinar: Webinar, *, field_id: int, now: datetime) -> bool:
    """Take a field off the form; return whether it is kept. Raises NotFound.

    One that nobody has answered is deleted. Otherwise it is retired with its answers, and can be
    brought back. Refuses: ConditionIsGone, while another field depends on it.
    """
    lock_webinar(webinar.id)
    field = get_field(webinar.id, field_id)
    check_conditions([other for other in list_fields(webinar.id) if other is not field])
    is_kept = field_id in count_answers(webinar.id)
    if is_kept:
        field.retired_at = field.updated_at = now
    else:
        db.session.delete(field)
    _note_change(webinar.id)
    return is_kept


def bring_back_field(webinar: Webinar, *, field_id: int, now: datetime) -> bool:
    """Put a retired field back, at the end of the form; return whether its condition still holds.

    A condition that could no longer be met is dropped, so that the field is shown to everyone.
    Raises NotFound. Refuses: FormIsFull.
    """
    lock_webinar(webinar.id)
    field = get_retired_field(webinar.id, field_id)
    fields = list_fields(webinar.id)
    check_has_room(fields)
    is_condition_kept = can_be_met(field, fields)
    if not is_condition_kept:
        field.depends_on_id, field.depends_on_value = None, ""
    field.retired_at, field.updated_at = None, now
    _put_in_order(webinar.id, [*fields, field])
    return is_condition_kept


def move_field(webinar: Webinar, *, field_id: int, by: int) -> None:
    """Move a field by so many places, negative for earlier, at most to the end. Raises NotFound.

    Refuses: ConditionComesTooLate.
    """
    lock_webinar(webinar.id)
    field = get_field(webinar.id, field_id)
    fields = list_fields(webinar.id)
    place = fields.index(field)
    target = min(max(place + by, 0), len(fields) - 1)
    fields.insert(target, fields.pop(place))
    _put_in_order(webinar.id, fields)


def reorder_fields(webinar: Webinar, *, field_ids: Sequence[int]) -> None:
    """Put the fields in the order of `field_ids`, which names each of them once.

    Refuses: FormHasChanged, when it doesn't; ConditionComesTooLate.
    """
    lock_webinar(webinar.id)
    by_id = {field.id: field for field in list_fields(webinar.id)}
    if sorted(by_id) != sorted(field_ids):
        raise FormHasChanged
    _put_in_order(webinar.id, [by_id[field_id] for field_id in field_ids])


def _write(field: FormField, details: FieldDetails, *, now: datetime) -> None:
    check_details(details)
    field.kind, field.label, field.hint = details.kind, details.label, details.hint
    field.is_required = details.is_required
    field.options = _write_options(field, details.options) if details.kind in CHOICES else []
    field.consent_text = details.consent_text if details.kind == FieldKind.CONSENT else ""
    field.depends_on_id = details.depends_on_id
    field.depends_on_value = "" if details.depends_on_id is None else details.depends_on_value
    field.updated_at = now


def _write_options(field: FormField, texts: Sequence[str]) -> list[dict[str, str]]:
    """Return the options under their ids; a new one gets an id that no other ever had."""
    ids = match_options(texts, field.options)
    return [
        {"id": known or secrets.token_hex(4), "text": text}
        for known, text in zip(ids, texts, strict=True)
    ]


def _put_in_order(webinar_id: int, fields: Sequence[FormField]) -> None:
    check_conditions(fields)
    for position, field in enumerate(fields):
        field.position = position
    _note_change(webinar_id)


def _note_change(webinar_id: int) -> None:
    db.session.flush()
    record(FormChanged(webinar_id=webinar_id))
