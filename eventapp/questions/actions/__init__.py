"""Asking, voting and moderating: every write of this feature."""

from __future__ import annotations

from eventapp.questions.actions.asking import (
    ask_question,
    change_own_question,
    withdraw_question,
)
from eventapp.questions.actions.marking import (
    assign_question,
    edit_question,
    label_question,
    pin_question,
    unpin_question,
)
from eventapp.questions.actions.merging import (
    list_touched_by_merge,
    merge_question,
    part_votes,
)
from eventapp.questions.actions.moderating import (
    approve_question,
    dismiss_question,
    mark_answered,
    put_back,
    put_on_air,
    restore_question,
)
from eventapp.questions.actions.replying import (
    change_answer,
    dismiss_reply,
    publish_reply,
    write_answer,
    write_follow_up,
)
from eventapp.questions.actions.rooms import (
    RoomChanges,
    change_room,
    settle_room,
    touch_room,
)
from eventapp.questions.actions.silencing import hear_asker, silence_asker, touch_questions_of
from eventapp.questions.actions.voting import VoteCount, take_back_vote, vote_for_question
from eventapp.questions.asker import Asker

__all__ = [
    "Asker",
    "RoomChanges",
    "VoteCount",
    "approve_question",
    "ask_question",
    "assign_question",
    "change_answer",
    "change_own_question",
    "change_room",
    "dismiss_question",
    "dismiss_reply",
    "edit_question",
    "hear_asker",
    "label_question",
    "list_touched_by_merge",
    "mark_answered",
    "merge_question",
    "part_votes",
    "pin_question",
    "publish_reply",
    "put_back",
    "put_on_air",
    "restore_question",
    "settle_room",
    "silence_asker",
    "take_back_vote",
    "touch_questions_of",
    "touch_room",
    "unpin_question",
    "vote_for_question",
    "withdraw_question",
    "write_answer",
    "write_follow_up",
]
