"""Every write of replays; each action flushes and never commits."""

from __future__ import annotations

from eventapp.replays.actions.agenda import replace_agenda, take_agenda_from_log
from eventapp.replays.actions.captions import delete_captions, save_captions
from eventapp.replays.actions.entries import (
    EntryWords,
    add_entry,
    drop_entry,
    edit_entry,
    merge_entry,
    nest_entry,
    nudge_entry,
    rename_entry,
    restore_entry,
    retype_entry,
    unnest_entry,
)
from eventapp.replays.actions.publishing import publish_replay, restore_agenda, write_edition
from eventapp.replays.actions.recordings import (
    VideoUpload,
    adjust_recording,
    put_recording,
    remove_recording,
    save_recording_address,
    save_recording_file,
)
from eventapp.webinars.actions import withdraw_replay

__all__ = [
    "EntryWords",
    "VideoUpload",
    "add_entry",
    "adjust_recording",
    "delete_captions",
    "drop_entry",
    "edit_entry",
    "merge_entry",
    "nest_entry",
    "nudge_entry",
    "publish_replay",
    "put_recording",
    "remove_recording",
    "rename_entry",
    "replace_agenda",
    "restore_agenda",
    "restore_entry",
    "retype_entry",
    "save_captions",
    "save_recording_address",
    "save_recording_file",
    "take_agenda_from_log",
    "unnest_entry",
    "withdraw_replay",
    "write_edition",
]
