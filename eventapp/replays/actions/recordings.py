"""The recording: where it lies, and how on the agenda's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import IO

from eventapp.core.db import db
from eventapp.core.files import StoredFile, put_file
from eventapp.core.uploads import UploadKind
from eventapp.replays.addresses import VideoAddress
from eventapp.replays.models import Recording, RecordingKind
from eventapp.replays.queries import (
    find_latest_edition,
    find_recording,
    list_chapters,
    list_recordings,
)
from eventapp.replays.refusals import RecordingIsNeeded, RecordingIsPublic
from eventapp.replays.rules import check_agenda, from_chapters, is_replay_public
from eventapp.replays.timing import Timing
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


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
    """Take a stored file as the recording, in place of what was there; shift and cuts stay."""
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
    """Take a video elsewhere as the recording, in place of what was; shift and cuts stay."""
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
    """Return the row to write; one that was public stays beside it, for the links into it."""
    found = find_recording(webinar.id)
    public_numbers = _list_public_numbers(webinar.id)
    if found is not None and found.number not in public_numbers:
        return found
    # One that was public and has been removed keeps its number too: links name it.
    numbers = {recording.number for recording in list_recordings(webinar.id)} | public_numbers
    made = Recording(
        webinar_id=webinar.id,
        number=max(numbers, default=0) + 1,
        offset_seconds=found.offset_seconds if found else 0.0,
        cuts=found.cuts if found else [],
        created_at=now,
    )
    if found is not None:
        found.replaced_by = made.number
    return made


def _list_public_numbers(webinar_id: int) -> set[int]:
    edition = find_latest_edition(webinar_id)
    return {part["number"] for part in edition.content["recordings"]} if edition else set()


def adjust_recording(webinar: Webinar, *, timing: Timing, duration: float | None) -> None:
    """Say how the recording lies on the agenda's clock, and how long it is.

    Refuses: RecordingIsNeeded, EntriesAreBeforeTheStart, EntryIsPastTheEnd.
    """
    lock_webinar(webinar.id)
    recording = find_recording(webinar.id)
    if recording is None:
        raise RecordingIsNeeded
    check_agenda(from_chapters(list_chapters(webinar.id)), timing=timing, duration=duration)
    recording.offset_seconds = timing.offset
    recording.cuts = [list(cut) for cut in timing.cuts]
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
