"""Why a reaction isn't counted."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class ReactionsAreClosed(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Reactions are open while the webinar is live."))
