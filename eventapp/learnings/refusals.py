"""Why learnings can't be saved."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class LearningsHaveChanged(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l(
                "Someone else saved these learnings after you opened them. What you typed is "
                "still here. Save again to replace their version with yours."
            )
        )
