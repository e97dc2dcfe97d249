"""Facts about polls. Texts are read from the row; counts travel with their revision."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class PollWritten(Event):
    """A poll was prepared or changed before it was first opened."""

    poll_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class PollOpened(Event):
    poll_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class PollClosed(Event):
    poll_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class PollChanged(Event):
    """An act was undone, or a word hidden or shown; `was_public` tells who knew of the poll."""

    poll_id: int
    webinar_id: int
    was_public: bool


@dataclass(frozen=True, kw_only=True)
class PollDeleted(Event):
    poll_id: int
    webinar_id: int
    was_public: bool


@dataclass(frozen=True, kw_only=True)
class PollVoteCounted(Event):
    """Someone voted or changed their vote; all counts are as of `revision` of the poll.

    `tally` is how the poll stands, as JSON, for moderators; `public_tally` is empty where the
    audience may not see it yet.
    """

    poll_id: int
    webinar_id: int
    revision: int
    voters: int
    tally: str
    public_tally: str
