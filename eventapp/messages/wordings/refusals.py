"""What may be declined about an organiser's words, with the name of the culprit."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class UnknownPlaceholder(Refusal):
    """`suggestion` is the known one that looks most like it, or None."""

    def __init__(self, culprit: str, *, suggestion: str | None) -> None:
        if suggestion:
            message = _(
                "%(culprit)s is no placeholder of this message. Did you mean %(suggestion)s?",
                culprit=culprit,
                suggestion=suggestion,
            )
        else:
            message = _(
                "%(culprit)s is no placeholder of this message. The list beside the form has "
                "those that are.",
                culprit=culprit,
            )
        super().__init__(message)


class PlaceholderInAddress(Refusal):
    def __init__(self, culprit: str) -> None:
        super().__init__(
            _(
                "%(culprit)s can't be a part of an address. A link's whole address may be a "
                "placeholder for a link, such as [the page]({webinar_link}).",
                culprit=culprit,
            )
        )


class LinkInSubject(Refusal):
    def __init__(self, culprit: str) -> None:
        super().__init__(_("%(culprit)s is a link, which a subject can't hold.", culprit=culprit))


class WordingHasChanged(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "Somebody has saved other words for this message meanwhile. Yours are still here "
                "in the form: save again to replace the others."
            )
        )
