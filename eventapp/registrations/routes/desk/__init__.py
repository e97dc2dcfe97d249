"""The organisers' pages about registrations."""

from __future__ import annotations

from eventapp.registrations.routes.desk import (
    batches,
    codes,
    exporting,
    importing,
    listing,
    people,
    terms,
)

__all__ = ["batches", "codes", "exporting", "importing", "listing", "people", "terms"]
