"""Every read of webinars."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, load_only, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from eventapp.core.db import count_rows, db, find_row
from eventapp.core.errors import NotFound
from eventapp.core.lists import contains, count_by_status, count_pages, match_words
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import (
    AgendaItem,
    AgendaItemSpeaker,
    Webinar,
    WebinarSpeaker,
    WebinarStatus,
)
from eventapp.webinars.rules import is_public

PER_PAGE = 20


def get_webinar(webinar_id: int) -> Webinar:
    """Return a webinar in any state, for organisers. Raises NotFound."""
    webinar = db.session.get(Webinar, webinar_id)
    if webinar is None:
        raise NotFound
    return webinar


def find_webinar(webinar_id: int) -> Webinar | None:
    return db.session.get(Webinar, webinar_id)


def get_whole_webinar(webinar_id: int) -> Webinar:
    """Return a webinar with agenda, speakers and cover loaded, in any state. Raises NotFound."""
    webinar = db.session.scalar(
        sa.select(Webinar).where(Webinar.id == webinar_id).options(*whole_webinar())
    )
    if webinar is None:
        raise NotFound
    return webinar


def whole_webinar() -> tuple[LoaderOption, ...]:
    """Loads agenda, speakers and cover in a constant number of statements."""
    return (
        selectinload(Webinar.cover),
        selectinload(Webinar.appearances).joinedload(WebinarSpeaker.speaker),
        selectinload(Webinar.agenda_items)
        .selectinload(AgendaItem.appearances)
        .joinedload(AgendaItemSpeaker.speaker),
    )


def find_webinar_by_slug(slug: str) -> Webinar | None:
    return db.session.scalar(sa.select(Webinar).where(Webinar.slug == slug))


def find_webinar_with_cover(slug: str) -> Webinar | None:
    """Return a webinar and its cover's row in one statement."""
    statement = sa.select(Webinar).where(Webinar.slug == slug)
    return db.session.scalar(statement.options(joinedload(Webinar.cover)))


def get_public_webinar(slug: str) -> Webinar:
    """Return a webinar that anyone may see. Raises NotFound."""
    webinar = find_webinar_by_slug(slug)
    if webinar is None or not is_public(webinar):
        raise NotFound
    return webinar


def get_door(slug: str) -> Webinar:
    """Return what the door of a public webinar's room asks, and no more. Raises NotFound.

    It belongs to no session: it is read by one statement, for whoever comes in to vote.
    """
    row = find_row(FIND_DOOR, slug=slug)
    webinar = Webinar(**row._asdict()) if row is not None else None
    if webinar is None or not is_public(webinar):
        raise NotFound
    return webinar


_webinars = Webinar.metadata.tables[Webinar.__tablename__]
FIND_DOOR = sa.select(
    _webinars.c.id,
    _webinars.c.slug,
    _webinars.c.status,
    _webinars.c.published_at,
    _webinars.c.room_access,
).where(_webinars.c.slug == sa.bindparam("slug"))


def list_webinars_of_speaker(speaker_id: int) -> list[Webinar]:
    """The public webinars that somebody speaks in, latest first."""
    found = db.session.scalars(
        sa.select(Webinar)
        .join(Webinar.appearances)
        .where(WebinarSpeaker.speaker_id == speaker_id)
        .order_by(Webinar.starts_at.desc(), Webinar.id)
    )
    return [webinar for webinar in found if is_public(webinar)]


def speaks_in_public(speaker_id: int) -> bool:
    """Whether a speaker appears in a webinar that anyone may see."""
    webinars = db.session.scalars(
        sa.select(Webinar)
        .join(Webinar.appearances)
        .where(WebinarSpeaker.speaker_id == speaker_id)
        .options(load_only(Webinar.status, Webinar.published_at))
    )
    return any(is_public(webinar) for webinar in webinars)


def lock_webinar(webinar_id: int) -> Webinar:
    """Return the webinar as it is now, and let nobody else change it in this transaction."""
    webinar = db.session.scalar(LOCK_WEBINAR, {"webinar_id": webinar_id})
    if webinar is None:
        raise NotFound
    return webinar


# Built once: whoever registers waits for the time it takes.
LOCK_WEBINAR = (
    sa.select(Webinar)
    .where(Webinar.id == sa.bindparam("webinar_id"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def find_latest_webinar() -> Webinar | None:
    """Return the webinar written down last, whose zone the next one likely shares."""
    return db.session.scalar(sa.select(Webinar).order_by(Webinar.id.desc()).limit(1))


def list_slugs_like(slug: str) -> set[str]:
    """Return the slugs taken that are `slug` or continue it with a number."""
    statement = sa.select(Webinar.slug).where(
        sa.or_(Webinar.slug == slug, Webinar.slug.startswith(f"{slug}-", autoescape=True))
    )
    return set(db.session.scalars(statement))


def get_agenda_item(webinar: Webinar, item_id: int) -> AgendaItem:
    """Return the item of this webinar's agenda. Raises NotFound."""
    for item in webinar.agenda_items:
        if item.id == item_id:
            return item
    raise NotFound


# -- the desk ----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DeskPage:
    """One page of the desk's list; `counts` has every status, whatever is shown."""

    webinars: list[Webinar]
    counts: dict[WebinarStatus, int]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return count_pages(self.total, per_page=PER_PAGE)


def list_for_desk(*, words: str, status: WebinarStatus | None, page: int) -> DeskPage:
    """Return webinars with all of `words` in title or speakers' names, latest start first."""
    matching = match_words(sa.select(Webinar), words, _has_word)
    shown = matching if status is None else matching.where(Webinar.status == status)
    webinars = db.session.scalars(
        shown.order_by(Webinar.starts_at.desc(), Webinar.id.desc())
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(selectinload(Webinar.appearances).joinedload(WebinarSpeaker.speaker))
    )
    return DeskPage(
        webinars=list(webinars),
        counts=count_by_status(matching, Webinar.status, WebinarStatus),
        total=count_rows(shown),
        page=page,
    )


def _has_word(word: str) -> sa.ColumnElement[bool]:
    speaks = sa.select(WebinarSpeaker.webinar_id).join(Speaker).where(contains(Speaker.name, word))
    return sa.or_(contains(Webinar.title, word), Webinar.id.in_(speaks))
