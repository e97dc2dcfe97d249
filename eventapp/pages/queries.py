"""What the public pages show, each page in a constant number of statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.core.db import count_rows, db, find_row
from eventapp.core.errors import NotFound
from eventapp.core.files import StoredFile, read_file
from eventapp.core.lists import contains, count_pages, match_words
from eventapp.core.revision import current_revision
from eventapp.registrations.models import Registration, RegistrationMode, RegistrationPolicy
from eventapp.registrations.queries import taken_in, takes_seat
from eventapp.registrations.rules import Policy
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import Webinar, WebinarSpeaker, WebinarStatus
from eventapp.webinars.rules import OPEN, WITH_REPLAY

PER_PAGE = 12
LISTED = OPEN | {WebinarStatus.ENDED} | WITH_REPLAY
STILL_SHOWN = timedelta(hours=6)
WITH_SPEAKERS = selectinload(Webinar.appearances).joinedload(WebinarSpeaker.speaker)

# Built once, of plain columns: this is all that most visits cost.
_webinar, _policy = Webinar.__table__.c, RegistrationPolicy.__table__.c
_COLUMNS = (
    _webinar.id,
    current_revision,
    _webinar.status,
    _webinar.ends_at,
    _webinar.capacity,
    sa.case(
        (_webinar.capacity.is_(None), 0),
        else_=taken_in(_webinar.id),
    ),
    _webinar.published_at,
    _policy.mode,
    _policy.opens_at,
    _policy.closes_at,
)
SELECT_STATE = (
    sa.select(*_COLUMNS)
    .outerjoin_from(Webinar.__table__, RegistrationPolicy.__table__)
    .where(_webinar.slug == sa.bindparam("slug"))
)


@dataclass(frozen=True, kw_only=True)
class PageState:
    """All that decides what a webinar's page looks like, read in one statement.

    `policy` has what a reader is told of the terms: who may register, and from when until when.
    """

    webinar_id: int
    revision: int
    status: WebinarStatus
    ends_at: datetime
    capacity: int | None
    seats_taken: int
    policy: Policy

    @property
    def seats_left(self) -> int | None:
        return None if self.capacity is None else max(self.capacity - self.seats_taken, 0)


def get_page_state(slug: str, *, for_organiser: bool) -> PageState:
    """Return the state of a webinar's page; only organisers find what was never published."""
    row = find_row(SELECT_STATE, slug=slug)
    if row is None or (row.published_at is None and not for_organiser):
        raise NotFound
    webinar_id, revision, status, ends_at, capacity, seats_taken, _, mode, opens, closes = row
    return PageState(
        webinar_id=webinar_id,
        revision=revision,
        status=status,
        ends_at=ends_at,
        capacity=capacity,
        seats_taken=seats_taken,
        policy=Policy(mode=mode or RegistrationMode.OPEN, opens_at=opens, closes_at=closes),
    )


def find_shared(slug: str) -> PageState | None:
    """Return the state of a webinar whose replay anyone may watch, wherever it is shown.

    Raises NotFound where there is no such webinar, or none that was published.
    """
    state = get_page_state(slug, for_organiser=False)
    return state if state.status in WITH_REPLAY else None


def read_photos(speakers: Iterable[Speaker]) -> dict[int, bytes]:
    """Return the contents of the speakers' photos by the ids of their files."""
    wanted = {speaker.photo_id for speaker in speakers if speaker.photo_id is not None}
    found = db.session.scalars(sa.select(StoredFile).where(StoredFile.id.in_(wanted)))
    return {stored.id: read_file(stored) for stored in found}


def get_revision() -> int:
    revision: int = db.session.execute(sa.select(current_revision)).scalar_one()
    return revision


def count_seats_left(webinars: Iterable[Webinar]) -> dict[int, int]:
    """Return the seats left, by the webinar's id; those without a limit are left out."""
    limited = {each.id: each.capacity for each in webinars if each.capacity is not None}
    taken = dict(
        iter(
            db.session.execute(
                sa.select(Registration.webinar_id, sa.func.count())
                .where(
                    Registration.webinar_id.in_(limited),
                    takes_seat(),
                )
                .group_by(Registration.webinar_id)
            )
        )
    )
    return {key: max(capacity - taken.get(key, 0), 0) for key, capacity in limited.items()}


def list_coming(*, now: datetime, limit: int) -> list[Webinar]:
    """What is live or still ahead, soonest first."""
    return _list(
        Webinar.status.in_(OPEN),
        Webinar.ends_at > now - STILL_SHOWN,
        order=(Webinar.starts_at.asc(), Webinar.id.asc()),
        limit=limit,
    )


def list_replays(*, limit: int) -> list[Webinar]:
    """Webinars with a replay, latest first."""
    return _list(
        Webinar.status.in_(WITH_REPLAY),
        order=(Webinar.starts_at.desc(), Webinar.id.desc()),
        limit=limit,
    )


def _list(
    *conditions: sa.ColumnElement[bool], order: tuple[sa.UnaryExpression[Any], ...], limit: int
) -> list[Webinar]:
    statement = sa.select(Webinar).where(*conditions).order_by(*order).limit(limit)
    return list(db.session.scalars(statement.options(WITH_SPEAKERS)))


@dataclass(frozen=True, kw_only=True)
class ArchivePage:
    webinars: list[Webinar]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return count_pages(self.total, per_page=PER_PAGE)


def search_webinars(*, words: str, show: str, now: datetime, page: int) -> ArchivePage:
    """One page of the archive: webinars with all of `words` in title, summary or speakers' names.

    `show` is "coming", "replay" or "" for all. What comes is in order of time, what was latest
    first.
    """
    statement = sa.select(Webinar).where(Webinar.status.in_(LISTED))
    if show == "coming":
        statement = statement.where(Webinar.status.in_(OPEN), Webinar.ends_at > now - STILL_SHOWN)
    elif show == "replay":
        statement = statement.where(Webinar.status.in_(WITH_REPLAY))
    statement = match_words(statement, words, _has_word)
    by_time = Webinar.starts_at.asc() if show == "coming" else Webinar.starts_at.desc()
    total = count_rows(statement)
    found = db.session.scalars(
        statement.order_by(by_time, Webinar.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(WITH_SPEAKERS)
    )
    return ArchivePage(webinars=list(found), total=total, page=page)


def _has_word(word: str) -> sa.ColumnElement[bool]:
    speaks = (
        sa.select(WebinarSpeaker.webinar_id)
        .join(Speaker)
        .where(contains(Speaker.name, word))
        .scalar_subquery()
    )
    return sa.or_(
        contains(Webinar.title, word), contains(Webinar.summary, word), Webinar.id.in_(speaks)
    )
