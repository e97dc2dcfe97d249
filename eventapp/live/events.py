"""Facts of the run of show that questions and webinars don't record themselves."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class AgendaItemStarted(Event):
    webinar_id: int
    agenda_item_id: int


@dataclass(frozen=True, kw_only=True)
class RecordingStarted(Event):
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class RecordingStopped(Event):
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class ActLogged(Event):
    """A moderator's act on a question is in the log, so that it can be undone."""

    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class ActUndone(Event):
    webinar_id: int
    entry_id: int


@dataclass(frozen=True, kw_only=True)
class StageMoved(Event):
    """The stage has a new address; screens that show the old one end."""

    webinar_id: int
