"""What may be done while a webinar runs, and what its log says: entries in order of number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.live.refusals import NothingToRecord, WebinarIsNotLive
from eventapp.questions.models import QuestionStatus
from eventapp.questions.rules import has_seat
from eventapp.registrations.models import Registration
from eventapp.registrations.rules import Policy, can_join
from eventapp.webinars.models import Webinar, WebinarStatus

STATUS_AFTER = {
    LogEntryKind.QUESTION_APPROVED: QuestionStatus.APPROVED,
    LogEntryKind.QUESTION_DISMISSED: QuestionStatus.DISMISSED,
    LogEntryKind.QUESTION_ON_AIR: QuestionStatus.ON_AIR,
    LogEntryKind.QUESTION_ANSWERED: QuestionStatus.ANSWERED,
}
TAKEN = frozenset({QuestionStatus.ON_AIR, QuestionStatus.ANSWERED})
RECORDED = frozenset({WebinarStatus.PUBLISHED, WebinarStatus.LIVE})
FINAL = frozenset({LogEntryKind.WEBINAR_STARTED, LogEntryKind.WEBINAR_ENDED, LogEntryKind.UNDONE})


@dataclass(frozen=True, kw_only=True)
class RunState:
    """How a webinar stands, as its log tells it.

    `started` holds the agenda items with the moment each began; `questions` those that a
    moderator has acted on.
    """

    status: WebinarStatus = WebinarStatus.PUBLISHED
    is_recording: bool = False
    agenda_item_id: int | None = None
    started: dict[int, datetime] = field(default_factory=dict)
    questions: dict[int, QuestionStatus] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A point of the recording: when an agenda item began, or when a question went on air.

    `seconds` counts from the log's RECORDING_STARTED; `kind` is AGENDA_ITEM_STARTED or
    QUESTION_ON_AIR; `title` is as it stood at that moment.
    """

    seconds: float
    kind: LogEntryKind
    agenda_item_id: int | None
    question_id: int | None
    title: str


def can_run(webinar: Webinar) -> bool:
    """Whether parts of the agenda can begin and questions go on air: while the webinar is live."""
    return webinar.status is WebinarStatus.LIVE


def check_can_run(webinar: Webinar) -> None:
    if not can_run(webinar):
        raise WebinarIsNotLive


def can_record(webinar: Webinar) -> bool:
    """Whether a recording can start: also before going live, as many a moderator does."""
    return webinar.status in RECORDED


def check_can_record(webinar: Webinar) -> None:
    if not can_record(webinar):
        raise NothingToRecord


def can_join_call(
    webinar: Webinar, registration: Registration | None, policy: Policy, *, now: datetime
) -> bool:
    """Whether the meeting's address is shown: to whoever has a seat, once the way in is open."""
    is_open = can_join(webinar, policy, now=now)
    return bool(webinar.join_url) and has_seat(webinar, registration) and is_open


def effective_entries(entries: Sequence[LogEntry]) -> list[LogEntry]:
    """Return what holds: without the acts that were undone, and without the undoing."""
    undone = {e.undoes_id for e in entries if e.kind is LogEntryKind.UNDONE}
    return [e for e in entries if e.kind is not LogEntryKind.UNDONE and e.id not in undone]


def replay_log(entries: Sequence[LogEntry]) -> RunState:
    """Rebuild how everything stands after `entries` from them alone."""
    state = RunState()
    for entry in effective_entries(entries):
        state = _after(state, entry)
    return state


def _after(state: RunState, entry: LogEntry) -> RunState:
    match entry.kind:
        case LogEntryKind.WEBINAR_STARTED:
            return replace(state, status=WebinarStatus.LIVE)
        case LogEntryKind.WEBINAR_ENDED:
            return replace(state, status=WebinarStatus.ENDED, is_recording=False)
        case LogEntryKind.RECORDING_STARTED:
            return replace(state, is_recording=True)
        case LogEntryKind.RECORDING_STOPPED:
            return replace(state, is_recording=False)
        case LogEntryKind.AGENDA_ITEM_STARTED:
            return _with_item(state, entry)
        case _:
            return _with_question(state, entry)


def _with_item(state: RunState, entry: LogEntry) -> RunState:
    """Start an agenda item; one that was deleted since has no id, and its title alone is left."""
    if entry.agenda_item_id is None:
        return replace(state, agenda_item_id=None)
    started = {entry.agenda_item_id: entry.at} | state.started
    return replace(state, agenda_item_id=entry.agenda_item_id, started=started)


