"""What may be done while a webinar runs, and what its log says: entries in order of number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from eventapp.live.changes import IS_GONE, THING, State, from_text
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
# What the run of show is told by.
RUN = frozenset(
    {
        LogEntryKind.WEBINAR_STARTED,
        LogEntryKind.WEBINAR_ENDED,
        LogEntryKind.RECORDING_STARTED,
        LogEntryKind.RECORDING_STOPPED,
        LogEntryKind.AGENDA_ITEM_STARTED,
    }
)
# An address that was given up stays so: whoever has it may be the reason.
FINAL = frozenset(
    {LogEntryKind.WEBINAR_STARTED, LogEntryKind.WEBINAR_ENDED, LogEntryKind.STAGE_MOVED}
)
# What the audience did is in the log, and no moderator's to undo.
OF_AUDIENCE = frozenset(
    {
        LogEntryKind.QUESTION_ASKED,
        LogEntryKind.QUESTION_CHANGED,
        LogEntryKind.QUESTION_WITHDRAWN,
        LogEntryKind.FOLLOW_UP_WRITTEN,
        LogEntryKind.ASKER_ERASED,
    }
)
# Acts that change a person's standing, and not the question by which the person was chosen.
OF_PEOPLE = frozenset({LogEntryKind.ASKER_SILENCED, LogEntryKind.ASKER_HEARD})
A_MOMENT = timedelta(minutes=2)


@dataclass(kw_only=True)
class RunState:
    """How a webinar stands, as its log tells it.

    `started` holds the agenda items with the moment each began. The things are as
    `eventapp.live.changes` describes them: questions, replies, polls and their options by id, the
    silenced by their key. `room` and `is_moderated` are None while they stand as they did at first.
    """

    status: WebinarStatus = WebinarStatus.PUBLISHED
    is_recording: bool = False
    agenda_item_id: int | None = None
    started: dict[int, datetime] = field(default_factory=dict)
    questions: dict[int, State] = field(default_factory=dict)
    replies: dict[int, State] = field(default_factory=dict)
    polls: dict[int, State] = field(default_factory=dict)
    options: dict[int, State] = field(default_factory=dict)
    silenced: dict[str, State] = field(default_factory=dict)
    room: State | None = None
    is_moderated: bool | None = None


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


def is_moment_ago(moment: datetime, *, now: datetime) -> bool:
    """Whether what happened then still explains why a page shows it otherwise."""
    return now - moment < A_MOMENT


def effective_entries(entries: Sequence[LogEntry]) -> list[LogEntry]:
    """Return what holds: without the acts that were undone, and without the undoing."""
    undone = {e.undoes_id for e in entries if e.kind is LogEntryKind.UNDONE}
    return [e for e in entries if e.kind is not LogEntryKind.UNDONE and e.id not in undone]


def replay_log(entries: Sequence[LogEntry], *, until: datetime | None = None) -> RunState:
    """Rebuild how everything stood at `until`, or stands after `entries`, from them alone."""
    told = [e for e in entries if until is None or e.at <= until]
    state = replay_run(told)
    held = {entry.id for entry in effective_entries(told)}
    for entry in told:
        if entry.after:
            _take_over(state, from_text(entry.after))
        elif entry.id in held:
            _move_question(state.questions, entry)
    return state


def replay_run(entries: Sequence[LogEntry]) -> RunState:
    """Rebuild the run of show alone: the status, the recording, the agenda."""
    state = RunState()
    for entry in effective_entries(entries):
        _run_on(state, entry)
    return state


def _run_on(state: RunState, entry: LogEntry) -> None:
    match entry.kind:
        case LogEntryKind.WEBINAR_STARTED:
            state.status = WebinarStatus.LIVE
        case LogEntryKind.WEBINAR_ENDED:
            state.status, state.is_recording = WebinarStatus.ENDED, False
        case LogEntryKind.RECORDING_STARTED:
            state.is_recording = True
        case LogEntryKind.RECORDING_STOPPED:
            state.is_recording = False
        case LogEntryKind.AGENDA_ITEM_STARTED:
            # One that was deleted since has no id, and its title alone is left.
            state.agenda_item_id = entry.agenda_item_id
            if entry.agenda_item_id is not None:
                state.started.setdefault(entry.agenda_item_id, entry.at)


def _take_over(state: RunState, things: Sequence[State]) -> None:
    """Let each thing stand as an entry says it stood afterwards; an undo's entry says so too."""
    by_id = {
        "question": state.questions,
        "reply": state.replies,
        "poll": state.polls,
        "option": state.options,
    }
    for thing in things:
        match thing[THING]:
            case "room":
                state.room = thing
            case "webinar":
                state.is_moderated = thing["is_moderated"]
            case "silenced":
                _keep(state.silenced, thing["asker_key"], thing)
            case name:
                _keep(by_id[name], thing["id"], thing)


def _keep(standing: dict[Any, State], key: object, thing: State) -> None:
    if thing.get(IS_GONE):
        standing.pop(key, None)
    else:
        standing[key] = thing


def _move_question(questions: dict[int, State], entry: LogEntry) -> None:
    """What an entry from before the log kept states tells: where a question went.

    Whichever was on air before it counts as answered.
    """
    if entry.question_id is None or entry.kind not in STATUS_AFTER:
        return
    if entry.kind is LogEntryKind.QUESTION_ON_AIR:
        for question_id, question in questions.items():
            if question["status"] == QuestionStatus.ON_AIR:
                questions[question_id] = question | {"status": QuestionStatus.ANSWERED.value}
    before = questions.get(entry.question_id, {THING: "question", "id": entry.question_id})
    questions[entry.question_id] = before | {"status": STATUS_AFTER[entry.kind].value}


def can_undo(entry: LogEntry) -> bool:
    """Whether an act can be taken back: going live and ending can't.

    Nor can a move of a question from before the log kept how things stood.
    """
    return entry.kind not in FINAL and (bool(entry.after) or entry.kind in RUN)


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


def find_zero(entries: Sequence[LogEntry]) -> datetime | None:
    """Return the moment from which `derive_moments` counts, or None for an empty log."""
    effective = effective_entries(entries)
    return _recording_began(effective) if effective else None


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
    questions: dict[int, State] = {}
    for entry in effective:
        _move_question(questions, entry)
    return {question_id: QuestionStatus(q["status"]) for question_id, q in questions.items()}


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
