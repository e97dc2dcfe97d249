"""What happens to a registration form."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class FormChanged(Event):
    """A webinar's form got, lost or changed a field, or has another order."""

    webinar_id: int
