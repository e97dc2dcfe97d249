"""The public archive's replays, page by page, with what feeds say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.core.db import db
from eventapp.core.files import StoredFile
from eventapp.replays.editions import read_content
from eventapp.replays.models import Recording, ReplayEdition, ReplayEditionFile
from eventapp.webinars.models import Webinar, WebinarSpeaker
from eventapp.webinars.rules import WITH_REPLAY

PER_FEED = 50
CAPTIONS = "text/vtt"
WITH_SPEAKERS = selectinload(Webinar.appearances).joinedload(WebinarSpeaker.speaker)


@dataclass(frozen=True, kw_only=True)
class Episode:
    """A public replay; `languages` are those of its captions."""

    webinar: Webinar
    recording: Recording | None
    has_chapters: bool
    edition_at: datetime
    languages: list[str] = field(default_factory=list)

    @property
    def published_at(self) -> datetime:
        webinar = self.webinar
        return webinar.replay_published_at or webinar.ended_at or webinar.ends_at

    @property
    def updated_at(self) -> datetime:
        """When something of it changed last, as far as its rows tell."""
        moments = [self.webinar.updated_at, self.published_at, self.edition_at]
        moments += [speaker.updated_at for speaker in self.webinar.speakers]
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
    latest = sa.select(
        ReplayEdition.webinar_id, sa.func.max(ReplayEdition.number).label("number")
    ).group_by(ReplayEdition.webinar_id)
    newest = latest.subquery()
    statement = (
        sa.select(Webinar, ReplayEdition)
        .join(ReplayEdition, ReplayEdition.webinar_id == Webinar.id)
        .join(
            newest,
            sa.and_(
                newest.c.webinar_id == ReplayEdition.webinar_id,
                newest.c.number == ReplayEdition.number,
            ),
        )
        .where(Webinar.status.in_(WITH_REPLAY))
        .order_by(Webinar.starts_at.desc(), Webinar.id.desc())
        .limit(PER_FEED + 1)
        .offset((page - 1) * PER_FEED)
        .options(
            WITH_SPEAKERS, selectinload(ReplayEdition.files).joinedload(ReplayEditionFile.file)
        )
    )
    if only_files:
        statement = statement.where(
            ReplayEdition.files.any(ReplayEditionFile.file.has(StoredFile.media_type != CAPTIONS))
        )
    rows = list(db.session.execute(statement))
    episodes = [_describe(webinar, edition) for webinar, edition in rows[:PER_FEED]]
    return EpisodePage(episodes=episodes, number=page, has_more=len(rows) > PER_FEED)


def _describe(webinar: Webinar, edition: ReplayEdition) -> Episode:
    files = {each.file_id: each.file for each in edition.files}
    replay = read_content(edition.content, files=files)
    return Episode(
        webinar=webinar,
        recording=replay.recording,
        has_chapters=bool(replay.entries),
        languages=[track.language for track in replay.captions],
        edition_at=edition.published_at,
    )
