"""What the lists of messages share: of one webinar or of all, by kind, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from flask import request
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.base import ExecutableOption

from eventapp.core.db import count_rows, db
from eventapp.core.lists import count_by_status, count_pages, read_page, read_words
from eventapp.core.mailer import OutgoingMail
from eventapp.messages.models import IncomingMail
from eventapp.webinars.models import Webinar

PER_PAGE = 50

Mail = TypeVar("Mail", OutgoingMail, IncomingMail)
Kind = TypeVar("Kind", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Wanted(Generic[Kind]):
    """What of a list is asked for: to or from whom, of which kind, and which page."""

    words: str = ""
    kind: Kind | None = None
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class MailPage(Generic[Mail, Kind]):
    """One page of a list; `counts` has every kind, whichever is shown."""

    mails: list[Mail]
    counts: dict[Kind, int]
    webinar_titles: dict[int, str]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return count_pages(self.total, per_page=PER_PAGE)

    @property
    def all_count(self) -> int:
        return sum(self.counts.values())


def read_wanted(name: str, kinds: type[Kind]) -> Wanted[Kind]:
    """Return what the request asks for; of which kind stands in the argument `name`."""
    asked = request.args.get(name, "")
    kind = kinds(asked) if asked in list(kinds) else None
    return Wanted(words=read_words(), kind=kind, page=read_page())


def turn_to(
    matching: sa.Select[Mail],
    wanted: Wanted[Kind],
    *,
    by: InstrumentedAttribute[Kind],
    kinds: type[Kind],
    order: Sequence[sa.ColumnElement[Any]],
    options: Sequence[ExecutableOption] = (),
    with_titles: bool,
) -> MailPage[Mail, Kind]:
    """Return the page that is wanted; `with_titles` of the webinars that it is about."""
    shown = matching if wanted.kind is None else matching.where(by == wanted.kind)
    of_page = shown.limit(PER_PAGE).offset((wanted.page - 1) * PER_PAGE)
    mails = list(db.session.scalars(of_page.order_by(*order).options(*options)))
    return MailPage(
        mails=mails,
        counts=count_by_status(matching, by, kinds),
        webinar_titles=_titles_of(mails) if with_titles else {},
        total=count_rows(shown),
        page=wanted.page,
    )


def _titles_of(mails: Sequence[OutgoingMail] | Sequence[IncomingMail]) -> dict[int, str]:
    wanted = {mail.webinar_id for mail in mails if mail.webinar_id is not None}
    rows = db.session.execute(sa.select(Webinar.id, Webinar.title).where(Webinar.id.in_(wanted)))
    return dict(iter(rows))


def say_where(webinar: Webinar | None, *, of_one: str, of_all: str) -> dict[str, Any]:
    """Return whose list a page shows, and where its own links lead."""
    if webinar is None:
        return {"webinar": None, "endpoint": of_all, "arguments": {}}
    return {"webinar": webinar, "endpoint": of_one, "arguments": {"webinar_id": webinar.id}}
