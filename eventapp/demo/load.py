"""Loading the demo: three webinars, their people and an organiser, as rows.

Rows are written as they would stand after months of use, so nothing is mailed to anybody.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

from eventapp.accounts.actions import create_organiser
from eventapp.accounts.queries import find_user, has_organisers
from eventapp.core import clock
from eventapp.core.db import db, transaction
from eventapp.core.files import StoredFile, store_file
from eventapp.demo.audience import add_polls, add_questions
from eventapp.demo.content import ASSETS, WEBINARS, DemoSpeaker, DemoWebinar, resolve_start
from eventapp.demo.form import add_form
from eventapp.demo.registrations import add_registrations, add_terms
from eventapp.learnings.models import Learnings
from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.messages.reminders.actions import write_default_reminders
from eventapp.presentations.models import Presentation
from eventapp.questions.models import Question
from eventapp.replays.actions import write_edition
from eventapp.replays.models import CaptionTrack, Chapter, ChapterKind, Recording, RecordingKind
from eventapp.search.actions import index_replay
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import (
    AgendaItem,
    AgendaItemKind,
    AgendaItemSpeaker,
    Webinar,
    WebinarSpeaker,
    WebinarStatus,
)

ORGANISER_EMAIL = "organiser@example.org"
SIGN_IN_FILE = "demo-organiser.txt"
MEDIA_TYPES = {
    "odp": "application/vnd.oasis.opendocument.presentation",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "vtt": "text/vtt",
    "webm": "video/webm",
    "webp": "image/webp",
}
LOG_KINDS = {
    "recording_started": LogEntryKind.RECORDING_STARTED,
    "item_started": LogEntryKind.AGENDA_ITEM_STARTED,
    "question_on_air": LogEntryKind.QUESTION_ON_AIR,
    "question_answered": LogEntryKind.QUESTION_ANSWERED,
}


def is_empty() -> bool:
    """Whether nobody has begun to use this system."""
    return not has_organisers()


def load_demo() -> None:
    """Write the demo's webinars and its organiser; does nothing when they are there."""
    if find_user(ORGANISER_EMAIL) is not None:
        return
    now = clock.now()
    with transaction():
        create_organiser(
            email=ORGANISER_EMAIL, name="Demo organiser", password=_keep_password(), now=now
        )
        for content in WEBINARS:
            _Loader(content, now=now).load()


def demo_password() -> str | None:
    """The demo organiser's password on this machine, or None where there is no demo."""
    path = _sign_in_path()
    return path.read_text(encoding="ascii").strip() if path.exists() else None


def _sign_in_path() -> Path:
    folder: Path = current_app.config["EVENTAPP"].instance_dir
    return folder / SIGN_IN_FILE


def _keep_password() -> str:
    """Make the password anew for each installation: a published one would be an open door."""
    path = _sign_in_path()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(12))
    return path.read_text(encoding="ascii")


@dataclass
class _Moments:
    """The times of a webinar's life that follow from its stage."""

    published_at: datetime
    went_live_at: datetime | None
    ended_at: datetime | None
    replay_published_at: datetime | None


