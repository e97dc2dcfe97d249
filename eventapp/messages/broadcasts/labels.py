"""What people are called whom a message goes to."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from eventapp.form_fields.models import FieldKind, FormField
from eventapp.messages.broadcasts.rules import Segment, SegmentKind


def label_segment(segment: Segment, *, fields: Sequence[FormField]) -> str:
    """Return what a segment is called; `fields` are those of the webinar's form."""
    if segment.kind == SegmentKind.ANSWER:
        return _label_answer(segment, fields)
    labels: dict[SegmentKind, str] = {
        SegmentKind.CONFIRMED: _("Everyone who has a seat"),
        SegmentKind.WAITING: _("Everyone on the waiting list"),
        SegmentKind.ATTENDED: _("Those who came"),
        SegmentKind.NO_SHOW: _("Those who had a seat and didn't come"),
        SegmentKind.ASKED: _("Those who asked a question"),
    }
    return labels[segment.kind]


def list_options(field: FormField) -> list[tuple[str, str]]:
    """Return what can be answered to a field, each with the value that stands for it."""
    if field.kind == FieldKind.CONSENT:
        return [("yes", _("agreed"))]
    return [(option["id"], option["text"]) for option in field.options]


def _label_answer(segment: Segment, fields: Sequence[FormField]) -> str:
    for field in fields:
        if field.id == segment.field_id:
            text = dict(list_options(field)).get(segment.value, segment.value)
            return f"{field.label}: {text}"
    label: str = _("An answer to a question that is no longer asked")
    return label
