"""How often people are written to."""

from __future__ import annotations

from eventapp.registrations.models import Registration, RegistrationStatus
from eventapp.registrations.rules import is_known_to_own

MOST_MAILS_TO_UNCONFIRMED = 3
MOST_LINKS_IN_A_DAY = 3


def may_write_again(registration: Registration, *, written: int, links_today: int) -> bool:
    """Whether a link may be sent again after `written` messages to this person.

    An address that nobody has confirmed may be a stranger's, at whom somebody else is aiming. Where
    nobody is asked to confirm it, it gets few a day, of which `links_today` were sent.
    """
    if is_known_to_own(registration):
        return True
    if registration.status == RegistrationStatus.UNVERIFIED:
        return written < MOST_MAILS_TO_UNCONFIRMED
    return links_today < MOST_LINKS_IN_A_DAY
