"""The public archive's replays, page by page, with what feeds say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, selectinload

from eventapp.core.db import db
from eventapp.replays.models import CaptionTrack, Chapter, Recording
from eventapp.webinars.models import Webinar, WebinarSpeaker
from eventapp.webinars.rules import WITH_REPLAY

PER_FEED = 50
WITH_SPEAKERS = selectinload(Webinar.appearances).joinedload(WebinarSpeaker.speaker)


@dataclass(frozen=True, kw_only=True)
class Episode:
    """A public replay; `languages` are those of its captions."""

    webinar: Webinar
    recording: Recording | None
    has_chapters: bool
    languages: list[str] = field(default_factory=list)

    @property
    def published_at(self) -> datetime:
        webinar = self.webinar
        return webinar.replay_published_at or webinar.ended_at or webinar.ends_at

    @property
    def updated_at(self) -> datetime:
        """When something of it changed last, as far as its rows tell."""
        moments = [self.webinar.updated_at, self.published_at]
        moments += [speaker.updated_at for speaker in self.webinar.speakers]
        if self.recording is not None:
            moments.append(self.recording.created_at)
            moments += [self.recording.file.created_at] if self.recording.file else []
        return max(moments)


@dataclass(frozen=True, kw_only=True)
class EpisodePage:
    """One page of a feed, latest first, counted from 1."""

    episodes: list[Episode]
    number: int
    has_more: bool


def list_episodes(*, page: int, only_files: bool) -> EpisodePage:
    """Return a page of the public replays; with `only_files` those whose recording is our file.

    In a constant number of statements.
    """
    statement = (
        sa.select(Webinar, Recording)
        .outerjoin(Recording, Recording.webinar_id == Webinar.id)
        .outerjoin(Recording.file)
        .where(Webinar.status.in_(WITH_REPLAY))
        .order_by(Webinar.starts_at.desc(), Webinar.id.desc())
        .limit(PER_FEED + 1)
        .offset((page - 1) * PER_FEED)
        .options(WITH_SPEAKERS, contains_eager(Recording.file))
    )
    if only_files:
        statement = statement.where(Recording.file_id.is_not(None))
    rows = list(db.session.execute(statement))
    ids = [webinar.id for webinar, _recording in rows]
    with_chapters = set(
        db.session.scalars(
            sa.select(Chapter.webinar_id).where(Chapter.webinar_id.in_(ids)).distinct()
        )
    )
    languages = _list_languages(ids)
    episodes = [
        Episode(
            webinar=webinar,
            recording=recording,
            has_chapters=webinar.id in with_chapters,
            languages=languages.get(webinar.id, []),
        )
        for webinar, recording in rows[:PER_FEED]
    ]
    return EpisodePage(episodes=episodes, number=page, has_more=len(rows) > PER_FEED)


def _list_languages(webinar_ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for webinar_id, language in db.session.execute(
        sa.select(CaptionTrack.webinar_id, CaptionTrack.language)
        .where(CaptionTrack.webinar_id.in_(webinar_ids))
        .order_by(CaptionTrack.language)
    ):
        found.setdefault(webinar_id, []).append(language)
    return found
