"""Acts at the desk: each does its work and writes the live log in one transaction.

Acts on one webinar happen one after another, under the webinar's lock, so two moderators always
see one truth: whoever is second is told where the question is.
"""

from __future__ import annotations

from eventapp.live.actions.answering import (
    change_answer,
    dismiss_reply,
    publish_reply,
    write_answer,
)
from eventapp.live.actions.audience import note_follow_up, note_question
from eventapp.live.actions.moderating import (
    answer_question,
    approve_question,
    assign_question,
    dismiss_question,
    edit_question,
    label_question,
    merge_question,
    pin_question,
    put_question_on_air,
    restore_question,
    unpin_question,
)
from eventapp.live.actions.polling import (
    close_poll,
    delete_poll,
    edit_poll,
    hide_word,
    move_poll,
    open_poll,
    reorder_polls,
    show_word,
    write_poll,
)
from eventapp.live.actions.rooms import change_room, hear_asker, note_moderation, silence_asker
from eventapp.live.actions.running import (
    finish_webinar,
    note_end,
    note_start,
    start_agenda_item,
    start_recording,
    start_webinar,
    stop_recording,
)
from eventapp.live.actions.staging import move_stage
from eventapp.live.actions.undoing import (
    undo_act,
)

__all__ = [
    "answer_question",
    "approve_question",
    "assign_question",
    "change_answer",
    "change_room",
    "close_poll",
    "delete_poll",
    "dismiss_question",
    "dismiss_reply",
    "edit_poll",
    "edit_question",
    "finish_webinar",
    "hear_asker",
    "hide_word",
    "label_question",
    "merge_question",
    "move_poll",
    "move_stage",
    "note_end",
    "note_follow_up",
    "note_moderation",
    "note_question",
    "note_start",
    "open_poll",
    "pin_question",
    "publish_reply",
    "put_question_on_air",
    "reorder_polls",
    "restore_question",
    "show_word",
    "silence_asker",
    "start_agenda_item",
    "start_recording",
    "start_webinar",
    "stop_recording",
    "undo_act",
    "unpin_question",
    "write_answer",
    "write_poll",
]
