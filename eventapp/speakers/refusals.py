"""Why something can't be done with a speaker."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class SpeakerIsNeeded(Refusal):
    """A webinar names the speaker."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "This person speaks at a webinar. Remove them from it first, then delete their "
                "profile here."
            )
        )


class SpeakerHasChanged(Refusal):
    """Somebody saved the profile after it was opened."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "Someone else saved changes to this profile after you opened it. What you typed "
                "is still here. Save again to replace their version with yours."
            )
        )
