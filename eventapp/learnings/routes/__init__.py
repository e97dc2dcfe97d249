"""URLs of learnings: the editor with its preview, and earlier editions."""

from __future__ import annotations

from eventapp.learnings.routes import editions, editor
from eventapp.learnings.routes.blueprint import blueprint

__all__ = ["blueprint", "editions", "editor"]
