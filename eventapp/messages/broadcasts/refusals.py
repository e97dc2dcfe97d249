"""What may be declined about a message to many, in words for the organiser who asked."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class BroadcastIsElsewhere(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("This message has gone further meanwhile. This page shows where it is now.")
        )


class BroadcastHasChanged(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "Somebody has changed this message meanwhile. Nothing has been sent: please read "
                "it once more."
            )
        )


class MorePeopleThanShown(Refusal):
    def __init__(self, *, shown: int, now: int) -> None:
        super().__init__(
            _(
                "It would go to %(now)s people now, and you were shown %(shown)s. Nothing has been "
                "sent: please look once more.",
                now=now,
                shown=shown,
            )
        )


class TooManyAreChosen(Refusal):
    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "At most %(most)s people can be chosen in the list. Choose a group here instead, "
                "or narrow the list down.",
                most=most,
            )
        )


class NobodyToWriteTo(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("There is nobody to write to. Choose other people."))
