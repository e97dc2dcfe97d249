"""What happens to replays."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class EditionPublished(Event):
    """The replay is public as it stood, for the first time or anew."""

    webinar_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class ReplayTextChanged(Event):
    """What a public replay shows of its questions is another than it was."""

    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class AskerMailingAdvanced(Event):
    """Whoever asked a question up to the id `after_id` has been written to about its answer."""

    webinar_id: int
    after_id: int


@dataclass(frozen=True, kw_only=True)
class AnswerMailingAdvanced(Event):
    """Whoever asked has been sent the written answers up to the id `after_id`."""

    webinar_id: int
    after_id: int
