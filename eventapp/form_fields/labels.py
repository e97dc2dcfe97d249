"""What kinds of fields are called."""

from __future__ import annotations

from flask_babel import gettext as _

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
