"""The shape of a message's words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from eventapp.core.errors import Refusal
from eventapp.core.forms import many_lines, one_line, read_moment
from eventapp.messages.wordings.filling import read_words
from eventapp.registrations.models import Registration

LONGEST_SUBJECT = 200
LONGEST_BODY = 20_000


class PersonForm(FlaskForm):  # type: ignore[misc]
    """Whose data a preview and a test are filled with."""

    attendee = SelectField(
        _l("Show it as this person gets it"), coerce=int, validate_choice=False, default=0
    )

    def offer_people(self, people: Sequence[Registration]) -> None:
        """Offer these people, and somebody made up; the first of them is chosen."""
        self.attendee.choices = [
            *(SelectChoice(each.id, f"{each.name} <{each.email}>") for each in people),
            SelectChoice(0, _("Somebody made up")),
        ]
        if not self.is_submitted():
            self.attendee.data = people[0].id if people else 0


class WordsForm(PersonForm):
    """Subject and body of a message with placeholders.

    `seen_at` is when the shown state was saved.
    """

    message = ""

    subject = StringField(
        _l("Subject"),
        validators=[
            DataRequired(_l("Please write a subject.")),
            Length(max=LONGEST_SUBJECT, message=_l("Please use at most %(max)d characters.")),
        ],
        filters=[one_line],
    )
    body = TextAreaField(
        _l("Message"),
        validators=[
            DataRequired(_l("Please write a message.")),
            Length(max=LONGEST_BODY, message=_l("Please use at most %(max)d characters.")),
        ],
        filters=[many_lines],
    )
    seen_at = HiddenField()

    def validate_subject(self, field: Field) -> None:
        _refuse_in(field, lambda: read_words(self.message, subject=field.data, body=""))

    def validate_body(self, field: Field) -> None:
        _refuse_in(field, lambda: read_words(self.message, subject="", body=field.data))

    def seen_moment(self) -> datetime | None:
        """Return when the state was saved that the form shows, or None where there was none."""
        return read_moment(self.seen_at.data)

    @property
    def words(self) -> dict[str, str]:
        return {"subject": self.subject.data, "body": self.body.data}


def _refuse_in(field: Field, check: Callable[[], Any]) -> None:
    if not field.data:
        return
    try:
        check()
    except Refusal as refusal:
        raise ValidationError(refusal.message) from refusal
