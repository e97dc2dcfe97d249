"""The replay's agenda, whole and entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.replays.models import Chapter, ChapterKind
from eventapp.replays.queries import find_recording, get_chapter, list_chapters
from eventapp.replays.refusals import LogIsEmpty
from eventapp.replays.rules import Entry, check_agenda, from_chapters, timing_of
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
    for chapter in list_chapters(webinar.id):
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


@dataclass(frozen=True, kw_only=True)
class EntryWords:
    """What an organiser writes about one entry; `start` is its place in the recording, seconds."""

    start: float
    kind: ChapterKind
    title: str
    speakers: tuple[str, ...]
    section: str
    parent_id: int | None


def add_entry(webinar: Webinar, *, words: EntryWords) -> Chapter:
    """Add an entry at its time.

    Refuses: EntriesAreOutOfOrder (before its parent), AgendaIsTooLong, EntryIsPastTheEnd.
    """
    lock_webinar(webinar.id)
    chapter = Chapter(webinar_id=webinar.id)
    _write(webinar, chapter, words)
    return chapter


def edit_entry(webinar: Webinar, *, chapter_id: int, words: EntryWords) -> Chapter:
    """Write an entry anew; it moves to its time. Raises NotFound. Refuses as `add_entry` does."""
    lock_webinar(webinar.id)
    chapter = get_chapter(chapter_id, webinar_id=webinar.id)
    _write(webinar, chapter, words)
    return chapter


def delete_entry(webinar: Webinar, *, chapter_id: int) -> None:
    """Take an entry out; those under it stay, on their own. Raises NotFound."""
    lock_webinar(webinar.id)
    chapter = get_chapter(chapter_id, webinar_id=webinar.id)
    for child in list_chapters(webinar.id):
        if child.parent_id == chapter.id:
            child.parent_id = None
    db.session.flush()
    db.session.delete(chapter)
    db.session.flush()
    _number(list_chapters(webinar.id))


def _write(webinar: Webinar, chapter: Chapter, words: EntryWords) -> None:
    others = [other for other in list_chapters(webinar.id) if other is not chapter]
    if words.parent_id is not None and words.parent_id not in {other.id for other in others}:
        raise NotFound
    recording = find_recording(webinar.id)
    timing = timing_of(recording)
    chapter.start_seconds = timing.moment(words.start)
    chapter.kind, chapter.title, chapter.section = words.kind, words.title, words.section
    chapter.speakers = list(words.speakers)
    chapter.parent_id = words.parent_id
    db.session.add(chapter)
    db.session.flush()
    ordered = _in_order_of_time([*others, chapter])
    _number(ordered)
    duration = recording.duration_seconds if recording else None
    check_agenda(_with_parents(ordered), timing=timing, duration=duration)


def _with_parents(chapters: Sequence[Chapter]) -> list[Entry]:
    """Return the chapters as entries; a parent that stands later is kept, to be refused."""
    index = {chapter.id: number for number, chapter in enumerate(chapters)}
    entries = from_chapters(chapters)
    return [
        replace(entry, parent=index.get(chapter.parent_id or 0))
        for entry, chapter in zip(entries, chapters, strict=True)
    ]


def _in_order_of_time(chapters: Sequence[Chapter]) -> list[Chapter]:
    """Of those at the same time, one that stands under another comes after it."""
    return sorted(
        chapters, key=lambda c: (c.start_seconds, c.parent_id is not None, c.position or 0)
    )


def _number(chapters: Sequence[Chapter]) -> None:
    for position, chapter in enumerate(chapters):
        chapter.position = position
    db.session.flush()
