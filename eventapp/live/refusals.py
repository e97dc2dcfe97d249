"""Why an act at the desk can't be done now."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal
from eventapp.live.models import LogEntryKind

WHAT_THEY_DID = {
    LogEntryKind.QUESTION_APPROVED: _l("%(name)s published this question a moment ago."),
    LogEntryKind.QUESTION_DISMISSED: _l("%(name)s set this question aside a moment ago."),
    LogEntryKind.QUESTION_ON_AIR: _l("%(name)s put this question on air a moment ago."),
    LogEntryKind.QUESTION_ANSWERED: _l("%(name)s marked this question as answered a moment ago."),
    LogEntryKind.QUESTION_MERGED: _l("%(name)s merged this question with another a moment ago."),
    LogEntryKind.ANSWER_WRITTEN: _l("%(name)s answered this question in writing a moment ago."),
}
OTHERWISE = _l("%(name)s changed this question a moment ago.")


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


class AnotherWasFaster(Refusal):
    """Two moderators acted on one question; the second is told what the first did."""

    def __init__(self, kind: LogEntryKind, name: str) -> None:
        super().__init__(str(WHAT_THEY_DID.get(kind, OTHERWISE)) % {"name": name})


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


class StageHasMoved(Refusal):
    """The address was given up for another."""

    def __init__(self) -> None:
        super().__init__(_l("This stage has a new address: take it from the live desk."))
