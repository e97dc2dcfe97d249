"""Under which identity someone in the audience asks and votes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Asker:
    """The identity of one person in one room; `registration_id` is None for a guest."""

    key: str
    registration_id: int | None = None
