"""Every read of speakers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.core.db import count_rows, db
from eventapp.core.errors import NotFound
from eventapp.core.lists import contains, count_pages, match_words
from eventapp.speakers.models import Speaker

PER_PAGE = 30


@dataclass(frozen=True, kw_only=True)
class SpeakersPage:
    speakers: list[Speaker]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return count_pages(self.total, per_page=PER_PAGE)


def get_speaker(speaker_id: int) -> Speaker:
    """Return a speaker with the photo's row. Raises NotFound."""
    speaker = db.session.get(Speaker, speaker_id, options=[joinedload(Speaker.photo)])
    if speaker is None:
        raise NotFound
    return speaker


def lock_speaker(speaker_id: int) -> Speaker:
    """Return the speaker as they are now, and let nobody else change them in this transaction."""
    speaker = db.session.scalar(
        sa.select(Speaker)
        .where(Speaker.id == speaker_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if speaker is None:
        raise NotFound
    return speaker


def list_speakers(*, words: str, page: int) -> SpeakersPage:
    """Return one page of speakers with all of `words` in name or affiliation, by name."""
    found = match_words(sa.select(Speaker), words, _has_word)
    shown = found.order_by(sa.func.lower(Speaker.name), Speaker.id)
    speakers = db.session.scalars(shown.limit(PER_PAGE).offset((page - 1) * PER_PAGE))
    return SpeakersPage(speakers=list(speakers), total=count_rows(found), page=page)


def list_other_speakers(*, than: Collection[int]) -> list[Speaker]:
    """Return every speaker whose id isn't among `than`, by name."""
    statement = sa.select(Speaker).where(Speaker.id.not_in(than))
    return list(db.session.scalars(statement.order_by(sa.func.lower(Speaker.name), Speaker.id)))


def _has_word(word: str) -> sa.ColumnElement[bool]:
    return sa.or_(contains(Speaker.name, word), contains(Speaker.affiliation, word))
