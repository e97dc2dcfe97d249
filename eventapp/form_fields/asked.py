"""A webinar's own form fields as somebody was asked them, and what they answered.

These are plain values: they stay what they were on the page that a person filled in, also when an
organiser changes the field at the same moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from eventapp.form_fields.models import FieldKind, FormField

YES = "yes"
CHOICES = (FieldKind.ONE_OF, FieldKind.SEVERAL_OF)
DECIDING = (*CHOICES, FieldKind.CONSENT)

# A text (also a number, a date and the id of an option), ids of several options, or True.
Value: TypeAlias = str | list[str] | bool


@dataclass(frozen=True, kw_only=True)
class Option:
    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AskedField:
    """One field of the form at the moment at which it was shown."""

    id: int
    kind: FieldKind
    label: str
    hint: str = ""
    is_required: bool = False
    options: tuple[Option, ...] = ()
    consent_text: str = ""
    depends_on_id: int | None = None
    depends_on_value: str = ""

    @classmethod
    def of(cls, field: FormField) -> AskedField:
        return cls(
            id=field.id,
            kind=field.kind,
            label=field.label,
            hint=field.hint,
            is_required=field.is_required,
            options=tuple(Option(**option) for option in field.options),
            consent_text=field.consent_text,
            depends_on_id=field.depends_on_id,
            depends_on_value=field.depends_on_value,
        )

    def can_be_answered(self, value: str) -> bool:
        """Whether `value`, an option's id or "yes", is something one can choose here."""
        if self.kind in CHOICES:
            return value in {option.id for option in self.options}
        return self.kind == FieldKind.CONSENT and value == YES


@dataclass(frozen=True, kw_only=True)
class GivenAnswer:
    """What somebody answered earlier, for a form that shows it again.

    `text` has one line for each option chosen. Of a consent, `agreed_text` is what was agreed to.
    """

    value: Value
    text: str
    agreed_text: str = ""


def find_condition(field: AskedField, earlier: Sequence[AskedField]) -> AskedField | None:
    """Return the field that decides whether `field` is shown; None where it is always shown.

    A condition that nobody could meet counts as none, so that it never hides a field for good: one
    on a field that left the form or stands later, or on an option that is no longer offered.
    """
    for other in earlier:
        if other.id == field.depends_on_id and other.can_be_answered(field.depends_on_value):
            return other
    return None


def list_shown(fields: Sequence[AskedField], values: Mapping[int, Value]) -> frozenset[int]:
    """Return the ids of the fields that somebody with these answers is asked, in form's order.

    What depends on a field that isn't shown isn't shown either, whatever was sent for it.
    """
    shown: set[int] = set()
    for place, field in enumerate(fields):
        deciding = find_condition(field, fields[:place])
        if deciding is None or (
            deciding.id in shown and field.depends_on_value in chosen(values.get(deciding.id))
        ):
            shown.add(field.id)
    return frozenset(shown)


def chosen(value: Value | None) -> set[str]:
    """Return what was chosen, by the names that conditions go by: ids of options, or "yes"."""
    if isinstance(value, list):
        return set(value)
    if isinstance(value, str):
        return {value}
    return {YES} if value else set()


def mark_consent(text: str) -> str:
    """Return what the tick under a consent's text sends: it stands for this text and no other.

    So nobody agrees to a text that was changed while the form was open before them.
    """
    return hashlib.sha256(text.encode()).hexdigest()[:16]
