"""What may be declined about a reminder, in words for the organiser who asked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class ReminderExists(Refusal):
    def __init__(self, *, is_on: bool) -> None:
        on = _l("There is a reminder at that moment already, so nothing has changed.")
        off = _l(
            "There is a reminder at that moment already, and it is switched off. Nothing has "
            "changed: switch it on in the list instead."
        )
        super().__init__(on if is_on else off)


class MomentHasPassed(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("That moment has passed. Choose a later one, or write to people at once.")
        )


class ReminderHasGoneOut(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("This reminder has gone out, so it stays in the list. Add another instead.")
        )


class LastReminderStays(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This is the last one. Switch it off instead, and none goes out."))


class TooManyReminders(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("There are enough reminders: more would fill people's mailboxes. Change one.")
        )


class MomentMakesNoSense(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "Please choose at most 60 days before the start, 12 hours after the start, or "
                "30 days after the end."
            )
        )
