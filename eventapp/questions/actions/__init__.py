"""Asking, voting and moderating: every write of this feature."""

from __future__ import annotations

from eventapp.questions.actions.asking import ask_question
from eventapp.questions.actions.moderating import (
    approve_question,
    dismiss_question,
    mark_answered,
    put_back,
    put_on_air,
    restore_question,
)
from eventapp.questions.actions.voting import take_back_vote, vote_for_question
from eventapp.questions.asker import Asker

__all__ = [
    "Asker",
    "approve_question",
    "ask_question",
    "dismiss_question",
    "mark_answered",
    "put_back",
    "put_on_air",
    "restore_question",
    "take_back_vote",
    "vote_for_question",
]
