"""The shapes of the demonstration's content."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

ASSETS = Path(__file__).resolve().parent.parent / "assets"

SATURDAY = 5

AgendaKind = Literal["introduction", "presentation", "questions", "panel", "break", "other"]
ChapterKind = Literal["introduction", "presentation", "question", "panel", "break", "other"]
QuestionStatus = Literal["pending", "approved", "on_air", "answered", "dismissed", "merged"]
PollKind = Literal["one", "several", "rating", "words"]
PollStatus = Literal["draft", "open", "closed"]
FieldKind = Literal["short_text", "several_of", "consent"]
LogKind = Literal["recording_started", "item_started", "question_on_air", "question_answered"]
Stage = Literal["replay_published", "published", "live"]
AttendeeStatus = Literal["confirmed", "waiting", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class DemoSpeaker:
    """Real people have no e-mail address here; invented ones have one that can never arrive."""

    name: str
    role: str
    affiliation: str
    biography: str
    email: str | None = None


@dataclass(frozen=True, kw_only=True)
class DemoAgendaItem:
    """An item as it was planned. `speakers` are names found in the webinar's `speakers`."""

    kind: AgendaKind
    title: str
    minutes: int
    speakers: tuple[str, ...] = ()
    section: str | None = None


@dataclass(frozen=True, kw_only=True)
class DemoChapter:
    """A moment of the recording. `parent` is the index of the chapter a question belongs to.

    `title` is as published, with the names of those who speak.
    """

    start: timedelta
    kind: ChapterKind
    title: str
    speakers: tuple[str, ...] = ()
    section: str | None = None
    parent: int | None = None

    @property
    def subject(self) -> str:
        """The title without the names."""
        return self.title.partition(" by ")[0] if self.speakers else self.title


@dataclass(frozen=True, kw_only=True)
class DemoPresentation:
    """A file under `ASSETS`. `agenda_item` is an index into the webinar's `agenda`."""

    file: str
    title: str
    agenda_item: int
    speakers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DemoRecording:
    """Files under `ASSETS`. `agenda` is the published agenda, one line an entry, to be parsed."""

    file: str
    captions: str
    captions_language: str
    agenda: str
    duration: timedelta


@dataclass(frozen=True, kw_only=True)
class DemoReply:
    """What is written under a question: an answer, or else a follow-up by who asked."""

    text: str
    written_at: timedelta
    is_answer: bool = True


@dataclass(frozen=True, kw_only=True)
class DemoQuestion:
    """A question from the audience. `asked_by` None is anonymous; times count from the start.

    `speaker` is a name found in the webinar's `speakers`, `merged_into` an index of `questions`.
    """

    text: str
    status: QuestionStatus
    asked_at: timedelta
    votes: int = 0
    asked_by: str | None = None
    label: str = ""
    is_pinned: bool = False
    speaker: str | None = None
    merged_into: int | None = None
    replies: tuple[DemoReply, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DemoPoll:
    """A poll; each option with how many have chosen it, each of them once."""

    text: str
    kind: PollKind
    status: PollStatus
    options: tuple[tuple[str, int], ...]
    opened_at: timedelta | None = None
    closed_at: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class DemoLogFact:
    """A line of the live log. `agenda_item` and `question` are indexes into the webinar's own."""

    kind: LogKind
    at: timedelta
    agenda_item: int | None = None
    question: int | None = None


@dataclass(frozen=True, kw_only=True)
class DemoAttendee:
    """An invented person who registered, so that lists and figures are not empty.

    `brought_by` names who registered them in a group.
    """

    name: str
    organisation: str
    email: str
    status: AttendeeStatus = "confirmed"
    brought_by: str = ""


@dataclass(frozen=True, kw_only=True)
class DemoTerms:
    """The terms of registration that differ from the usual ones."""

    offer_hours: int | None = None
    largest_group: int = 1


@dataclass(frozen=True, kw_only=True)
class DemoField:
    """A field of the registration form. `after` is the option of the field before that it follows.

    `answers` go round among those who registered: "" for none, several options as a tuple.
    """

    kind: FieldKind
    label: str
    hint: str = ""
    options: tuple[str, ...] = ()
    consent_text: str = ""
    after: str = ""
    answers: tuple[str | tuple[str, ...], ...] = ()


@dataclass(frozen=True, kw_only=True)
class DemoWebinar:
    """A webinar that starts at `starts_at` or, without it, `starts_in` from the moment of loading.

    With `local_start` the day is reckoned from `starts_in` and the hour is that of `time_zone`.
    """

    slug: str
    title: str
    stage: Stage
    organiser: str
    time_zone: str
    summary: str
    description_file: str
    speakers: tuple[DemoSpeaker, ...]
    agenda: tuple[DemoAgendaItem, ...]
    starts_at: datetime | None = None
    starts_in: timedelta = timedelta()
    local_start: time | None = None
    capacity: int | None = None
    language: str = "en"
    cover: str | None = None
    learnings_file: str | None = None
    presentations: tuple[DemoPresentation, ...] = ()
    recording: DemoRecording | None = None
    chapters: tuple[DemoChapter, ...] = ()
    questions: tuple[DemoQuestion, ...] = ()
    polls: tuple[DemoPoll, ...] = ()
    log: tuple[DemoLogFact, ...] = ()
    attendees: tuple[DemoAttendee, ...] = ()
    terms: DemoTerms | None = None
    fields: tuple[DemoField, ...] = ()

    @property
    def duration(self) -> timedelta:
        return timedelta(minutes=sum(item.minutes for item in self.agenda))

    @property
    def description(self) -> str:
        return _read(self.description_file)

    @property
    def learnings(self) -> str | None:
        return _read(self.learnings_file) if self.learnings_file else None

    def list_files(self) -> Iterator[Path]:
        """Every file under `ASSETS` that this webinar names."""
        names = [self.description_file, self.learnings_file, self.cover]
        names += [presentation.file for presentation in self.presentations]
        if self.recording:
            names += [self.recording.file, self.recording.captions, self.recording.agenda]
        return (ASSETS / name for name in names if name)


def resolve_start(webinar: DemoWebinar, *, now: datetime) -> datetime:
    """When the webinar starts if it is loaded at `now`; one at a local hour avoids weekends."""
    if webinar.starts_at is not None:
        return webinar.starts_at
    zone = ZoneInfo(webinar.time_zone)
    start = (now + webinar.starts_in).astimezone(zone)
    if webinar.local_start is None:
        return start
    day = start.date()
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return datetime.combine(day, webinar.local_start, tzinfo=zone)


def moment(hours: int, minutes: int, seconds: int) -> timedelta:
    """A time on the clock of a recording, written the way an agenda writes it."""
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
