"""The addresses of the pages; each file holds one kind of page."""

from __future__ import annotations

from eventapp.pages import embed, feeds, lists, oembed, replay, share_card, webinar
from eventapp.pages.blueprint import blueprint

__all__ = ["blueprint", "embed", "feeds", "lists", "oembed", "replay", "share_card", "webinar"]
