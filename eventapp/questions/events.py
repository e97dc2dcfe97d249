"""Facts about questions. Texts are read from the row; votes travel with their revision."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event):
    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionChanged(Event):
    """Whoever asked it put it in other words; it may wait for a moderator again."""

    question_id: int
    webinar_id: int
    was_public: bool


@dataclass(frozen=True, kw_only=True)
class QuestionWithdrawn(Event):
    """Whoever asked it took it back."""

    question_id: int
    webinar_id: int
    was_public: bool


@dataclass(frozen=True, kw_only=True)
class QuestionApproved(Event):
    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionDismissed(Event):
    """`was_public` tells whether the audience had seen it."""

    question_id: int
    webinar_id: int
    was_public: bool


@dataclass(frozen=True, kw_only=True)
class QuestionPutOnAir(Event):
    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event):
    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionRestored(Event):
    """A question is back where it was: taken off air, published after all, or an act undone."""

    question_id: int
    webinar_id: int
    was_public: bool


@dataclass(frozen=True, kw_only=True)
class QuestionMarked(Event):
    """A moderator changed its words, its label, its pin, or whom and what it is for."""

    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class QuestionMerged(Event):
    """A question lives on in `into_id`, which has its votes too."""

    question_id: int
    into_id: int
    webinar_id: int
    was_public: bool


@dataclass(frozen=True, kw_only=True)
class AskerSilenced(Event):
    """Whoever asked this question may write nothing more in this webinar."""

    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class AskerHeard(Event):
    """Whoever asked this question may write again."""

    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class RoomChanged(Event):
    """The room takes questions in another way."""

    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class AskerErased(Event):
    """Who had asked a question is named no more; what wasn't published is gone with them."""

    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class VoteCounted(Event):
    """Someone voted or took a vote back; `votes` is the count as of `revision` of the question."""

    question_id: int
    webinar_id: int
    votes: int
    revision: int


@dataclass(frozen=True, kw_only=True)
class AnswerWritten(Event):
    """A moderator answered in writing; a question that isn't on air counts as answered by it."""

    reply_id: int
    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class AnswerChanged(Event):
    """The words of an answer were corrected."""

    reply_id: int
    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class FollowUpWritten(Event):
    """Who asked a question wrote under it; it may wait for a moderator."""

    reply_id: int
    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class ReplyPublished(Event):
    reply_id: int
    question_id: int
    webinar_id: int


@dataclass(frozen=True, kw_only=True)
class ReplyDismissed(Event):
    """`was_public` tells whether the audience had seen it."""

    reply_id: int
    question_id: int
    webinar_id: int
    was_public: bool
