"""Facts about reactions; how many there are is read where it is told."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ReactionsCounted(Event):
    webinar_id: int
