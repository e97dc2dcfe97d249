"""What may be declined about a registration, and why, in words for the person who asked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class RegistrationIsNotOpen(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Registration for this webinar isn't open."))


class WebinarIsOver(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This webinar is over, so there is nothing left to register for."))


class WebinarWasCancelled(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This webinar has been cancelled, so nobody can register any more."))


class NameIsMissing(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Tell us your name, so that the organiser knows who is coming."))


class NameHoldsAddress(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Tell us your name alone please, without a web address."))


class AddressIsNoAddress(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This doesn't look like an e-mail address. Please check it."))


class TooLateToCancel(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This webinar is over, so there is nothing left to cancel."))
