"""What happens to registrations."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AttendeeRegistered(Event):
    """Somebody registered, came back or confirmed the address: their status says what is next."""

    registration_id: int
    webinar_id: int
    sequence: int


@dataclass(frozen=True, kw_only=True)
class AttendeeAskedAgain(Event):
    """Somebody registered with an address that is registered already, or asked for their link.

    Or an organiser has it sent once more.
    `registration_id` is None where nobody is registered with the address that was asked for: it is
    recorded all the same, so that the time to answer doesn't tell.
    """

    registration_id: int | None
    webinar_id: int
    asked_at: str
    is_by_organiser: bool = False


@dataclass(frozen=True, kw_only=True)
class AttendeePromoted(Event):
    """Who waited has a seat: one became free for the first of them, or an offer was accepted."""

    registration_id: int
    webinar_id: int
    sequence: int


@dataclass(frozen=True, kw_only=True)
class SeatOffered(Event):
    """A seat became free and is kept for the first in the waiting list, until they answer."""

    registration_id: int
    webinar_id: int
    sequence: int


@dataclass(frozen=True, kw_only=True)
class AttendeeApproved(Event):
    """An organiser let somebody in, who is confirmed by that or waits."""

    registration_id: int
    webinar_id: int
    sequence: int


@dataclass(frozen=True, kw_only=True)
class AttendeeDeclined(Event):
    """An organiser turned somebody down."""

    registration_id: int
    webinar_id: int
    sequence: int


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Event):
    """The terms of registration are others."""

    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class RegistrationCancelled(Event):
    """Somebody won't come; `by` is a CancelledBy's value."""

    registration_id: int
    webinar_id: int
    sequence: int
    was_confirmed: bool
    by: str


@dataclass(frozen=True, kw_only=True)
class RegistrationChanged(Event):
    """Somebody corrected their name or organisation."""

    registration_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class MailingAdvanced(Event):
    """A mailing to a webinar's attendees has reached everybody up to the id `after_id`.

    `message` names what is sent. Of a webinar that has changed, `previous_…` is what it was before.
    """

    webinar_id: int
    message: str
    after_id: int = 0
    previous_title: str = ""
    previous_starts_at: str = ""
    previous_ends_at: str = ""
    previous_time_zone: str = ""
    previous_join_url: str = ""


@dataclass(frozen=True, kw_only=True)
class PersonalCodeMade(Event):
    """An access code was made for one address."""

    access_code_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class CodeMailingAdvanced(Event):
    """Codes made while the webinar was a draft have been sent up to the id `after_id`."""

    webinar_id: int
    after_id: int = 0


@dataclass(frozen=True, kw_only=True)
class BatchAdvanced(Event):
    """Something that is done to many registrations has come to `position`, and goes on."""

    batch_id: int
    position: int
