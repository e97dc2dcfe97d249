"""Every write of replays; each action flushes and never commits."""

from __future__ import annotations

from eventapp.replays.actions.agenda import (
    EntryWords,
    add_entry,
    delete_entry,
    edit_entry,
    replace_agenda,
)
from eventapp.replays.actions.captions import delete_captions, save_captions
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
    "delete_entry",
    "edit_entry",
    "publish_replay",
    "put_recording",
    "remove_recording",
    "replace_agenda",
    "restore_agenda",
    "save_captions",
    "save_recording_address",
    "save_recording_file",
    "withdraw_replay",
    "write_edition",
]
