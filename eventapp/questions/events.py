"""Facts about questions. Texts are read from the row; votes travel with their revision."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.events import Event


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event):
    question_id: int
    webinar_id: int


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
