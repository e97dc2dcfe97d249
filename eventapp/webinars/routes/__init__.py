"""URLs of webinars: the organisers' desk, and the public cover and calendar file."""

from __future__ import annotations

import eventapp.webinars.routes.agenda
import eventapp.webinars.routes.details
import eventapp.webinars.routes.life_cycle
import eventapp.webinars.routes.public
import eventapp.webinars.routes.speakers  # noqa: F401 - each of these adds its views
from eventapp.webinars.routes.blueprint import blueprint

__all__ = ["blueprint"]
