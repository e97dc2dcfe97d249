"""Why something can't be done with a speaker."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class SpeakerIsNeeded(Refusal):
    """A webinar names the speaker."""

    def __init__(self) -> None:
        super().__init__(
            _l("This person speaks in a webinar. Take them out of it first, then delete them here.")
        )


class SpeakerHasChanged(Refusal):
    """Somebody saved the profile after it was opened."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "Someone else saved changes to this profile after you opened it. What you typed "
                "is still here. Save again to put it in place of theirs."
            )
        )
