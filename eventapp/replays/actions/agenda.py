"""The replay's agenda as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eventapp.core.db import db
from eventapp.replays.models import Chapter
from eventapp.replays.queries import (
    derive_entries,
    find_recording,
    list_chapters,
    list_dropped,
)
from eventapp.replays.refusals import LogIsEmpty
from eventapp.replays.rules import MOST_ENTRIES, Entry, check_agenda, timing_of
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def replace_agenda(webinar: Webinar, *, entries: Sequence[Entry], offset: float) -> list[Chapter]:
    """Put `entries` in place of every chapter, shifted by `offset` seconds.

    Without a recording there is nothing to keep the shift, so it goes into the times. Refuses:
    LogIsEmpty for no entries, AgendaIsTooLong, EntriesAreOutOfOrder, EntriesAreBeforeTheStart,
    EntryIsPastTheEnd.
    """
    if not entries:
        raise LogIsEmpty
    lock_webinar(webinar.id)
    recording = find_recording(webinar.id)
    duration = recording.duration_seconds if recording else None
    timing = replace(timing_of(recording), offset=offset)
    check_agenda(entries, timing=timing, duration=duration)
    if recording is not None:
        recording.offset_seconds = offset
    else:
        entries = [replace(e, start_seconds=e.start_seconds + offset) for e in entries]
    for chapter in [*list_chapters(webinar.id), *list_dropped(webinar.id)]:
        db.session.delete(chapter)
    db.session.flush()
    return _add_chapters(webinar, entries)


def _add_chapters(webinar: Webinar, entries: Sequence[Entry]) -> list[Chapter]:
    """Add them in two steps, since a chapter can name its parent only once that has an id."""
    chapters = [
        Chapter(
            webinar_id=webinar.id,
            position=position,
            start_seconds=entry.start_seconds,
            kind=entry.kind,
            title=entry.title,
            speakers=list(entry.speakers),
            section=entry.section,
            agenda_item_id=entry.agenda_item_id,
            question_id=entry.question_id,
        )
        for position, entry in enumerate(entries)
    ]
    db.session.add_all(chapters)
    db.session.flush()
    for chapter, entry in zip(chapters, entries, strict=True):
        if entry.parent is not None:
            chapter.parent_id = chapters[entry.parent].id
    db.session.flush()
    return chapters


def take_agenda_from_log(webinar: Webinar) -> None:
    """Start the agenda with what the live log tells, unless there is one already."""
    lock_webinar(webinar.id)
    entries = derive_entries(webinar.id)
    if entries and not list_chapters(webinar.id):
        _add_chapters(webinar, entries[:MOST_ENTRIES])
