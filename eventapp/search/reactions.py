"""What follows when a replay's public content changes: it is found by its new words."""

from __future__ import annotations

from eventapp.replays.events import EditionPublished, ReplayTextChanged
from eventapp.search import actions


def index_replay(event: EditionPublished | ReplayTextChanged) -> None:
    actions.index_replay(event.webinar_id)
