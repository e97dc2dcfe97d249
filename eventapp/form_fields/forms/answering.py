"""The part of a public form that asks a webinar's own fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.form import BaseForm

from eventapp.core.errors import Refusal
from eventapp.form_fields.asked import (
    CHOICES,
    AskedField,
    GivenAnswer,
    Value,
    find_condition,
    list_shown,
)
from eventapp.form_fields.forms.controls import (
    ConsentField,
    default_data,
    make_control,
    offered_options,
)
from eventapp.form_fields.labels import describe_condition
from eventapp.form_fields.models import FieldKind
from eventapp.form_fields.rules import read_number

TICKED = "✓"


@dataclass(frozen=True, kw_only=True)
class Part:
    """One field as the page shows it; `note` says to whom, where that isn't everyone.

    It is shown where the control named `deciding_name` has `deciding_value`; `is_met` says whether
    it has now.
    """

    control: Any
    is_consent: bool
    is_required: bool
    note: str = ""
    deciding_name: str = ""
    deciding_value: str = ""
    is_met: bool = True


class AnswersForm(BaseForm):  # type: ignore[misc]
    """Answers to a webinar's own fields, beside a form that has its own token.

    `asked` are the fields (`queries.fields_of`), `sent` is what was posted, None before anything
    was, and `given` is what this person answered earlier. With a `prefix`, several people's answers
    fit on one page. Whose condition isn't met is neither checked nor required nor among the values.
    """

    def __init__(
        self,
        asked: Sequence[AskedField],
        *,
        sent: MultiDict[str, str] | None = None,
        given: Mapping[int, GivenAnswer] | None = None,
        prefix: str = "",
    ) -> None:
        self.asked = tuple(asked)
        self.given = dict(given or {})
        controls = {
            name_of(field.id): make_control(field, self.given.get(field.id)) for field in self.asked
        }
        super().__init__(controls, prefix=prefix)
        self.process(sent, data=self._given_data())
        for field in self.asked:
            self.control_of(field).flags.required = field.is_required

    @property
    def parts(self) -> list[Part]:
        """Return the fields as the page shows them, in their order."""
        shown = list_shown(self.asked, self._values())
        return [self._part(place, field, shown) for place, field in enumerate(self.asked)]

    def control_of(self, field: AskedField) -> Field:
        return self[name_of(field.id)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what is shown to somebody with these answers, and nothing else."""
        shown = list_shown(self.asked, self._values())
        for field in self.asked:
            control = self.control_of(field)
            if field.id not in shown:
                control.errors = ()
            elif control.validate(self, (extra_validators or {}).get(name_of(field.id), ())):
                self._check_answered(field, control)
        return not self.errors

    def values(self) -> dict[int, Value]:
        """Return the answers, by the fields' ids, to what is shown; the form is valid."""
        values = self._values()
        shown = list_shown(self.asked, values)
        return {field_id: value for field_id, value in values.items() if field_id in shown}

    def text_of(self, field: AskedField, value: Value) -> str:
        """Return an answer as people read it, in no language but their own.

        Options stand one a line, numbers have a point, dates are ISO 8601, a consent is a tick.
        """
        if field.kind in CHOICES:
            options = offered_options(field, self.given.get(field.id))
            chosen = value if isinstance(value, list) else [value]
            return "\n".join(option.text for option in options if option.id in chosen)
        return TICKED if field.kind == FieldKind.CONSENT else str(value)

    def agreed_text_of(self, field: AskedField) -> str:
        """Return what somebody agrees to by ticking this field; "" for another kind."""
        control = self.control_of(field)
        return control.text if isinstance(control, ConsentField) else ""

    def _given_data(self) -> dict[str, object]:
        return {
            name_of(field.id): default_data(field, self.given[field.id])
            for field in self.asked
            if field.id in self.given
        }

    def _values(self) -> dict[int, Value]:
        values = {field.id: self._value_of(field) for field in self.asked}
        return {field_id: value for field_id, value in values.items() if value}

    def _value_of(self, field: AskedField) -> Value:
        """Return what stands in a control; nothing for what isn't of its kind."""
        data: Any = self.control_of(field).data
        if field.kind == FieldKind.SEVERAL_OF:
            offered = offered_options(field, self.given.get(field.id))
            return [option.id for option in offered if option.id in (data or ())]
        if field.kind == FieldKind.NUMBER and data:
            return _tidy_number(data)
        if isinstance(data, date):
            return data.isoformat()
        answer: Value = data or ""
        return answer

    def _check_answered(self, field: AskedField, control: Field) -> None:
        if field.is_required and not control.errors and not self._value_of(field):
            control.errors = [_missing(field.kind)]

    def _part(self, place: int, field: AskedField, shown: frozenset[int]) -> Part:
        control = self.control_of(field)
        is_consent = field.kind == FieldKind.CONSENT
        deciding = find_condition(field, self.asked[:place])
        if deciding is None:
            return Part(control=control, is_consent=is_consent, is_required=field.is_required)
        deciding_control = self.control_of(deciding)
        return Part(
            control=control,
            is_consent=is_consent,
            is_required=field.is_required,
            note=describe_condition(field, deciding),
            deciding_name=deciding_control.name,
            deciding_value=getattr(deciding_control, "mark", field.depends_on_value),
            is_met=field.id in shown,
        )


def read_answers(
    asked: Sequence[AskedField],
    *,
    given: Mapping[int, GivenAnswer] | None = None,
    prefix: str = "",
) -> AnswersForm:
    """Return the part of the form with what this request has posted, if it is a POST."""
    sent = request.form if request.method == "POST" else None
    return AnswersForm(asked, sent=sent, given=given, prefix=prefix)


def _tidy_number(text: str) -> str:
    """Return a number as it is kept; what is none stays as it was typed, to be refused."""
    try:
        return read_number(text)
    except Refusal:
        return text


def name_of(field_id: int) -> str:
    """Return the name of a field's control, without a prefix."""
    return f"field-{field_id}"


def _missing(kind: FieldKind) -> str:
    messages: dict[FieldKind, str] = {
        FieldKind.SHORT_TEXT: _("Please fill this in."),
        FieldKind.LONG_TEXT: _("Please fill this in."),
        FieldKind.ONE_OF: _("Please choose one of these."),
        FieldKind.SEVERAL_OF: _("Please choose at least one of these."),
        FieldKind.NUMBER: _("Please give a number."),
        FieldKind.DATE: _("Please give a date."),
        FieldKind.CONSENT: _("Please tick this box: it is needed to register."),
    }
    return messages[kind]
