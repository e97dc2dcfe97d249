"""Why somebody isn't registered or dealt with, in an organiser's words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventapp.registrations.imports.people import Reason

REASONS = {
    Reason.NO_NAME: _l("no name"),
    Reason.NAME_HOLDS_ADDRESS: _l("a web address in the name"),
    Reason.NO_ADDRESS: _l("no e-mail address"),
    Reason.BAD_ADDRESS: _l("this isn't an e-mail address"),
    Reason.FORMULA: _l("begins like a formula"),
    Reason.TOO_MANY_CELLS: _l("more cells than there are columns"),
    Reason.NO_OPTION: _l("an answer that can't be chosen"),
    Reason.NO_NUMBER: _l("this isn't a number such as 1500 or -3.5"),
    Reason.NO_DATE: _l("this isn't a date such as 2026-03-24"),
    Reason.LONG_ANSWER: _l("an answer that is too long"),
    Reason.NOT_ASKED: _l("isn't asked of people with these answers"),
    Reason.TWICE: _l("the same address stands further up"),
    Reason.REGISTERED: _l("is registered already"),
    Reason.CANCELLED: _l("has cancelled; register them by hand if they want to come again"),
    Reason.DECLINED: _l("was declined; let them in from their own page"),
    Reason.CHANGED: _l("something has changed since: nothing was left to do"),
    Reason.OVER: _l("it was too late: the webinar is over or cancelled"),
    Reason.UNREADABLE: _l("this row can't be read; nobody in it or further down was registered"),
    Reason.HAS_CODE: _l("has a code that works already"),
    Reason.ERASED: _l("never confirmed their address, and is deleted"),
}


def reason_words() -> dict[str, str]:
    """Return the words for each reason, by its value."""
    return {reason.value: str(words) for reason, words in REASONS.items()}


def describe_reasons(skipped: Mapping[str, int]) -> list[str]:
    """Return a line for each reason: how many, and why."""
    words = reason_words()
    return [
        ngettext(
            "%(why)s: %(num)d person", "%(why)s: %(num)d people", count, why=words.get(reason, "")
        )
        for reason, count in skipped.items()
        if reason != Reason.ERASED
    ]
