"""Loading a registration form's own fields, and what people answered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

from eventapp.core.db import db
from eventapp.demo.content.shapes import DemoField
from eventapp.form_fields.forms.answering import TICKED
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.registrations.models import FieldAnswer, Registration
from eventapp.webinars.models import Webinar


def add_form(
    webinar: Webinar, fields: Sequence[DemoField], registrations: Sequence[Registration]
) -> None:
    """Write the fields in their order, each with an answer of everyone who gave one."""
    before: FormField | None = None
    for position, content in enumerate(fields):
        row = _add_field(webinar, content, position=position, before=before)
        for registration, said in zip(registrations, cycle(content.answers), strict=False):
            if said:
                registration.answers.append(_answer(row, said, registration))
        before = row


def _add_field(
    webinar: Webinar, content: DemoField, *, position: int, before: FormField | None
) -> FormField:
    row = FormField(
        webinar_id=webinar.id,
        position=position,
        kind=FieldKind(content.kind),
        label=content.label,
        hint=content.hint,
        options=[
            {"id": f"option{number}", "text": text} for number, text in enumerate(content.options)
        ],
        consent_text=content.consent_text,
        created_at=webinar.created_at,
        updated_at=webinar.created_at,
    )
    if before is not None and content.after:
        row.depends_on_id = before.id
        row.depends_on_value = _ids_of(before)[content.after]
    db.session.add(row)
    db.session.flush()
    return row


def _answer(
    field: FormField, said: str | tuple[str, ...], registration: Registration
) -> FieldAnswer:
    texts = (said,) if isinstance(said, str) else said
    is_consent = field.kind == FieldKind.CONSENT
    ids = _ids_of(field)
    return FieldAnswer(
        field_id=field.id,
        label=field.label,
        value=is_consent or ([ids[text] for text in texts] if ids else said),
        text=TICKED if is_consent else "\n".join(texts),
        agreed_text=field.consent_text,
        answered_at=registration.registered_at,
    )


def _ids_of(field: FormField) -> dict[str, str]:
    return {option["text"]: option["id"] for option in field.options}
