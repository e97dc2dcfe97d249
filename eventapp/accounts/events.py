"""What happens to accounts."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class PasswordForgotten(Event):
    """Somebody typed an address to get a new password for it; it needn't be an account's."""

    address: str
    language: str
