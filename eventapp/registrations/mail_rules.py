"""How often people are written to."""

from __future__ import annotations

from eventapp.registrations.models import Registration, RegistrationStatus

MOST_MAILS_TO_UNCONFIRMED = 3


def may_write_again(registration: Registration, *, written: int) -> bool:
    """Whether a link may be sent again after `written` messages to this person.

    An address that nobody has confirmed may be a stranger's, at whom somebody else is aiming.
    """
    return (
        registration.status != RegistrationStatus.UNVERIFIED or written < MOST_MAILS_TO_UNCONFIRMED
    )
