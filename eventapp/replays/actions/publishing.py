"""Editions: what everyone sees, until the next one."""

from __future__ import annotations

from datetime import datetime

from eventapp.core.db import db, record
from eventapp.replays.actions.agenda import replace_agenda
from eventapp.replays.editions import list_file_ids, read_entries, write_content
from eventapp.replays.events import EditionPublished
from eventapp.replays.models import Chapter, ReplayEdition, ReplayEditionFile
from eventapp.replays.queries import (
    drop_lost_links,
    find_latest_edition,
    find_recording,
    get_edition,
    get_replay,
    list_recordings,
)
from eventapp.replays.rules import check_can_show, is_replay_public
from eventapp.webinars.actions import mark_replay_published
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def publish_replay(
    webinar: Webinar, *, now: datetime, published_by_id: int | None = None
) -> ReplayEdition:
    """Show the replay to everyone as it stands; what is changed afterwards waits for the next time.

    Records ReplayPublished the first time, and EditionPublished each time. Refuses:
    RecordingIsNeeded, CannotPublishReplay, and an agenda that can't be true of the recording.
    """
    lock_webinar(webinar.id)
    replay = get_replay(webinar.id)
    check_can_show(replay.recording, replay.entries)
    if is_replay_public(webinar):
        webinar.updated_at = now
    else:
        mark_replay_published(webinar, now=now)
    edition = write_edition(webinar, now=now, published_by_id=published_by_id)
    record(EditionPublished(webinar_id=webinar.id, number=edition.number))
    return edition


def write_edition(webinar: Webinar, *, now: datetime, published_by_id: int | None) -> ReplayEdition:
    """Add an edition, or return the latest one where that shows the same."""
    content = write_content(get_replay(webinar.id))
    latest = find_latest_edition(webinar.id)
    if latest is not None:
        if latest.content == content:
            return latest
        latest.files.clear()
    edition = ReplayEdition(
        webinar_id=webinar.id,
        number=latest.number + 1 if latest else 1,
        content=content,
        published_at=now,
        published_by_id=published_by_id,
        files=[ReplayEditionFile(file_id=file_id) for file_id in list_file_ids(content)],
    )
    db.session.add(edition)
    for recording in list_recordings(webinar.id):
        if recording.replaced_by is not None:
            recording.file = None
    db.session.flush()
    return edition


def restore_agenda(webinar: Webinar, *, number: int) -> list[Chapter]:
    """Put the agenda of an earlier edition on the desk again. Raises NotFound.

    Refuses what `replace_agenda` does: the recording may be another by now.
    """
    lock_webinar(webinar.id)
    entries = read_entries(get_edition(webinar.id, number).content)
    recording = find_recording(webinar.id)
    offset = recording.offset_seconds if recording else 0.0
    return replace_agenda(
        webinar, entries=drop_lost_links(entries, webinar_id=webinar.id), offset=offset
    )
