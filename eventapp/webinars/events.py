"""What happens to webinars."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class WebinarPublished(Event):
    """The webinar's page is public and registration is open."""

    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class WebinarRescheduled(Event):
    """Calendars must hear of a change; `calendar_sequence` has been raised already.

    The rest is what it was before; moments are in ISO 8601.
    """

    webinar_id: int
    previous_title: str
    previous_starts_at: str
    previous_ends_at: str
    previous_time_zone: str
    previous_join_url: str


@dataclass(frozen=True, kw_only=True)
class WebinarCapacityChanged(Event):
    """There are more seats or fewer; with more, the waiting list may move up."""

    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class WebinarAgendaChanged(Event):
    """The planned agenda, or who speaks in it, is another."""

    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class WebinarModerationChanged(Event):
    """With its details it was said that questions wait for a moderator, or no longer."""

    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class WebinarWentLive(Event):
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class WebinarEnded(Event):
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class WebinarCancelled(Event):
    """The webinar won't take place; calendars must remove it."""

    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class ReplayPublished(Event):
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class WebinarArchived(Event):
    webinar_id: int