class _Loader:
    """Turns one webinar's content into rows."""

    def __init__(self, content: DemoWebinar, *, now: datetime) -> None:
        self.content = content
        self.now = now
        self.starts_at = resolve_start(content, now=now)
        self.speakers: dict[str, Speaker] = {}
        self.items: list[AgendaItem] = []

    def load(self) -> None:
        webinar = self._add_webinar()
        self._add_agenda(webinar)
        self._add_presentations(webinar)
        add_terms(webinar, self.content.terms, now=self.now)
        registrations = add_registrations(webinar, self.content.attendees, now=self.now)
        add_form(webinar, self.content.fields, list(registrations.values()))
        questions = add_questions(
            webinar,
            self.content.questions,
            registrations=registrations,
            speakers=self.speakers,
            starts_at=self.starts_at,
        )
        add_polls(webinar, self.content.polls, starts_at=self.starts_at)
        self._add_log(webinar, questions)
        self._add_replay(webinar)
        self._add_reminders(webinar)
        db.session.flush()

    def _add_reminders(self, webinar: Webinar) -> None:
        """Add them switched off: the demo's people have made-up addresses."""
        for reminder in write_default_reminders(webinar, now=self.now):
            reminder.is_on = False

    def _moments(self, ends_at: datetime) -> _Moments:
        stage = self.content.stage
        has_run = stage == "replay_published"
        return _Moments(
            published_at=min(self.starts_at - timedelta(days=30), self.now - timedelta(days=3)),
            went_live_at=None if stage == "published" else self.starts_at,
            ended_at=ends_at if has_run else None,
            replay_published_at=ends_at + timedelta(days=2) if has_run else None,
        )

    def _add_webinar(self) -> Webinar:
        content = self.content
        ends_at = self.starts_at + content.duration
        moments = self._moments(ends_at)
        webinar = Webinar(
            slug=content.slug,
            status=WebinarStatus(content.stage),
            title=content.title,
            summary=content.summary,
            description=content.description,
            starts_at=self.starts_at,
            ends_at=ends_at,
            time_zone=content.time_zone,
            language=content.language,
            capacity=content.capacity,
            join_url="https://meet.example.org/" + content.slug,
            contact_name=content.organiser,
            contact_email="webinars@example.org",
            cover=_store(content.cover) if content.cover else None,
            created_at=moments.published_at - timedelta(days=7),
            updated_at=moments.replay_published_at or moments.published_at,
            published_at=moments.published_at,
            went_live_at=moments.went_live_at,
            ended_at=moments.ended_at,
            replay_published_at=moments.replay_published_at,
        )
        db.session.add(webinar)
        for speaker in content.speakers:
            row = self._add_speaker(speaker)
            webinar.appearances.append(WebinarSpeaker(speaker=row))
        db.session.flush()
        return webinar

    def _add_speaker(self, speaker: DemoSpeaker) -> Speaker:
        row = Speaker(
            name=speaker.name,
            affiliation=speaker.affiliation or speaker.role,
            biography=speaker.biography,
            email=speaker.email or "",
            created_at=self.now,
            updated_at=self.now,
        )
        self.speakers[speaker.name] = row
        db.session.add(row)
        return row

    def _add_agenda(self, webinar: Webinar) -> None:
        for item in self.content.agenda:
            row = AgendaItem(
                kind=AgendaItemKind(item.kind),
                title=item.title,
                minutes=item.minutes,
                section=item.section or "",
            )
            row.appearances.extend(
                AgendaItemSpeaker(speaker=self.speakers[name]) for name in item.speakers
            )
            webinar.agenda_items.append(row)
            self.items.append(row)
        db.session.flush()

    def _add_presentations(self, webinar: Webinar) -> None:
        for position, content in enumerate(self.content.presentations):
            db.session.add(
                Presentation(
                    webinar_id=webinar.id,
                    agenda_item=self.items[content.agenda_item],
                    position=position,
                    title=content.title,
                    file=_store(content.file),
                    created_at=webinar.created_at,
                )
            )

    def _add_log(self, webinar: Webinar, questions: list[Question]) -> None:
        if webinar.went_live_at is None or not self.content.log:
            return
        self._add_log_entry(webinar, 1, LogEntryKind.WEBINAR_STARTED, webinar.went_live_at)
        for number, fact in enumerate(self.content.log, start=2):
            at = self.starts_at + fact.at
            entry = self._add_log_entry(webinar, number, LOG_KINDS[fact.kind], at)
            if fact.agenda_item is not None:
                entry.agenda_item_id = self.items[fact.agenda_item].id
                entry.title = self.items[fact.agenda_item].title
            if fact.question is not None:
                question = questions[fact.question]
                entry.question_id, entry.title = question.id, question.text
                if entry.kind == LogEntryKind.QUESTION_ON_AIR:
                    question.on_air_at = at
                elif entry.kind == LogEntryKind.QUESTION_ANSWERED:
                    question.answered_at = at

    def _add_log_entry(
        self, webinar: Webinar, number: int, kind: LogEntryKind, at: datetime
    ) -> LogEntry:
        entry = LogEntry(webinar_id=webinar.id, number=number, kind=kind, at=at)
        db.session.add(entry)
        return entry

    def _add_replay(self, webinar: Webinar) -> None:
        recording = self.content.recording
        if recording is None:
            return
        db.session.add(
            Recording(
                webinar_id=webinar.id,
                kind=RecordingKind.FILE,
                file=_store(recording.file),
                duration_seconds=recording.duration.total_seconds(),
                created_at=self.now,
            )
        )
        db.session.add(
            CaptionTrack(
                webinar_id=webinar.id,
                language=recording.captions_language,
                file=_store(recording.captions),
            )
        )
        db.session.add(
            Learnings(webinar_id=webinar.id, body=self.content.learnings or "", updated_at=self.now)
        )
        self._add_chapters(webinar)
        write_edition(webinar, now=self.now, published_by_id=None)
        index_replay(webinar.id)

    def _add_chapters(self, webinar: Webinar) -> None:
        rows: list[Chapter] = []
        for position, content in enumerate(self.content.chapters):
            row = Chapter(
                webinar_id=webinar.id,
                position=position,
                start_seconds=content.start.total_seconds(),
                kind=ChapterKind(content.kind),
                title=content.title,
                speakers=list(content.speakers),
                section=content.section or "",
                parent_id=None if content.parent is None else rows[content.parent].id,
            )
            db.session.add(row)
            db.session.flush()
            rows.append(row)


def _store(name: str) -> StoredFile:
    path = ASSETS / name
    extension = path.suffix.removeprefix(".")
    with path.open("rb") as content:
        return store_file(
            content, name=path.name, media_type=MEDIA_TYPES[extension], extension=extension
        )
