"""What happens to registrations."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AttendeeRegistered(Event):
    """Somebody registered or came back: confirmed, or waiting where all seats were taken."""

    registration_id: int
    webinar_id: int
    sequence: int


@dataclass(frozen=True, kw_only=True)
class AttendeeAskedAgain(Event):
    """Somebody registered with an address that is registered already."""

    registration_id: int
    webinar_id: int
    asked_at: str


@dataclass(frozen=True, kw_only=True)
class AttendeePromoted(Event):
    """A seat became free for the first in the waiting list."""

    registration_id: int
    webinar_id: int
    sequence: int


@dataclass(frozen=True, kw_only=True)
class RegistrationCancelled(Event):
    """Somebody won't come: by their own wish, or by an organiser's."""

    registration_id: int
    webinar_id: int
    sequence: int
    was_confirmed: bool
    by_organiser: bool


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
