"""Why something isn't written under a question, in words for who writes or moderates."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from eventapp.core.errors import Refusal
from eventapp.questions.models import ReplyStatus

WHERE_IT_IS = {
    ReplyStatus.PENDING: _l("This is waiting again: someone undid that."),
    ReplyStatus.PUBLISHED: _l("This is already published."),
    ReplyStatus.DISMISSED: _l("This is already set aside."),
}


class AnswerIsEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Write the answer first."))


class AnswerIsTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Keep the answer to 2,000 characters."))


class FollowUpIsEmpty(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Write your follow-up first."))


class FollowUpIsTooLong(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("Keep your follow-up to 500 characters."))


class FollowUpIsForAskers(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Only who asked this question can follow it up. Please ask a question of your own.")
        )


class QuestionTakesNoFollowUps(Refusal):
    def __init__(self) -> None:
        super().__init__(_l("You can follow your question up once it is published."))


class TooManyFollowUpsWait(Refusal):
    def __init__(self) -> None:
        super().__init__(
            _l("Your earlier follow-ups are still waiting for a moderator. Please try again later.")
        )


class ReplyIsElsewhere(Refusal):
    """Another moderator was faster; the message says what became of the reply."""

    def __init__(self, status: ReplyStatus) -> None:
        super().__init__(WHERE_IT_IS[status])
        self.status = status
