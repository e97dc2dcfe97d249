"""What people are called whom a message goes to."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from eventapp.form_fields.asked import YES
from eventapp.form_fields.models import FieldKind
from eventapp.messages.broadcasts.rules import Segment, SegmentKind
from eventapp.registrations.answers import Column
from eventapp.registrations.exports import list_all_options


def label_segment(segment: Segment, *, columns: Sequence[Column]) -> str:
    """Return what a segment is called; `columns` are the fields of the webinar's form."""
    if segment.kind == SegmentKind.ANSWER:
        return _label_answer(segment, columns)
    if segment.kind == SegmentKind.CHOSEN:
        return _label_chosen(segment)
    labels: dict[SegmentKind, str] = {
        SegmentKind.CONFIRMED: _("Everyone who has a seat"),
        SegmentKind.WAITING: _("Everyone on the waiting list"),
        SegmentKind.ATTENDED: _("Those who came"),
        SegmentKind.NO_SHOW: _("Those who had a seat and didn't come"),
        SegmentKind.ASKED: _("Those who asked a question"),
    }
    return labels[segment.kind]


def list_options(column: Column) -> list[tuple[str, str]]:
    """Return what can be answered to a field, each with the value that stands for it."""
    if column.kind == FieldKind.CONSENT:
        return [(YES, _("agreed"))]
    return list_all_options(column)


def _label_chosen(segment: Segment) -> str:
    label: str = ngettext(
        "%(num)d person chosen in the list", "%(num)d people chosen in the list", len(segment.ids)
    )
    return label


def _label_answer(segment: Segment, columns: Sequence[Column]) -> str:
    for column in columns:
        if column.field_id == segment.field_id:
            text = dict(list_options(column)).get(segment.value, segment.value)
            return f"{column.label}: {text}"
    label: str = _("An answer to a question that is no longer asked")
    return label
