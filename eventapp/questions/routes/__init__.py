"""URLs of questions: asking, voting, one's own, similar ones, and how the room takes them."""

from __future__ import annotations

from eventapp.questions.routes import asking, own, replies, similar, voting
from eventapp.questions.routes.blueprint import blueprint

__all__ = ["asking", "blueprint", "own", "replies", "similar", "voting"]
