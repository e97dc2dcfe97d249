"""Which time zones there are."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones


@lru_cache
def known_zones() -> frozenset[str]:
    """Return every IANA zone; looked up once, since that walks through the file system."""
    return frozenset(available_timezones())
