"""What may be declined about a message, in words for the organiser who asked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class MailIsOnItsWay(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This message is already on its way. We keep trying automatically."))


class NoMoreMailIsWanted(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "They asked for no more reminders and news about this webinar, so this message "
                "can't be sent to them."
            )
        )


class InvitationIsOutOfDate(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "A newer calendar entry has been made for this person since. Sending the old one "
                "would confuse their calendar; look at the newer message."
            )
        )
