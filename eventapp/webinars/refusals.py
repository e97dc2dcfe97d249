"""Why something can't be done with a webinar, in words that say what to do instead."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal


class WebinarIsRefused(Refusal):
    """Each kind below has its own answer."""

    answer: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self.answer)


class CannotPublish(Refusal):
    """The draft lacks something; `missing` says what."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(_l("Something is still missing before it can be published."))
        self.missing = missing


class AlreadyPublished(WebinarIsRefused):
    answer = _l("This webinar has already been published.")


class CannotGoLive(WebinarIsRefused):
    answer = _l("Only a published webinar can go live.")


class CannotEnd(WebinarIsRefused):
    answer = _l("Only a webinar that is live can be ended, or one whose time has passed.")


class CannotPublishReplay(WebinarIsRefused):
    answer = _l("A replay can be published once the webinar has ended.")


class CannotWithdrawReplay(WebinarIsRefused):
    answer = _l("There is no published replay to withdraw.")


class CannotArchive(WebinarIsRefused):
    answer = _l("Only a webinar with a published replay can be archived.")


class CannotBringBack(WebinarIsRefused):
    answer = _l("Only an archived webinar can be brought back.")


class CannotCancel(WebinarIsRefused):
    answer = _l("This webinar can't be cancelled any more: its replay has been published.")


class AlreadyCancelled(WebinarIsRefused):
    answer = _l("This webinar has already been cancelled.")


class CannotDelete(WebinarIsRefused):
    answer = _l("Only a draft can be deleted. A published webinar can be cancelled.")


class CannotEdit(WebinarIsRefused):
    answer = _l("A cancelled webinar can't be changed any more. Create a new one instead.")


class EndsBeforeStart(WebinarIsRefused):
    answer = _l("The end must come after the start.")


class IsTooLong(WebinarIsRefused):
    answer = _l("A webinar can last 24 hours at most. Please check the dates.")


class CannotMoveIntoThePast(WebinarIsRefused):
    answer = _l("People are expecting this webinar: please choose a time in the future.")


class TimeDoesNotExist(WebinarIsRefused):
    """A local time in the hour that the clock leaves out."""

    answer = _l(
        "The clocks go forward there on that day, so this time doesn't exist. Please choose one "
        "an hour earlier or later."
    )


class ConflictingEdit(WebinarIsRefused):
    answer = _l(
        "Someone else saved changes to this webinar after you opened it. What you typed is still "
        "here. Save again to replace their version with yours."
    )


class AgendaHasChanged(WebinarIsRefused):
    answer = _l("The agenda has changed in the meantime. Reload the page and try again.")


class SpeakersHaveChanged(WebinarIsRefused):
    answer = _l("The list of speakers has changed in the meantime. Reload the page and try again.")


class SpeaksAlready(WebinarIsRefused):
    answer = _l("This person is already one of the speakers.")
