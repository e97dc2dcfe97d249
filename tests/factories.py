"""Rows for tests, complete and plausible; each factory commits, so that every reader sees them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory

from eventapp.accounts.models import User
from eventapp.core.db import db
from eventapp.core.files import StoredFile
from eventapp.core.tokens import derive_token, hash_token
from eventapp.form_fields.models import FieldKind, FormField
from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.polls.models import Poll, PollKind, PollOption, PollStatus
from eventapp.presentations.models import Presentation
from eventapp.questions.models import Question, QuestionStatus
from eventapp.registrations.models import (
    AccessCode,
    Registration,
    RegistrationPolicy,
    RegistrationStatus,
)
from eventapp.replays.actions import write_edition
from eventapp.replays.models import Chapter, ChapterKind, Recording, RecordingKind
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import (
    AgendaItem,
    AgendaItemKind,
    AgendaItemSpeaker,
    Webinar,
    WebinarSpeaker,
    WebinarStatus,
)

EARLIER = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
START = datetime(2026, 3, 24, 9, 30, tzinfo=UTC)


class Factory(SQLAlchemyModelFactory):
    class Meta:
        abstract = True
        sqlalchemy_session = db.session
        sqlalchemy_session_persistence = "commit"


class UserFactory(Factory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"organiser{n}@example.org")
    name = "Olga Organiser"
    fs_uniquifier = factory.LazyFunction(lambda: uuid.uuid4().hex)
    active = True
    created_at = EARLIER


class StoredFileFactory(Factory):
    class Meta:
        model = StoredFile

    key = factory.LazyFunction(lambda: f"{uuid.uuid4().hex}.pdf")
    name = "slides.pdf"
    media_type = "application/pdf"
    size = 1000
    sha256 = "0" * 64
    created_at = EARLIER


class SpeakerFactory(Factory):
    class Meta:
        model = Speaker

    name = factory.Sequence(lambda n: f"Sonia Speaker {n}")
    affiliation = "University of Example"
    created_at = EARLIER
    updated_at = EARLIER


class WebinarFactory(Factory):
    """A published webinar on 24 March 2026, 10:30 to 12:00 in Brussels."""

    class Meta:
        model = Webinar

    slug = factory.Sequence(lambda n: f"webinar-{n}")
    title = factory.Sequence(lambda n: f"Webinar {n}")
    summary = "What regions learned about creative hubs."
    description = "Three hubs show **how they work**."
    status = WebinarStatus.PUBLISHED
    starts_at = START
    ends_at = START + timedelta(minutes=90)
    time_zone = "Europe/Brussels"
    join_url = "https://meet.example.org/room"
    contact_name = "Webinar team"
    contact_email = "team@example.org"
    created_at = EARLIER
    updated_at = EARLIER
    published_at = EARLIER


class AgendaItemFactory(Factory):
    class Meta:
        model = AgendaItem

    webinar = factory.SubFactory(WebinarFactory)
    kind = AgendaItemKind.PRESENTATION
    title = factory.Sequence(lambda n: f"Presentation {n}")
    minutes = 15

    @factory.post_generation
    def speakers(self: Any, _create: object, extracted: list[Speaker] | None) -> None:
        self.appearances.extend(AgendaItemSpeaker(speaker=s) for s in extracted or [])
        db.session.commit()


def add_speaker(webinar: Webinar, speaker: Speaker | None = None) -> Speaker:
    speaker = speaker or SpeakerFactory()
    webinar.appearances.append(WebinarSpeaker(speaker=speaker))
    db.session.commit()
    return speaker


class PresentationFactory(Factory):
    class Meta:
        model = Presentation

    title = "Slides"
    file = factory.SubFactory(StoredFileFactory)
    created_at = EARLIER


class RegistrationFactory(Factory):
    class Meta:
        model = Registration

    webinar = factory.SubFactory(WebinarFactory)
    uid = factory.LazyFunction(lambda: str(uuid.uuid4()))
    token_hash = factory.LazyAttribute(lambda o: hash_token(derive_token("registration", o.uid)))
    name = factory.Sequence(lambda n: f"Ada Attendee {n}")
    email = factory.Sequence(lambda n: f"ada{n}@example.org")
    email_key = factory.LazyAttribute(lambda o: o.email.lower())
    status = RegistrationStatus.CONFIRMED
    registered_at = EARLIER
    queued_at = EARLIER
    confirmed_at = EARLIER
    updated_at = EARLIER


class FormFieldFactory(Factory):
    class Meta:
        model = FormField

    webinar = factory.SubFactory(WebinarFactory)
    position = factory.Sequence(lambda n: n)
    kind = FieldKind.SHORT_TEXT
    label = factory.Sequence(lambda n: f"Field {n}")
    options = factory.LazyFunction(list)
    created_at = EARLIER
    updated_at = EARLIER


class QuestionFactory(Factory):
    class Meta:
        model = Question

    asker_key = factory.LazyFunction(lambda: f"guest:{uuid.uuid4().hex}")
    submission_key = factory.LazyFunction(lambda: uuid.uuid4().hex)
    author_name = "Quinn"
    text = factory.Sequence(lambda n: f"How transferable is concept {n}?")
    status = QuestionStatus.APPROVED
    asked_at = START


class LogEntryFactory(Factory):
    class Meta:
        model = LogEntry

    number = factory.Sequence(lambda n: n + 1)
    kind = LogEntryKind.RECORDING_STARTED
    at = START


class RecordingFactory(Factory):
    class Meta:
        model = Recording

    kind = RecordingKind.YOUTUBE
    address = "https://www.youtube.com/watch?v=aqz-KE-bpKQ"
    duration_seconds = 5400.0
    created_at = START


class ChapterFactory(Factory):
    class Meta:
        model = Chapter

    position = factory.Sequence(lambda n: n)
    start_seconds = 330.0
    kind = ChapterKind.PRESENTATION
    title = factory.Sequence(lambda n: f"Presentation {n} by Sonia Speaker")
    speakers = factory.LazyFunction(lambda: ["Sonia Speaker"])


class RegistrationPolicyFactory(Factory):
    """The terms of a webinar: those by default but for what is said."""

    class Meta:
        model = RegistrationPolicy

    updated_at = EARLIER


class AccessCodeFactory(Factory):
    class Meta:
        model = AccessCode

    code = factory.Sequence(lambda n: f"CODE{n:06}")
    created_at = EARLIER


class PollFactory(Factory):
    """An open poll, "Which of these?", with two answers unless `options` says otherwise."""

    class Meta:
        model = Poll

    text = "Which of these?"
    kind = PollKind.ONE
    status = PollStatus.OPEN
    opened_at = START

    @factory.post_generation
    def options(self: Any, _create: object, extracted: list[str] | None) -> None:
        for position, text in enumerate(["Red", "Blue"] if extracted is None else extracted):
            option = PollOption(poll_id=self.id, position=position, text=text, key=text.casefold())
            db.session.add(option)
        db.session.commit()


def publish_edition(webinar_id: int) -> None:
    """Let everyone see the replay and the learnings as they stand, whatever the status."""
    webinar = db.session.get_one(Webinar, webinar_id)
    write_edition(webinar, now=START, published_by_id=None)
    db.session.commit()
