"""What a reminder's moment is called."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from eventapp.messages.models import Reminder
from eventapp.messages.reminders.rules import DAY, HOUR, Mails, WhyNot

WEEK = 7 * DAY
UNITS = {"weeks": WEEK, "days": DAY, "hours": HOUR, "minutes": 1}


def split_minutes(minutes: int) -> tuple[int, str]:
    """Return a time in the largest unit that gives a whole number: 120 is 2 hours."""
    for unit, length in UNITS.items():
        if minutes and minutes % length == 0:
            return minutes // length, unit
    return minutes, "minutes"


def label_moment(reminder: Reminder) -> str:
    """Such as "1 day before the start"."""
    length = _label_length(abs(reminder.minutes))
    label: str = {
        ("start", -1): _("%(length)s before the start", length=length),
        ("start", 0): _("At the start"),
        ("start", 1): _("%(length)s after the start", length=length),
        ("end", 0): _("At the end"),
        ("end", 1): _("%(length)s after the end", length=length),
    }[reminder.anchor.value, _sign_of(reminder.minutes)]
    return label


def label_why_not(why: WhyNot) -> str:
    """Return in words why a reminder has reached nobody."""
    labels: dict[WhyNot, str] = {
        WhyNot.CANCELLED: _("The webinar was cancelled before it could leave."),
        WhyNot.ARCHIVED: _("The webinar was archived before it could go out."),
        WhyNot.SWITCHED_OFF: _("It was switched off."),
        WhyNot.BEGUN: _("The webinar had begun by then."),
        WhyNot.ENDED: _("The webinar had ended by then."),
        WhyNot.PAST: _("Its moment passed before it could go out."),
        WhyNot.NOBODY: _("There was nobody to send it to."),
        WhyNot.NOT_DELIVERED: _("None of its messages could leave. Under Sent it says why."),
    }
    return labels[why]


def label_mails(mails: Mails) -> str:
    """Such as "3 sent, 1 on the way"; nothing where there are none."""
    parts = [
        (mails.left, _("%(count)s sent", count=mails.left)),
        (mails.waiting, _("%(count)s on the way", count=mails.waiting)),
        (mails.failed, _("%(count)s not delivered", count=mails.failed)),
        (mails.held_back, _("%(count)s held back", count=mails.held_back)),
    ]
    return ", ".join(text for count, text in parts if count)


def _sign_of(number: int) -> int:
    return (number > 0) - (number < 0)


def _label_length(minutes: int) -> str:
    number, unit = split_minutes(minutes)
    labels: dict[str, str] = {
        "weeks": ngettext("%(num)d week", "%(num)d weeks", number),
        "days": ngettext("%(num)d day", "%(num)d days", number),
        "hours": ngettext("%(num)d hour", "%(num)d hours", number),
        "minutes": ngettext("%(num)d minute", "%(num)d minutes", number),
    }
    return labels[unit]
