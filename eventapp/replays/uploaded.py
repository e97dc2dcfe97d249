"""A recording that was sent in parts: how it is judged, taken, and spoken of meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from eventapp.core import clock
from eventapp.core.files import StoredFile
from eventapp.core.resumable import Purpose
from eventapp.core.resumable.models import ResumableUpload, UploadState
from eventapp.core.resumable.queries import list_uploads
from eventapp.core.resumable.working import GONE
from eventapp.core.uploads import (
    NotAVideo,
    VideoIsIncomplete,
    check_recording,
    recognise_recording,
)
from eventapp.replays import actions
from eventapp.replays.measuring import measure_recording
from eventapp.replays.queries import find_recording
from eventapp.replays.refusals import RecordingCannotBeRead
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_webinar, lock_webinar

ALREADY_THERE = _l("This very file is the recording already, so nothing has changed.")
SAME = "same"


@dataclass(frozen=True, kw_only=True)
class UploadLine:
    """An upload as the organiser's page shows it; `said` is where it stands, in words."""

    token: str
    name: str
    percent: int
    state: UploadState
    said: str

    @property
    def is_worked_on(self) -> bool:
        return self.state in {UploadState.WAITING, UploadState.CHECKING}


def is_already_there(webinar: Webinar, stored: StoredFile) -> bool:
    """Whether the recording is this very file, byte for byte; in the running transaction."""
    lock_webinar(webinar.id)
    recording = find_recording(webinar.id)
    file = recording.file if recording else None
    return file is not None and file.sha256 == stored.sha256


def _examine(content: IO[bytes]) -> float | None:
    """Return the length in seconds. Refuses: NotAVideo and its kind, RecordingCannotBeRead."""
    check_recording(content)
    return measure_recording(content)


def _take(upload: ResumableUpload, stored: StoredFile, duration: float | None) -> str:
    webinar = get_webinar(upload.subject_id)
    if is_already_there(webinar, stored):
        return SAME
    actions.save_recording_file(webinar, stored=stored, duration=duration, now=clock.now())
    return ""


RECORDINGS = Purpose(
    name="recording",
    recognise=recognise_recording,
    examine=_examine,
    take=_take,
    refusals=(NotAVideo, VideoIsIncomplete, RecordingCannotBeRead),
)


def describe_uploads(webinar_id: int, *, owner_id: int, now: datetime) -> Sequence[UploadLine]:
    """Return what this organiser has on its way for a webinar, the newest first."""
    found = list_uploads(purpose=RECORDINGS.name, subject_id=webinar_id, owner_id=owner_id, now=now)
    return [
        UploadLine(
            token=upload.token,
            name=upload.name,
            percent=upload.percent,
            state=upload.state,
            said=put_into_words(upload),
        )
        for upload in found
    ]


def put_into_words(upload: ResumableUpload) -> str:
    """Return where an upload stands, in the reader's language."""
    words: dict[UploadState, str] = {
        UploadState.RECEIVING: _("%(percent)s %% sent", percent=upload.percent),
        UploadState.WAITING: _("Sent. It will be checked in a moment. You may leave this page."),
        UploadState.CHECKING: _("Sent. Checking it … You may leave this page."),
        UploadState.DONE: _("The recording is saved."),
    }
    if upload.state == UploadState.DONE and upload.reason == SAME:
        return str(ALREADY_THERE)
    if upload.state == UploadState.WAITING and upload.reason:
        return f"{_explain(upload.reason)} {_('It is kept, and will be tried again.')}"
    return words.get(upload.state) or _explain(upload.reason)


def _explain(reason: str) -> str:
    refusal = RECORDINGS.find_refusal(reason)
    if refusal is not None:
        return str(refusal.message)
    gone = _("The webinar that this recording was for isn't there any more.")
    failed = _("Something went wrong on our side while this file was being checked.")
    return str(gone if reason == GONE else failed)
