"""What an organiser types about one field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length

from eventapp.core.errors import Refusal
from eventapp.core.forms import many_lines, one_line, read_moment
from eventapp.form_fields.asked import CHOICES, DECIDING, YES
from eventapp.form_fields.labels import kind_label
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.form_fields.refusals import ConsentTextIsMissing
from eventapp.form_fields.rules import (
    LONGEST_CONSENT,
    LONGEST_HINT,
    LONGEST_LABEL,
    FieldDetails,
    check_options,
)

LONGEST_OF_ALL_OPTIONS = 20_000


def _at_most(number: int) -> Length:
    return Length(max=number, message=_l("Please use at most %(max)d characters."))


def _option_lines(text: str | None) -> str:
    return "\n".join(read_lines((text or "")[: LONGEST_OF_ALL_OPTIONS + 1]))


def read_lines(text: str) -> tuple[str, ...]:
    """Return the lines that say something, each tidied."""
    lines = (one_line(line) for line in many_lines(text).split("\n"))
    return tuple(line for line in lines if line)


class FieldForm(FlaskForm):  # type: ignore[misc]
    """One field. `earlier` are those on which it may depend; `seen_at` is when it was saved.

    The kind of a field that somebody has answered is fixed, and isn't in the form.
    """

    label = StringField(
        _l("Label"),
        description=_l("What people read beside the field, such as “Your school”."),
        validators=[DataRequired(_l("Please give the field a label.")), _at_most(LONGEST_LABEL)],
        filters=[one_line],
    )
    kind = SelectField(_l("Kind"), default=FieldKind.SHORT_TEXT.value)
    hint = StringField(
        _l("Hint"),
        description=_l("Shown below the label, in small print."),
        validators=[_at_most(LONGEST_HINT)],
        filters=[one_line],
    )
    options = TextAreaField(
        _l("Options"),
        description=_l(
            "One on each line. Correct a text here and it stays the same option; what people chose "
            "before keeps the words that they chose. To replace an option by another one, remove "
            "it and save, and then add the other."
        ),
        validators=[_at_most(LONGEST_OF_ALL_OPTIONS)],
        filters=[_option_lines],
    )
    consent_text = TextAreaField(
        _l("Text that people agree to"),
        description=_l(
            "You can use Markdown. Who agrees is recorded with exactly this text, also when you "
            "change it later."
        ),
        validators=[_at_most(LONGEST_CONSENT)],
        filters=[many_lines],
    )
    is_required = BooleanField(_l("Has to be answered"))
    condition = SelectField(_l("Shown"), default="", validate_choice=False)
    seen_at = HiddenField()

    def __init__(
        self,
        earlier: Sequence[FormField],
        *,
        field: FormField | None = None,
        is_kind_fixed: bool = False,
    ) -> None:
        super().__init__(data=_values_of(field) if field else None)
        self.fixed_kind = field.kind if field and is_kind_fixed else None
        self.condition.choices = _list_conditions(earlier)
        if self.fixed_kind is None:
            self.kind.choices = {kind.value: kind_label(kind) for kind in FieldKind}
        else:
            del self.kind

    @property
    def chosen_kind(self) -> FieldKind:
        return self.fixed_kind or FieldKind(self.kind.data)

    @property
    def kind_words(self) -> str:
        return kind_label(self.chosen_kind)

    @property
    def is_choice(self) -> bool:
        return self._kind_now in CHOICES

    @property
    def is_consent(self) -> bool:
        return self._kind_now == FieldKind.CONSENT

    @property
    def may_be_choice(self) -> bool:
        return self.fixed_kind is None or self.is_choice

    @property
    def may_be_consent(self) -> bool:
        return self.fixed_kind is None or self.is_consent

    @property
    def _kind_now(self) -> str | None:
        """The kind as it stands in the form, which may be none of ours."""
        kind: str | None = self.fixed_kind or self.kind.data
        return kind

    @property
    def can_have_condition(self) -> bool:
        return len(self.condition.choices) > 1

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each control, then what its kind asks for."""
        if not super().validate(extra_validators):
            return False
        kind = self.chosen_kind
        if kind in CHOICES:
            self._check_options()
        if kind == FieldKind.CONSENT and not self.consent_text.data:
            _add_error(self.consent_text, ConsentTextIsMissing().message)
        return not self.errors

    def _check_options(self) -> None:
        try:
            check_options(read_lines(self.options.data))
        except Refusal as refusal:
            _add_error(self.options, refusal.message)

    def seen_moment(self) -> datetime | None:
        """Return when the state was saved that the form shows, or None where there was none."""
        return read_moment(self.seen_at.data)

    def details(self) -> FieldDetails:
        deciding, _colon, answer = (self.condition.data or "").partition(":")
        is_conditional = deciding.isascii() and deciding.isdigit() and len(deciding) < 10  # noqa: PLR2004
        return FieldDetails(
            kind=self.chosen_kind,
            label=self.label.data,
            hint=self.hint.data,
            is_required=self.is_required.data,
            options=read_lines(self.options.data),
            consent_text=self.consent_text.data,
            depends_on_id=int(deciding) if is_conditional else None,
            depends_on_value=answer if is_conditional else "",
        )


def _add_error(control: Field, message: str) -> None:
    control.errors = [*control.errors, message]


def _values_of(field: FormField) -> dict[str, Any]:
    return {
        "label": field.label,
        "kind": field.kind.value,
        "hint": field.hint,
        "options": "\n".join(option["text"] for option in field.options),
        "consent_text": field.consent_text,
        "is_required": field.is_required,
        "condition": _condition_of(field),
        "seen_at": field.updated_at.isoformat(),
    }


def _condition_of(field: FormField) -> str:
    return f"{field.depends_on_id}:{field.depends_on_value}" if field.depends_on_id else ""


def _list_conditions(earlier: Sequence[FormField]) -> list[SelectChoice]:
    """Return every answer that can decide whether a field is shown, under its field's label."""
    return [
        SelectChoice("", _("To everyone")),
        *(
            SelectChoice(f"{field.id}:{value}", words, optgroup=field.label)
            for field in earlier
            if field.kind in DECIDING
            for value, words in _list_answers(field)
        ),
    ]


def _list_answers(field: FormField) -> list[tuple[str, str]]:
    if field.kind == FieldKind.CONSENT:
        return [(YES, _("Only to those who tick it"))]
    return [
        (option["id"], _("Only to those who choose “%(option)s”", option=option["text"]))
        for option in field.options
    ]
