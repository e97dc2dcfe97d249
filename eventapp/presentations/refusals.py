"""Why something can't be done with presentations."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class PresentationsHaveChanged(Refusal):
    """An order was sent that doesn't name each presentation once."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "The list of presentations has changed in the meantime. Reload the page and try "
                "again."
            )
        )
