"""One control for each kind of field, as WTForms takes it.

None of them requires anything: whether a field has to be answered depends on the other answers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import (
    BooleanField,
    DateField,
    Field,
    Form,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import Length, Optional, ValidationError

from eventapp.core.errors import Refusal
from eventapp.core.forms import many_lines, one_line
from eventapp.core.markdown import render_markdown
from eventapp.form_fields.asked import AskedField, GivenAnswer, Option, mark_consent
from eventapp.form_fields.models import FieldKind
from eventapp.form_fields.rules import read_number

LONGEST_SHORT = 200
LONGEST_LONG = 2000
LONGEST_DATE = 40
# What is looked at of a text at all: more is too long, however it is tidied.
LONGEST_READ = 10_000
YEARS = range(1800, 2101)
MOST_RADIO_BUTTONS = 7
CONSENT_HEADING = 3


def make_control(field: AskedField, given: GivenAnswer | None) -> Any:
    """Return the unbound control for a field that somebody has answered before, or not."""
    return _MAKERS[field.kind](field, given)


def offered_options(field: AskedField, given: GivenAnswer | None) -> tuple[Option, ...]:
    """Return what can be chosen: what is offered now, and what this person chose when it was.

    An option that was removed since stays theirs until they choose another.
    """
    ids = {option.id for option in field.options}
    if given is None:
        return field.options
    values = given.value if isinstance(given.value, list) else [str(given.value)]
    texts = given.text.split("\n")
    if len(values) != len(texts):
        return field.options
    kept = (
        Option(id=value, text=text)
        for value, text in zip(values, texts, strict=True)
        if value not in ids
    )
    return (*field.options, *kept)


class IsOffered:
    """Accepts what can be chosen, and nothing chosen at all."""

    def __init__(self, options: tuple[Option, ...]) -> None:
        self.ids = {option.id for option in options}

    def __call__(self, _form: Form, field: Field) -> None:
        sent = field.data if isinstance(field.data, list) else [field.data or ""]
        if not {each for each in sent if each} <= self.ids:
            raise ValidationError(_l("This isn't offered any more. Please choose again."))


class IsNumber:
    def __call__(self, _form: Form, field: Field) -> None:
        try:
            read_number(field.data)
        except Refusal as refusal:
            raise ValidationError(refusal.message) from refusal


class IsInReach:
    """Accepts dates of years that people mean."""

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data is not None and field.data.year not in YEARS:
            raise ValidationError(
                _(
                    "Please check the year: dates from %(first)d to %(last)d can be given.",
                    first=YEARS[0],
                    last=YEARS[-1],
                )
            )


class DayField(DateField):  # type: ignore[misc]
    """A date, in the form that browsers send."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata([text[:LONGEST_DATE].strip() for text in valuelist])
        except ValueError as error:
            raise ValueError(_("Please give a date that exists, such as 2026-03-24.")) from error


class ConsentField(BooleanField):  # type: ignore[misc]
    """A tick under a text in Markdown; it sends the mark of the text that was shown with it."""

    def __init__(self, *args: Any, text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        self.mark = mark_consent(text)
        self.is_outdated = False

    @property
    def text_html(self) -> Markup:
        return render_markdown(self.text, top_heading=CONSENT_HEADING)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = self.mark in valuelist
        self.is_outdated = bool(valuelist) and not self.data

    def pre_validate(self, _form: Form) -> None:
        if self.is_outdated:
            raise ValidationError(
                _l(
                    "This text has changed since you opened the page. Please read it again, and "
                    "tick the box if you agree to it."
                )
            )

    def _value(self) -> str:
        return self.mark


def _short(text: str | None) -> str:
    return one_line((text or "")[:LONGEST_READ])


def _long(text: str | None) -> str:
    return many_lines((text or "")[:LONGEST_READ])


def _at_most(number: int) -> Length:
    return Length(max=number, message=_l("Please use at most %(max)d characters."))


def _words(field: AskedField) -> dict[str, Any]:
    return {"label": field.label, "description": field.hint}


def _choices(options: tuple[Option, ...]) -> list[SelectChoice]:
    return [SelectChoice(option.id, option.text) for option in options]


def _make_short_text(field: AskedField, _given: GivenAnswer | None) -> Any:
    return StringField(**_words(field), filters=[_short], validators=[_at_most(LONGEST_SHORT)])


def _make_long_text(field: AskedField, _given: GivenAnswer | None) -> Any:
    return TextAreaField(**_words(field), filters=[_long], validators=[_at_most(LONGEST_LONG)])


def _make_one_of(field: AskedField, given: GivenAnswer | None) -> Any:
    options = offered_options(field, given)
    choices = _choices(options)
    common = {**_words(field), "validate_choice": False, "validators": [IsOffered(options)]}
    if len(options) > MOST_RADIO_BUTTONS:
        words = _("Please choose") if field.is_required else _("No answer")
        first = SelectChoice("", words)
        return SelectField(**common, choices=[first, *choices], default="")
    if field.is_required:
        return RadioField(**common, choices=choices)
    return RadioField(**common, choices=[*choices, SelectChoice("", _("No answer"))], default="")


def _make_several_of(field: AskedField, given: GivenAnswer | None) -> Any:
    options = offered_options(field, given)
    return SelectMultipleField(
        **_words(field),
        choices=_choices(options),
        validate_choice=False,
        validators=[IsOffered(options)],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )


def _make_number(field: AskedField, _given: GivenAnswer | None) -> Any:
    return StringField(**_words(field), filters=[_short], validators=[Optional(), IsNumber()])


def _make_date(field: AskedField, _given: GivenAnswer | None) -> Any:
    return DayField(**_words(field), validators=[Optional(), IsInReach()])


def _make_consent(field: AskedField, given: GivenAnswer | None) -> Any:
    """Show who has agreed before what they agreed to: a tick is never moved to another text."""
    text = given.agreed_text if given else field.consent_text
    return ConsentField(**_words(field), text=text)


_MAKERS: dict[FieldKind, Callable[[AskedField, GivenAnswer | None], Any]] = {
    FieldKind.SHORT_TEXT: _make_short_text,
    FieldKind.LONG_TEXT: _make_long_text,
    FieldKind.ONE_OF: _make_one_of,
    FieldKind.SEVERAL_OF: _make_several_of,
    FieldKind.NUMBER: _make_number,
    FieldKind.DATE: _make_date,
    FieldKind.CONSENT: _make_consent,
}


def default_data(field: AskedField, given: GivenAnswer) -> object:
    """Return a given answer as its control takes it."""
    is_date = field.kind == FieldKind.DATE and isinstance(given.value, str)
    return date.fromisoformat(str(given.value)) if is_date else given.value
