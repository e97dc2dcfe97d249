"""Every write of webinars; each action flushes and never commits."""

from __future__ import annotations

from eventapp.webinars.actions.agenda import (
    add_agenda_item,
    delete_agenda_item,
    edit_agenda_item,
    move_agenda_item,
    reorder_agenda,
)
from eventapp.webinars.actions.details import (
    WebinarDetails,
    create_webinar,
    delete_draft,
    edit_webinar,
    switch_moderation,
)
from eventapp.webinars.actions.life_cycle import (
    archive_webinar,
    bring_back_webinar,
    cancel_webinar,
    end_webinar,
    go_live,
    mark_replay_published,
    publish_webinar,
    withdraw_replay,
)
from eventapp.webinars.actions.speakers import (
    add_webinar_speaker,
    move_webinar_speaker,
    remove_webinar_speaker,
    reorder_webinar_speakers,
)

__all__ = [
    "WebinarDetails",
    "add_agenda_item",
    "add_webinar_speaker",
    "archive_webinar",
    "bring_back_webinar",
    "cancel_webinar",
    "create_webinar",
    "delete_agenda_item",
    "delete_draft",
    "edit_agenda_item",
    "edit_webinar",
    "end_webinar",
    "go_live",
    "mark_replay_published",
    "move_agenda_item",
    "move_webinar_speaker",
    "publish_webinar",
    "remove_webinar_speaker",
    "reorder_agenda",
    "reorder_webinar_speakers",
    "switch_moderation",
    "withdraw_replay",
]
