"""Preparing, running and answering polls: every write of this feature."""

from __future__ import annotations

from eventapp.polls.actions.editing import edit_poll, move_poll, reorder_polls, write_poll
from eventapp.polls.actions.running import (
    close_poll,
    delete_poll,
    hide_word,
    open_poll,
    show_word,
)
from eventapp.polls.actions.voting import Ballot, vote_in_poll

__all__ = [
    "Ballot",
    "close_poll",
    "delete_poll",
    "edit_poll",
    "hide_word",
    "move_poll",
    "open_poll",
    "reorder_polls",
    "show_word",
    "vote_in_poll",
    "write_poll",
]
