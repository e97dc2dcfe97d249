"""One entry of the agenda at a time, as it is reviewed: moved, renamed, nested, dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.replays.models import Chapter, ChapterKind
from eventapp.replays.queries import find_recording, get_chapter, list_chapters
from eventapp.replays.refusals import NothingAbove
from eventapp.replays.rules import Entry, check_agenda, find_parent, from_chapters, timing_of
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


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
    chapter = Chapter(webinar_id=webinar.id, is_dropped=False)
    _write(webinar, chapter, words)
    return chapter


def edit_entry(webinar: Webinar, *, chapter_id: int, words: EntryWords) -> Chapter:
    """Write an entry anew; it moves to its time. Raises NotFound. Refuses as `add_entry` does."""
    chapter = _lock(webinar, chapter_id)
    _write(webinar, chapter, words)
    return chapter


def nudge_entry(webinar: Webinar, *, chapter_id: int, by: float) -> Chapter:
    """Move an entry by so many seconds of the recording, at most to its beginning.

    Raises NotFound. Refuses as `add_entry` does.
    """
    chapter = _lock(webinar, chapter_id)
    timing = timing_of(find_recording(webinar.id))
    place = max(0.0, timing.place(chapter.start_seconds))
    chapter.start_seconds = timing.moment(max(0.0, place + by))
    _put_in_order(webinar, chapter)
    return chapter


def rename_entry(webinar: Webinar, *, chapter_id: int, title: str) -> Chapter:
    """Give an entry another title. Raises NotFound."""
    chapter = _lock(webinar, chapter_id)
    chapter.title = title
    db.session.flush()
    return chapter


def retype_entry(webinar: Webinar, *, chapter_id: int, kind: ChapterKind) -> Chapter:
    """Make an entry one of another kind. Raises NotFound."""
    chapter = _lock(webinar, chapter_id)
    chapter.kind = kind
    db.session.flush()
    return chapter


def nest_entry(webinar: Webinar, *, chapter_id: int) -> Chapter:
    """Put an entry under the part before it, with those that stand under it.

    Raises NotFound. Refuses: NothingAbove.
    """
    chapter = _lock(webinar, chapter_id)
    chapters = list_chapters(webinar.id)
    number = chapters.index(chapter)
    above = find_parent(from_chapters(chapters), number)
    if above is None:
        raise NothingAbove
    chapter.parent_id = chapters[above].id
    for other in chapters:
        if other.parent_id == chapter.id:
            other.parent_id = chapter.parent_id
    db.session.flush()
    return chapter


def unnest_entry(webinar: Webinar, *, chapter_id: int) -> Chapter:
    """Let an entry stand by itself. Raises NotFound."""
    chapter = _lock(webinar, chapter_id)
    chapter.parent_id = None
    db.session.flush()
    return chapter


def merge_entry(webinar: Webinar, *, chapter_id: int) -> Chapter:
    """Make an entry part of the one above, which keeps its time and title.

    It takes over the speakers, what stands below, and the question or agenda item where it has
    none. Raises NotFound. Refuses: NothingAbove.
    """
    chapter = _lock(webinar, chapter_id)
    chapters = list_chapters(webinar.id)
    number = chapters.index(chapter)
    if number == 0:
        raise NothingAbove
    above = chapters[number - 1]
    names = [name for name in chapter.speakers if name not in above.speakers]
    above.speakers = [*above.speakers, *names]
    above.question_id = above.question_id or chapter.question_id
    above.agenda_item_id = above.agenda_item_id or chapter.agenda_item_id
    _drop(chapter, chapters, heir_id=above.parent_id or above.id)
    return above


def drop_entry(webinar: Webinar, *, chapter_id: int) -> Chapter:
    """Take an entry out; those under it stay, on their own. Raises NotFound."""
    chapter = _lock(webinar, chapter_id)
    _drop(chapter, list_chapters(webinar.id), heir_id=None)
    return chapter


def restore_entry(webinar: Webinar, *, chapter_id: int) -> Chapter:
    """Bring an entry back that was dropped, at its time. Raises NotFound. Refuses as `add_entry`.

    What it stood under may be gone, or may stand after it by now; then it stands by itself.
    """
    lock_webinar(webinar.id)
    chapter = get_chapter(chapter_id, webinar_id=webinar.id, is_dropped=True)
    chapter.is_dropped = False
    present = {other.id: other for other in list_chapters(webinar.id)}
    parent = present.get(chapter.parent_id or 0)
    if parent is None or parent.start_seconds > chapter.start_seconds:
        chapter.parent_id = None
    _put_in_order(webinar, chapter)
    return chapter


def _lock(webinar: Webinar, chapter_id: int) -> Chapter:
    lock_webinar(webinar.id)
    return get_chapter(chapter_id, webinar_id=webinar.id)


def _drop(chapter: Chapter, chapters: Sequence[Chapter], *, heir_id: int | None) -> None:
    for other in chapters:
        if other.parent_id == chapter.id:
            other.parent_id = heir_id
    chapter.is_dropped = True
    db.session.flush()
    _number([other for other in chapters if other is not chapter])


def _write(webinar: Webinar, chapter: Chapter, words: EntryWords) -> None:
    others = {other.id for other in list_chapters(webinar.id) if other is not chapter}
    if words.parent_id is not None and words.parent_id not in others:
        raise NotFound
    timing = timing_of(find_recording(webinar.id))
    chapter.start_seconds = timing.moment(words.start)
    chapter.kind, chapter.title, chapter.section = words.kind, words.title, words.section
    chapter.speakers = list(words.speakers)
    chapter.parent_id = words.parent_id
    _put_in_order(webinar, chapter)


def _put_in_order(webinar: Webinar, chapter: Chapter) -> None:
    """Store an entry at its time among the others, if the agenda can be true with it."""
    others = [other for other in list_chapters(webinar.id) if other is not chapter]
    db.session.add(chapter)
    db.session.flush()
    ordered = _in_order_of_time([*others, chapter])
    _number(ordered)
    recording = find_recording(webinar.id)
    duration = recording.duration_seconds if recording else None
    check_agenda(_with_parents(ordered), timing=timing_of(recording), duration=duration)


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
