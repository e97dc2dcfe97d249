"""URLs of replays: the organisers' review, and what players fetch."""

from __future__ import annotations

from eventapp.replays.routes import agenda, entries, player, podcast, questions, review, uploads
from eventapp.replays.routes.blueprint import blueprint

__all__ = [
    "agenda",
    "blueprint",
    "entries",
    "player",
    "podcast",
    "questions",
    "review",
    "uploads",
]
