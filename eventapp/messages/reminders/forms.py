"""The shape of a reminder's moment."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange

from eventapp.core.forms import WholeNumberField
from eventapp.messages.models import Anchor, Reminder
from eventapp.messages.reminders.labels import UNITS, split_minutes

BEFORE_START, AFTER_START, AFTER_END = "before_start", "after_start", "after_end"


class ReminderForm(FlaskForm):  # type: ignore[misc]
    """How long before the start, or after it, or after the end."""

    amount = WholeNumberField(
        _l("How long"),
        validators=[
            InputRequired(_l("Please give a number.")),
            NumberRange(0, 100_000, _l("Please give a number from 0 to 100,000.")),
        ],
        default=2,
    )
    unit = SelectField(
        _l("Unit"),
        choices=[
            SelectChoice("minutes", _l("minutes")),
            SelectChoice("hours", _l("hours")),
            SelectChoice("days", _l("days")),
            SelectChoice("weeks", _l("weeks")),
        ],
        default="days",
    )
    side = SelectField(
        _l("Before or after"),
        choices=[
            SelectChoice(BEFORE_START, _l("before the start")),
            SelectChoice(AFTER_START, _l("after the start, if it is live")),
            SelectChoice(AFTER_END, _l("after the end")),
        ],
    )

    @classmethod
    def of(cls, reminder: Reminder) -> ReminderForm:
        amount, unit = split_minutes(abs(reminder.minutes))
        side = BEFORE_START if reminder.minutes < 0 else AFTER_START
        if reminder.anchor == Anchor.END:
            side = AFTER_END
        return cls(data={"amount": amount, "unit": unit, "side": side})

    @property
    def anchor(self) -> Anchor:
        return Anchor.END if self.side.data == AFTER_END else Anchor.START

    @property
    def minutes(self) -> int:
        """Return the minutes from the anchor, negative before it."""
        length: int = self.amount.data * UNITS[self.unit.data]
        return -length if self.side.data == BEFORE_START else length
