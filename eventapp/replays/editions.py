"""What an edition of a replay holds, as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from eventapp.core.files import StoredFile
from eventapp.replays.models import CaptionTrack, ChapterKind, Recording, RecordingKind
from eventapp.replays.rules import Entry, timing_of
from eventapp.replays.timing import Timing

FIRST = 1


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What there is of a replay, on the desk or in public.

    `entries` are its agenda in their order; `replaced` are recordings that links may still name.
    """

    recording: Recording | None
    entries: list[Entry]
    captions: list[CaptionTrack]
    learnings: str = ""
    replaced: list[Recording] = field(default_factory=list)

    @property
    def timing(self) -> Timing:
        return timing_of(self.recording)

    @property
    def duration(self) -> float | None:
        return self.recording.duration_seconds if self.recording else None

    def find_second(self, second: float, *, number: int | None) -> float:
        """Return where in the recording a link leads that means `second` of recording `number`.

        Links without a number were made for the first recording. One that has been replaced tells
        by its own timing what the agenda's clock said.
        """
        for old in self.replaced:
            if old.number == (number or FIRST):
                return max(0.0, self.timing.place(old.timing.moment(second)))
        return second

    @property
    def link_number(self) -> int | None:
        """The number that links into the recording carry; the first one's go without."""
        number = self.recording.number if self.recording else FIRST
        return None if number == FIRST else number


def collect(
    *,
    recordings: Sequence[Recording],
    entries: list[Entry],
    captions: list[CaptionTrack],
    learnings: str,
) -> Replay:
    """Put together what is stored of a replay, each part in its order."""
    present = [recording for recording in recordings if recording.replaced_by is None]
    return Replay(
        recording=present[0] if present else None,
        entries=entries,
        captions=captions,
        learnings=learnings,
        replaced=[recording for recording in recordings if recording.replaced_by is not None],
    )


def write_content(replay: Replay) -> dict[str, Any]:
    """Return the replay as an edition keeps it; two that show the same are equal."""
    present = [replay.recording] if replay.recording else []
    return {
        "entries": [_write_entry(entry) for entry in replay.entries],
        "recordings": [_write_recording(recording) for recording in [*present, *replay.replaced]],
        "captions": [
            {"language": track.language, "file_id": track.file_id} for track in replay.captions
        ],
        "learnings": replay.learnings,
    }


def has_unpublished_changes(on_desk: Replay, published: Replay) -> bool:
    return write_content(on_desk) != write_content(published)


def list_file_ids(content: Mapping[str, Any]) -> set[int]:
    parts = [*content["recordings"], *content["captions"]]
    return {part["file_id"] for part in parts if part["file_id"] is not None}


def read_entries(content: Mapping[str, Any]) -> list[Entry]:
    return [
        Entry(
            start_seconds=entry["start"],
            kind=ChapterKind(entry["kind"]),
            title=entry["title"],
            speakers=tuple(entry["speakers"]),
            section=entry["section"],
            parent=entry["parent"],
            agenda_item_id=entry["agenda_item_id"],
            question_id=entry["question_id"],
        )
        for entry in content["entries"]
    ]


def read_content(content: Mapping[str, Any], *, files: Mapping[int, StoredFile] | None) -> Replay:
    """Return what an edition shows; its recordings and captions belong to no session.

    Without `files` (None) they have none, for who asks about times and languages alone.
    """
    given = files or {}
    recordings = [_read_recording(part, given) for part in content["recordings"]]
    captions = [
        CaptionTrack(
            language=part["language"], file_id=part["file_id"], file=given.get(part["file_id"])
        )
        for part in content["captions"]
        if files is None or part["file_id"] in given
    ]
    return collect(
        recordings=recordings,
        entries=read_entries(content),
        captions=captions,
        learnings=content["learnings"],
    )


def _write_entry(entry: Entry) -> dict[str, Any]:
    return {
        "start": entry.start_seconds,
        "kind": entry.kind.value,
        "title": entry.title,
        "speakers": list(entry.speakers),
        "section": entry.section,
        "parent": entry.parent,
        "agenda_item_id": entry.agenda_item_id,
        "question_id": entry.question_id,
    }


def _write_recording(recording: Recording) -> dict[str, Any]:
    is_present = recording.replaced_by is None
    return {
        "number": recording.number,
        "replaced_by": recording.replaced_by,
        "kind": recording.kind.value,
        "file_id": recording.file_id if is_present else None,
        "address": recording.address if is_present else "",
        "duration": recording.duration_seconds,
        "offset": recording.offset_seconds,
        "cuts": [list(cut) for cut in recording.timing.cuts],
    }


def _read_recording(part: Mapping[str, Any], files: Mapping[int, StoredFile]) -> Recording:
    return Recording(
        number=part["number"],
        replaced_by=part["replaced_by"],
        kind=RecordingKind(part["kind"]),
        file_id=part["file_id"],
        file=files.get(part["file_id"] or 0),
        address=part["address"],
        duration_seconds=part["duration"],
        offset_seconds=part["offset"],
        cuts=part["cuts"],
    )
