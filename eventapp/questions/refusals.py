"""Why a question isn't taken or can't be moved, in words for the person who asked or moderates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from eventapp.core.errors import Refusal
from eventapp.questions.models import QuestionStatus

WHERE_IT_IS = {
    QuestionStatus.PENDING: _l("This question is waiting again: someone undid that."),
    QuestionStatus.APPROVED: _l("This question is already published."),
    QuestionStatus.ON_AIR: _l("This question is already on air."),
    QuestionStatus.ANSWERED: _l("This question is already marked as answered."),
    QuestionStatus.DISMISSED: _l("This question is already set aside."),
    QuestionStatus.MERGED: _l("This question has been merged with another one."),
    QuestionStatus.WITHDRAWN: _l("Whoever asked this question has withdrawn it."),
}


class AskingIsNotOpen(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Questions open 15 minutes before the webinar starts. Please come back then.")
        )


class AskingIsOver(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("The webinar is over, so questions are closed. Thank you for coming."))


class AskingIsClosed(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("The moderators take no new questions just now. You can vote for others.")
        )


class AskedTooSoon(Refusal):
    """Slow mode; `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            ngettext(
                "Everyone waits a little between two questions here. Ask again in %(num)d second.",
                "Everyone waits a little between two questions here. Ask again in %(num)d seconds.",
                seconds,
            )
        )
        self.seconds = seconds


class AskerIsSilenced(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("The moderators take no more questions from you here. You can still vote.")
        )


class RoomIsForRegistered(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("This room is for registered attendees. Open it with the link in your e-mail.")
        )


class QuestionIsEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Write your question first."))


class QuestionIsTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Keep it to 500 characters, so that it can be read out."))


class TooManyWait(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Your earlier questions are still waiting for a moderator. Please ask again later.")
        )


class QuestionTakesNoVotes(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Votes for this question are closed."))


class QuestionIsTaken(Refusal):
    """It is too late for whoever asked it to change or withdraw it."""

    def __init__(self) -> None:
        super().__init__(
            _l("This question has been taken up, so it stays as it is. Nothing has changed.")
        )


class QuestionHasVotes(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Others have voted for these words, so they stay. You can withdraw the question.")
        )


class QuestionSpeaksForOthers(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Others asked the same and share this question with you, so it stays as it is.")
        )


class QuestionIsElsewhere(Refusal):
    """Another moderator was faster; the message says where the question is now."""

    def __init__(self, status: QuestionStatus) -> None:
        super().__init__(WHERE_IT_IS[status])
        self.status = status
