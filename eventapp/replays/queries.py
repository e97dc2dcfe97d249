"""Every read of replays, each in a constant number of statements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.live.queries import get_webinar_with_agenda, list_log
from eventapp.live.rules import derive_moments
from eventapp.questions.models import Question, QuestionStatus
from eventapp.questions.queries import list_answered_questions
from eventapp.registrations.models import Registration
from eventapp.registrations.rules import HEARING
from eventapp.replays.models import CaptionTrack, Chapter, Recording
from eventapp.replays.rules import (
    Entry,
    from_chapters,
    from_log,
    is_replay_public,
    link_entries,
    offset_of,
)
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import find_webinar_by_slug


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What is there of a replay; `entries` are its chapters in their order."""

    recording: Recording | None
    entries: list[Entry]
    captions: list[CaptionTrack]

    @property
    def offset(self) -> float:
        return offset_of(self.recording)

    @property
    def duration(self) -> float | None:
        return self.recording.duration_seconds if self.recording else None


def get_replay(webinar_id: int) -> Replay:
    """Return the recording with its file, the agenda and the captions, in three statements."""
    return Replay(
        recording=find_recording(webinar_id),
        entries=from_chapters(list_chapters(webinar_id)),
        captions=list_captions(webinar_id),
    )


def find_recording(webinar_id: int) -> Recording | None:
    return db.session.scalar(
        sa.select(Recording)
        .where(Recording.webinar_id == webinar_id)
        .options(joinedload(Recording.file))
    )


def list_chapters(webinar_id: int) -> list[Chapter]:
    return list(
        db.session.scalars(
            sa.select(Chapter)
            .where(Chapter.webinar_id == webinar_id)
            .order_by(Chapter.position, Chapter.id)
        )
    )


def get_chapter(chapter_id: int, *, webinar_id: int) -> Chapter:
    """Return a chapter of this webinar. Raises NotFound."""
    chapter = db.session.get(Chapter, chapter_id)
    if chapter is None or chapter.webinar_id != webinar_id:
        raise NotFound
    return chapter


def list_captions(webinar_id: int) -> list[CaptionTrack]:
    return list(
        db.session.scalars(
            sa.select(CaptionTrack)
            .where(CaptionTrack.webinar_id == webinar_id)
            .order_by(CaptionTrack.language)
            .options(joinedload(CaptionTrack.file))
        )
    )


def find_captions(webinar_id: int, *, language: str) -> CaptionTrack | None:
    return db.session.scalar(
        sa.select(CaptionTrack)
        .where(CaptionTrack.webinar_id == webinar_id, CaptionTrack.language == language)
        .options(joinedload(CaptionTrack.file))
    )


def get_shown_webinar(slug: str, *, for_organiser: bool) -> Webinar:
    """Return a webinar whose replay is public, or any for organisers. Raises NotFound."""
    webinar = find_webinar_by_slug(slug)
    if webinar is None or not (for_organiser or is_replay_public(webinar)):
        raise NotFound
    return webinar


def list_answered_with_askers(
    webinar_id: int, *, after_id: int, at_most: int
) -> list[tuple[int, Question, Registration]]:
    """Return the next that were asked after the id given: its id, the answered question, who asked.

    One that was merged was answered with the question in which it lives on.
    """
    asked = aliased(Question)
    found = db.session.execute(
        sa.select(asked.id, Question, Registration)
        .join(asked, asked.registration_id == Registration.id)
        .join(Question, Question.id == sa.func.coalesce(asked.merged_into_id, asked.id))
        .where(
            Question.webinar_id == webinar_id,
            asked.id > after_id,
            Question.status == QuestionStatus.ANSWERED,
            *_hears(),
        )
        .order_by(asked.id)
        .limit(at_most)
        .options(joinedload(Registration.webinar))
    )
    return [(asked_id, question, asker) for asked_id, question, asker in found]


def list_askers_of(question_ids: Collection[int]) -> dict[int, list[Registration]]:
    """Return who asked each of these questions, or one that lives on in it; each person once."""
    standing_id = sa.func.coalesce(Question.merged_into_id, Question.id)
    found = db.session.execute(
        sa.select(standing_id, Registration)
        .join(Question.registration)
        .where(standing_id.in_(question_ids), *_hears())
        .distinct()
        .order_by(Registration.id)
        .options(joinedload(Registration.webinar))
    )
    askers: dict[int, list[Registration]] = {}
    for question_id, asker in found:
        askers.setdefault(question_id, []).append(asker)
    return askers


def _hears() -> tuple[sa.ColumnElement[bool], ...]:
    """Who cancelled the registration, or never confirmed the address, hears nothing of it."""
    return (Registration.status.in_(HEARING),)


def derive_entries(webinar_id: int) -> list[Entry]:
    """Return the agenda that the live log tells; nothing where nothing was noted."""
    items = {item.id: item for item in get_webinar_with_agenda(webinar_id).agenda_items}
    return from_log(derive_moments(list_log(webinar_id)), items=items)


def link_to_webinar(entries: list[Entry], *, webinar_id: int) -> list[Entry]:
    """Return the entries with the answered questions and agenda items that they speak of."""
    webinar = get_webinar_with_agenda(webinar_id)
    return link_entries(
        entries,
        known=from_chapters(list_chapters(webinar_id)),
        questions={q.text: q.id for q in list_answered_questions(webinar_id)},
        items={item.title: item.id for item in webinar.agenda_items},
    )
