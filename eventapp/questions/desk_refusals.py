"""Why an act on a question or on the room can't be done, in words for whoever moderates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class QuestionIsOnAir(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This question is on air. Merge others into it, or take it off first."))


class QuestionIsTheSame(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("These two are one question already."))


class QuestionTakesNoOthers(Refusal):
    """The question to merge into is set aside or withdrawn, and would take the others with it."""

    def __init__(self) -> None:
        super().__init__(
            _l("The other question is set aside or withdrawn. Put it back first, then merge.")
        )


class LabelIsTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Keep a label to 30 characters."))


class SpeakerIsNotHere(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This speaker isn't part of the webinar any more."))


class AskerIsErased(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Whoever asked this has had their data erased, and can't write here."))


class AlreadySilenced(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Whoever asked this is silenced already."))


class NotSilenced(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Whoever asked this may write already."))


class SlowModeIsOutOfRange(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Choose between 0 seconds (off) and 60 minutes for slow mode."))


class TooManyBlockedWords(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Keep the word filter to 200 words, one a line, each up to 50 characters.")
        )
