"""Why an act at the desk can't be done now."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class WebinarIsNotLive(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("The webinar isn't live. Go live first."))


class NothingToRecord(Refusal):
    """Before the webinar is published, or once it has ended or was called off."""

    def __init__(self) -> None:
        super().__init__(
            _l("A recording can start once the webinar is published, and until it ends.")
        )


class AlreadyRecording(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("The recording is already marked as started."))


class NotRecording(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("The recording isn't marked as started."))


class AlreadyRunning(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This part of the agenda is already running."))


class NothingToUndo(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("There is nothing to undo."))


class SomethingNewerHappened(Refusal):
    """The act shown on the undo button is no longer the last."""

    def __init__(self) -> None:
        super().__init__(
            _l("Something else has happened since. Look at it, then undo again if needed.")
        )


class StageNeedsItsKey(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("To open this stage, use the address shown on the live desk."))
