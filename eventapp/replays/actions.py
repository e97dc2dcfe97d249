"""Every write of replays; each action flushes and never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import IO

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.core.files import StoredFile, put_file, store_file
from eventapp.core.uploads import UploadKind
from eventapp.replays.addresses import VideoAddress
from eventapp.replays.models import CaptionTrack, Chapter, ChapterKind, Recording, RecordingKind
from eventapp.replays.queries import (
    find_captions,
    find_recording,
    get_chapter,
    get_replay,
    list_chapters,
)
from eventapp.replays.refusals import LogIsEmpty, RecordingIsNeeded, RecordingIsPublic
from eventapp.replays.rules import (
    Entry,
    check_agenda,
    check_can_show,
    from_chapters,
    is_replay_public,
    offset_of,
)
from eventapp.webinars.actions import mark_replay_published, withdraw_replay
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar

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
    "save_captions",
    "save_recording_address",
    "save_recording_file",
    "withdraw_replay",
]


# -- the recording -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class VideoUpload:
    """A checked recording as it was handed in; `duration` in seconds, None where not known."""

    content: IO[bytes]
    name: str
    kind: UploadKind
    duration: float | None


def put_recording(upload: VideoUpload) -> StoredFile:
    """Put a recording's content in the store; before the transaction, since it may take long."""
    return put_file(
        upload.content,
        name=upload.name,
        media_type=upload.kind.media_type,
        extension=upload.kind.extension,
    )


def save_recording_file(
    webinar: Webinar, *, stored: StoredFile, duration: float | None, now: datetime
) -> Recording:
    """Take a stored file as the recording, in place of what was there; the shift stays."""
    lock_webinar(webinar.id)
    recording = _recording_for_change(webinar, now=now)
    recording.kind = RecordingKind.FILE
    recording.address = ""
    recording.file = stored
    recording.duration_seconds = duration
    db.session.add(recording)
    db.session.flush()
    return recording


def save_recording_address(
    webinar: Webinar, *, address: VideoAddress, duration: float | None, now: datetime
) -> Recording:
    """Take a video elsewhere as the recording, in place of what was there; the shift stays."""
    lock_webinar(webinar.id)
    recording = _recording_for_change(webinar, now=now)
    recording.kind = address.kind
    recording.address = address.url
    recording.file = None
    recording.duration_seconds = duration
    db.session.add(recording)
    db.session.flush()
    return recording


def _recording_for_change(webinar: Webinar, *, now: datetime) -> Recording:
    found = find_recording(webinar.id)
    return found or Recording(webinar_id=webinar.id, offset_seconds=0.0, created_at=now)


def adjust_recording(webinar: Webinar, *, offset: float, duration: float | None) -> None:
    """Shift the whole agenda by `offset` seconds, and correct the recording's length.

    Refuses: RecordingIsNeeded, EntriesAreBeforeTheStart, EntryIsPastTheEnd.
    """
    lock_webinar(webinar.id)
    recording = find_recording(webinar.id)
    if recording is None:
        raise RecordingIsNeeded
    check_agenda(from_chapters(list_chapters(webinar.id)), offset=offset, duration=duration)
    recording.offset_seconds = offset
    recording.duration_seconds = duration
    db.session.flush()


def remove_recording(webinar: Webinar) -> None:
    """Take the recording away; the agenda stays. Refuses: RecordingIsPublic."""
    lock_webinar(webinar.id)
    if is_replay_public(webinar):
        raise RecordingIsPublic
    recording = find_recording(webinar.id)
    if recording is not None:
        db.session.delete(recording)
        db.session.flush()


# -- the agenda --------------------------------------------------------------------------------


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
    check_agenda(entries, offset=offset, duration=duration)
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
    offset = offset_of(recording)
    chapter.start_seconds = round(words.start - offset, 3)
    chapter.kind, chapter.title, chapter.section = words.kind, words.title, words.section
    chapter.speakers = list(words.speakers)
    chapter.parent_id = words.parent_id
    db.session.add(chapter)
    db.session.flush()
    ordered = _in_order_of_time([*others, chapter])
    _number(ordered)
    duration = recording.duration_seconds if recording else None
    check_agenda(_with_parents(ordered), offset=offset, duration=duration)


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


# -- captions ----------------------------------------------------------------------------------


def save_captions(webinar: Webinar, *, language: str, text: str) -> CaptionTrack:
    """Keep checked WebVTT as the captions in `language`, in place of those that were there."""
    lock_webinar(webinar.id)
    track = find_captions(webinar.id, language=language)
    if track is None:
        track = CaptionTrack(webinar_id=webinar.id, language=language)
    track.file = store_file(
        BytesIO(text.encode()),
        name=f"{webinar.slug}.{language}.vtt",
        media_type="text/vtt",
        extension="vtt",
    )
    db.session.add(track)
    db.session.flush()
    return track


def delete_captions(webinar: Webinar, *, language: str) -> None:
    """Take the captions in `language` away. Raises NotFound."""
    lock_webinar(webinar.id)
    track = find_captions(webinar.id, language=language)
    if track is None:
        raise NotFound
    db.session.delete(track)
    db.session.flush()


# -- publishing --------------------------------------------------------------------------------


def publish_replay(webinar: Webinar, *, now: datetime) -> None:
    """Show the replay to everyone; what is changed afterwards shows at once.

    Records ReplayPublished. Refuses: RecordingIsNeeded, CannotPublishReplay, and an agenda that
    can't be true of the recording.
    """
    lock_webinar(webinar.id)
    replay = get_replay(webinar.id)
    check_can_show(replay.recording, replay.entries)
    mark_replay_published(webinar, now=now)
