"""Where one process keeps what it has counted for its rate limits.

The storage that comes with the library starts a thread for every hit, which looks through all that
was ever counted. With some thousand voters in a room that took longer than their votes.
"""

from __future__ import annotations

import threading
from typing import Any

from limits.storage import MemoryStorage
from limits.storage.memory import Entry

SECONDS_BETWEEN_SWEEPS = 10.0


class ProcessStorage(MemoryStorage):
    """Moving windows: of each key the hits that still count, newest first."""

    STORAGE_SCHEME = ["process"]  # noqa: RUF012 - as the library reads it

    def __init__(self, uri: str | None = None, **options: Any) -> None:
        super().__init__(uri, **options)
        self._guard = threading.Lock()
        self._swept_at = 0.0

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more hits within `expiry` seconds, unless that makes more than `limit`."""
        hit = Entry(expiry)
        with self._guard:
            self._sweep(hit.atime)
            hits = self.events.get(key, [])
            if amount > limit or _has_since(hits, limit - amount, since=hit.atime - expiry):
                return False
            self.events[key] = [hit] * amount + hits[: limit - amount]
            return True

    def _sweep(self, now: float) -> None:
        """Forget now and then whoever has been quiet for as long as they are counted."""
        if now - self._swept_at < SECONDS_BETWEEN_SWEEPS:
            return
        self._swept_at = now
        for key in [key for key, hits in self.events.items() if not hits or hits[0].expiry < now]:
            del self.events[key]


def _has_since(hits: list[Entry], index: int, *, since: float) -> bool:
    return index < len(hits) and hits[index].atime >= since
