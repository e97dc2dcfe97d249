"""Every read of replays, each in a constant number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.core.files import StoredFile
from eventapp.core.mailer import OutgoingMail
from eventapp.live.queries import get_webinar_with_agenda, list_log
from eventapp.live.rules import derive_moments
from eventapp.questions.models import Question, QuestionStatus
from eventapp.questions.queries import list_answered_questions
from eventapp.questions.reply_queries import STANDING_ID
from eventapp.registrations.models import Registration
from eventapp.registrations.rules import HEARING
from eventapp.replays.editions import Replay, collect, list_file_ids, read_content
from eventapp.replays.models import CaptionTrack, Chapter, Recording, ReplayEdition
from eventapp.replays.rules import (
    Entry,
    from_chapters,
    from_log,
    is_replay_public,
    link_entries,
)
from eventapp.replays.written import find_learnings
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import find_webinar_by_slug


def get_replay(webinar_id: int) -> Replay:
    """Return the replay as it stands on the desk, in four statements."""
    return collect(
        recordings=list_recordings(webinar_id),
        entries=from_chapters(list_chapters(webinar_id)),
        captions=list_captions(webinar_id),
        learnings=find_learnings(webinar_id),
    )


def get_public_replay(webinar_id: int) -> Replay:
    """Return the replay as it was published last, in two statements. Raises NotFound."""
    edition = find_latest_edition(webinar_id)
    if edition is None:
        raise NotFound
    return read_content(edition.content, files=_files_of(edition.content))


def find_latest_edition(webinar_id: int) -> ReplayEdition | None:
    return db.session.scalar(
        sa.select(ReplayEdition)
        .where(ReplayEdition.webinar_id == webinar_id)
        .order_by(ReplayEdition.number.desc())
        .limit(1)
    )


def list_editions(webinar_id: int) -> list[ReplayEdition]:
    """Return every edition, latest first."""
    return list(
        db.session.scalars(
            sa.select(ReplayEdition)
            .where(ReplayEdition.webinar_id == webinar_id)
            .order_by(ReplayEdition.number.desc())
            .options(joinedload(ReplayEdition.published_by))
        )
    )


def get_edition(webinar_id: int, number: int) -> ReplayEdition:
    """Return an edition of this webinar's replay. Raises NotFound."""
    edition = db.session.scalar(
        sa.select(ReplayEdition).where(
            ReplayEdition.webinar_id == webinar_id, ReplayEdition.number == number
        )
    )
    if edition is None:
        raise NotFound
    return edition


def _files_of(content: Mapping[str, Any]) -> dict[int, StoredFile]:
    found = sa.select(StoredFile).where(StoredFile.id.in_(list_file_ids(content)))
    return {stored.id: stored for stored in db.session.scalars(found)}


def list_recordings(webinar_id: int) -> list[Recording]:
    """Return the recordings in order of number, with those that have been replaced."""
    return list(
        db.session.scalars(
            sa.select(Recording)
            .where(Recording.webinar_id == webinar_id)
            .order_by(Recording.number)
            .options(joinedload(Recording.file))
        )
    )


def find_recording(webinar_id: int) -> Recording | None:
    """Return the recording as it stands on the desk."""
    return db.session.scalar(
        sa.select(Recording)
        .where(Recording.webinar_id == webinar_id, Recording.replaced_by.is_(None))
        .order_by(Recording.number)
        .limit(1)
        .options(joinedload(Recording.file))
    )


def list_chapters(webinar_id: int) -> list[Chapter]:
    return _list_chapters(webinar_id, is_dropped=False)


def list_dropped(webinar_id: int) -> list[Chapter]:
    """Return the chapters that were taken out, in order of time."""
    dropped = _list_chapters(webinar_id, is_dropped=True)
    return sorted(dropped, key=lambda chapter: chapter.start_seconds)


def _list_chapters(webinar_id: int, *, is_dropped: bool) -> list[Chapter]:
    return list(
        db.session.scalars(
            sa.select(Chapter)
            .where(Chapter.webinar_id == webinar_id, Chapter.is_dropped == is_dropped)
            .order_by(Chapter.position, Chapter.id)
        )
    )


def get_chapter(chapter_id: int, *, webinar_id: int, is_dropped: bool = False) -> Chapter:
    """Return a chapter of this webinar. Raises NotFound."""
    chapter = db.session.get(Chapter, chapter_id)
    is_there = chapter is not None and chapter.is_dropped == is_dropped
    if chapter is None or not is_there or chapter.webinar_id != webinar_id:
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
) -> list[tuple[Question, int, Registration]]:
    """Return the next that were asked after the id given: each, the answered one's id, who asked.

    One that was merged was answered with the question in which it lives on.
    """
    answered = aliased(Question)
    found = db.session.execute(
        sa.select(Question, answered.id, Registration)
        .join(Question.registration)
        .join(answered, answered.id == STANDING_ID)
        .where(
            Question.webinar_id == webinar_id,
            Question.id > after_id,
            answered.status == QuestionStatus.ANSWERED,
            _hears(),
        )
        .order_by(Question.id)
        .limit(at_most)
        .options(joinedload(Registration.webinar))
    )
    return [(question, standing_id, asker) for question, standing_id, asker in found]


def list_untold_askers(webinar_id: int) -> list[tuple[int, int]]:
    """Return whoever would be sent the moment of an answer, and hasn't been.

    Each as the id of the answered question and of the registration.
    """
    answered = aliased(Question)
    once_key = sa.literal("answered:").concat(sa.cast(Question.id, sa.Text))
    found = db.session.execute(
        sa.select(answered.id, Registration.id)
        .select_from(Question)
        .join(Question.registration)
        .join(answered, answered.id == STANDING_ID)
        .where(
            Question.webinar_id == webinar_id,
            answered.status == QuestionStatus.ANSWERED,
            ~sa.exists().where(OutgoingMail.once_key == once_key),
            _hears(),
        )
    )
    return [(question_id, registration_id) for question_id, registration_id in found]


def list_askers_of(
    question_ids: Collection[int],
) -> dict[int, list[tuple[Question, Registration]]]:
    """Return who asked each of these questions, or one that lives on in it, and in which words.

    Each person once, with what they asked first.
    """
    found = db.session.execute(
        sa.select(STANDING_ID, Question, Registration)
        .join(Question.registration)
        .where(STANDING_ID.in_(question_ids), _hears())
        .order_by(Question.id)
        .options(joinedload(Registration.webinar))
    )
    askers: dict[int, dict[int, tuple[Question, Registration]]] = {}
    for standing_id, question, asker in found:
        askers.setdefault(standing_id, {}).setdefault(asker.id, (question, asker))
    return {standing_id: list(people.values()) for standing_id, people in askers.items()}


def _hears() -> sa.ColumnElement[bool]:
    """Who cancelled the registration, or never confirmed the address, hears nothing of it."""
    return Registration.status.in_(HEARING)


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


def drop_lost_links(entries: list[Entry], *, webinar_id: int) -> list[Entry]:
    """Return the entries without links to questions and agenda items that are gone."""
    questions = set(
        db.session.scalars(sa.select(Question.id).where(Question.webinar_id == webinar_id))
    )
    items = {item.id for item in get_webinar_with_agenda(webinar_id).agenda_items}
    return [
        replace(
            entry,
            question_id=entry.question_id if entry.question_id in questions else None,
            agenda_item_id=entry.agenda_item_id if entry.agenda_item_id in items else None,
        )
        for entry in entries
    ]
