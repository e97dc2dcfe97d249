"""What organisers type about a field, and what people answer to it."""

from __future__ import annotations

from eventapp.form_fields.forms.answering import AnswersForm, read_answers
from eventapp.form_fields.forms.editing import FieldForm

__all__ = ["AnswersForm", "FieldForm", "read_answers"]