def _with_question(state: RunState, entry: LogEntry) -> RunState:
    """Move a question; whichever was on air before counts as answered."""
    if entry.question_id is None:
        return state
    questions = dict(state.questions)
    if entry.kind is LogEntryKind.QUESTION_ON_AIR:
        for question_id, status in questions.items():
            if status is QuestionStatus.ON_AIR:
                questions[question_id] = QuestionStatus.ANSWERED
    questions[entry.question_id] = STATUS_AFTER[entry.kind]
    return replace(state, questions=questions)


def find_undoable(entries: Sequence[LogEntry]) -> LogEntry | None:
    """Return the last act that holds, if it can be taken back; going live and ending can't."""
    effective = effective_entries(entries)
    if not effective or effective[-1].kind in FINAL:
        return None
    return effective[-1]


def derive_moments(entries: Sequence[LogEntry]) -> list[Moment]:
    """Return the agenda of the recording: items as they began, questions as they went on air.

    Time counts from the first RECORDING_STARTED that holds; without one, from the start of the
    webinar, or from the first entry. The item already running when recording starts stands at 0;
    what was over by then is left out. An item begun twice stands where it first began. A question
    counts if it was taken in the end, from its first time on air since it was last put back.
    """
    effective = effective_entries(entries)
    if not effective:
        return []
    zero = _recording_began(effective)
    chosen = sorted(_first_starts(effective) + _taken_questions(effective), key=lambda e: e.number)
    timed = [_to_moment(entry, zero) for entry in chosen]
    return _from_zero(timed)


def _recording_began(effective: Sequence[LogEntry]) -> datetime:
    for kind in (LogEntryKind.RECORDING_STARTED, LogEntryKind.WEBINAR_STARTED):
        for entry in effective:
            if entry.kind is kind:
                return entry.at
    return effective[0].at


def _first_starts(effective: Sequence[LogEntry]) -> list[LogEntry]:
    """An item that was deleted since is told apart by its title."""
    first: dict[object, LogEntry] = {}
    for entry in effective:
        if entry.kind is LogEntryKind.AGENDA_ITEM_STARTED:
            first.setdefault(entry.agenda_item_id or entry.title, entry)
    return list(first.values())


def _taken_questions(effective: Sequence[LogEntry]) -> list[LogEntry]:
    final = _statuses(effective)
    on_air: dict[int, LogEntry] = {}
    for entry in effective:
        if entry.question_id is None or entry.kind not in STATUS_AFTER:
            continue
        if entry.kind is LogEntryKind.QUESTION_ON_AIR:
            on_air.setdefault(entry.question_id, entry)
        elif entry.kind is not LogEntryKind.QUESTION_ANSWERED:
            on_air.pop(entry.question_id, None)
    return [entry for question_id, entry in on_air.items() if final[question_id] in TAKEN]


def _statuses(effective: Sequence[LogEntry]) -> dict[int, QuestionStatus]:
    state = RunState()
    for entry in effective:
        if entry.kind in STATUS_AFTER:
            state = _with_question(state, entry)
    return state.questions


def _to_moment(entry: LogEntry, zero: datetime) -> Moment:
    return Moment(
        seconds=(entry.at - zero).total_seconds(),
        kind=entry.kind,
        agenda_item_id=entry.agenda_item_id,
        question_id=entry.question_id,
        title=entry.title,
    )


def _from_zero(moments: list[Moment]) -> list[Moment]:
    recorded = [m for m in moments if m.seconds >= 0]
    before = [m for m in moments if m.seconds < 0 and m.kind is LogEntryKind.AGENDA_ITEM_STARTED]
    begins_at_zero = any(
        m.seconds == 0 and m.kind is LogEntryKind.AGENDA_ITEM_STARTED for m in recorded
    )
    if before and not begins_at_zero:
        return [replace(before[-1], seconds=0.0), *recorded]
    return recorded


def size_of_text(text: str) -> str:
    """Which size of type `text` gets on the stage: "s" for the longest, "xl" for the shortest."""
    for longest, size in ((60, "xl"), (140, "l"), (280, "m")):
        if len(text) <= longest:
            return size
    return "s"
