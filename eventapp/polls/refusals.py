"""Why a vote isn't counted or a poll can't be changed, in words for who votes or moderates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal
from eventapp.polls.models import PollStatus

WHERE_IT_IS = {
    PollStatus.DRAFT: _l("This poll isn't open."),
    PollStatus.OPEN: _l("This poll is already open."),
    PollStatus.CLOSED: _l("This poll is already closed."),
}


class PollIsNotOpen(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This poll is closed, so your answer wasn't counted."))


class NothingChosen(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Choose an answer first."))


class TooManyChosen(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Choose one answer only."))


class NoWords(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Write at least one word first."))


class TooManyWords(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Send three words at most."))


class WordIsTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Keep each word to 30 characters."))


class WordsAreBlocked(Refusal):
    """Every word was one of those that this room doesn't show; which, isn't said."""

    def __init__(self) -> None:
        super().__init__(_l("This can't be shown here. Please try other words."))


class VoterIsSilenced(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("A moderator has stopped you from writing in this room. You can still vote.")
        )


class ResultsAreHidden(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("The results of this poll aren't shown yet."))


class PollIsElsewhere(Refusal):
    """Another moderator was faster; the message says how the poll stands."""

    def __init__(self, status: PollStatus) -> None:
        super().__init__(WHERE_IT_IS[status])
        self.status = status


class PollIsRunning(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("This poll is open. Close it first."))


class PollHasVotes(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("People have voted in this poll, so it stays with the webinar."))


class PollWasOpened(Refusal):
    """People may have answered what it asked, so it stays as they read it."""

    def __init__(self) -> None:
        super().__init__(
            _l("This poll has been opened, so it can't be changed any more. Write a new one.")
        )


class WordIsElsewhere(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Someone else has just done this."))


class PollsHaveChanged(Refusal):
    """An order was sent that doesn't name each poll once."""

    def __init__(self) -> None:
        super().__init__(
            _l("The list of polls has changed in the meantime. Reload the page and try again.")
        )


class TooFewOptions(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Write at least two answers, each in a line of its own."))


class TooManyOptions(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Write ten answers at most."))


class OptionIsTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Keep each answer to 120 characters."))


class OptionIsThereTwice(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Two of these answers are the same."))
