"""What kinds of fields are called, and to whom a field is shown."""

from __future__ import annotations

from flask_babel import gettext as _

from eventapp.form_fields.asked import AskedField
from eventapp.form_fields.models import FieldKind


def kind_label(kind: FieldKind) -> str:
    labels: dict[FieldKind, str] = {
        FieldKind.SHORT_TEXT: _("Text in one line"),
        FieldKind.LONG_TEXT: _("Longer text"),
        FieldKind.ONE_OF: _("Choose one option"),
        FieldKind.SEVERAL_OF: _("Choose any number of options"),
        FieldKind.NUMBER: _("Number"),
        FieldKind.DATE: _("Date"),
        FieldKind.CONSENT: _("Consent to a text"),
    }
    return labels[kind]


def describe_condition(field: AskedField, deciding: AskedField) -> str:
    """Say to who fills in the form whether a field is meant for them."""
    answer = _answer_of(field, deciding)
    if deciding.kind == FieldKind.CONSENT:
        words = _("Only if you ticked “%(label)s”.", label=deciding.label)
    else:
        words = _(
            "Only if you answered “%(answer)s” to “%(label)s”.",
            answer=answer,
            label=deciding.label,
        )
    return str(words)


def describe_audience(field: AskedField, deciding: AskedField) -> str:
    """Say to an organiser to whom a field is shown."""
    answer = _answer_of(field, deciding)
    if deciding.kind == FieldKind.CONSENT:
        words = _("Shown only to people who tick “%(label)s”.", label=deciding.label)
    else:
        words = _(
            "Shown only to people who answer “%(answer)s” to “%(label)s”.",
            answer=answer,
            label=deciding.label,
        )
    return str(words)


def _answer_of(field: AskedField, deciding: AskedField) -> str:
    texts = (option.text for option in deciding.options if option.id == field.depends_on_value)
    return next(texts, "")
