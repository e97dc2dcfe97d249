"""The shape of a poll that is being prepared."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from eventapp.core.errors import Refusal
from eventapp.core.forms import many_lines
from eventapp.polls.labels import KINDS, RESULTS
from eventapp.polls.models import Poll, PollKind, PollOption, ResultsShown
from eventapp.polls.rules import CHOICE_KINDS, LONGEST_POLL, check_options
from eventapp.questions.rules import tidy_text


class PollForm(FlaskForm):  # type: ignore[misc]
    """What a poll asks and how, and when the room sees the results."""

    text = StringField(
        _l("What you ask"),
        validators=[
            DataRequired(_l("Please write what you ask.")),
            Length(max=LONGEST_POLL, message=_l("Please use at most 300 characters.")),
        ],
        filters=[lambda text: tidy_text(text or "")],
    )
    kind = RadioField(
        _l("How people answer"),
        choices=[SelectChoice(kind.value, label) for kind, label in KINDS.items()],
        default=PollKind.ONE.value,
    )
    options = TextAreaField(
        _l("Answers"),
        description=_l("Two to ten, each in a line of its own."),
        filters=[many_lines],
    )
    results = RadioField(
        _l("When the room sees the results"),
        choices=[SelectChoice(shown.value, label) for shown, label in RESULTS.items()],
        default=ResultsShown.ALWAYS.value,
    )

    @classmethod
    def of(cls, poll: Poll, options: list[PollOption]) -> PollForm:
        has_own = poll.kind in CHOICE_KINDS
        values = {
            "text": poll.text,
            "kind": poll.kind.value,
            "options": "\n".join(option.text for option in options) if has_own else "",
            "results": poll.results.value,
        }
        return cls(data=values)

    @property
    def is_choice(self) -> bool:
        return self.kind.data in {kind.value for kind in CHOICE_KINDS}

    def validate_options(self, field: TextAreaField) -> None:
        if not self.is_choice:
            return
        try:
            check_options(_lines(field.data))
        except Refusal as refusal:
            raise ValidationError(refusal.message) from refusal

    def values(self) -> dict[str, Any]:
        """Return what the actions take."""
        return {
            "text": self.text.data,
            "kind": PollKind(self.kind.data),
            "options": _lines(self.options.data) if self.is_choice else [],
            "results": ResultsShown(self.results.data),
        }


def _lines(text: str) -> list[str]:
    return [line for line in map(tidy_text, text.split("\n")) if line]
