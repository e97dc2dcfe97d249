"""Every read of incoming mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import defer

from eventapp.core.db import count_rows, db
from eventapp.core.errors import NotFound
from eventapp.core.lists import contains, count_by_status, count_pages, match_words
from eventapp.core.mailer import OutgoingMail
from eventapp.messages.models import IncomingKind, IncomingMail
from eventapp.registrations.models import ErasedDoor, Registration
from eventapp.webinars.models import Webinar

PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class IncomingPage:
    """One page of what came; `counts` has every kind, whichever is shown."""

    mails: list[IncomingMail]
    counts: dict[IncomingKind, int]
    webinar_titles: dict[int, str]
    total: int
    unread: int
    page: int

    @property
    def pages(self) -> int:
        return count_pages(self.total, per_page=PER_PAGE)

    @property
    def all_count(self) -> int:
        return sum(self.counts.values())


def is_known(message_id: str) -> bool:
    found = sa.select(IncomingMail.id).where(IncomingMail.message_id == message_id)
    return db.session.execute(found).first() is not None


def find_registration_by_uid(uid: str) -> Registration | None:
    return db.session.scalar(sa.select(Registration).where(Registration.uid == uid))


def find_outgoing(mail_id: int) -> OutgoingMail | None:
    return db.session.get(OutgoingMail, mail_id)


def is_of_erased(mail: OutgoingMail) -> bool:
    """Whether a message went to who is erased: it is empty, or about to be."""
    is_going = mail.door is not None and db.session.get(ErasedDoor, mail.door) is not None
    return not mail.to_address or is_going


def find_newest_stamp(registration_id: int) -> datetime | None:
    """Return when a person's calendar gave the newest of its answers that were good."""
    return db.session.scalar(
        sa.select(sa.func.max(IncomingMail.stamped_at)).where(
            IncomingMail.registration_id == registration_id,
            IncomingMail.outcome.in_(("noted", "cancelled")),
        )
    )


def get_incoming(mail_id: int) -> IncomingMail:
    """Return what came. Raises NotFound."""
    mail = db.session.get(IncomingMail, mail_id)
    if mail is None:
        raise NotFound
    return mail


def list_incoming(
    *, webinar_id: int | None = None, words: str = "", kind: IncomingKind | None, page: int
) -> IncomingPage:
    """Return what came for one webinar or for all: unread first, then the newest."""
    matching = match_words(_of_webinar(webinar_id), words, _has_word)
    shown = matching if kind is None else matching.where(IncomingMail.kind == kind)
    mails = list(
        db.session.scalars(
            shown.order_by(IncomingMail.read_at.is_not(None), IncomingMail.id.desc())
            .limit(PER_PAGE)
            .offset((page - 1) * PER_PAGE)
            .options(defer(IncomingMail.text))
        )
    )
    return IncomingPage(
        mails=mails,
        counts=count_by_status(matching, IncomingMail.kind, IncomingKind),
        webinar_titles={} if webinar_id else _titles_of(mails),
        total=count_rows(shown),
        unread=count_unread(webinar_id=webinar_id),
        page=page,
    )


def count_unread(*, webinar_id: int | None = None) -> int:
    return count_rows(_of_webinar(webinar_id).where(IncomingMail.read_at.is_(None)))


def _of_webinar(webinar_id: int | None) -> sa.Select[IncomingMail]:
    all_of_them = sa.select(IncomingMail)
    if webinar_id is None:
        return all_of_them
    return all_of_them.where(IncomingMail.webinar_id == webinar_id)


def _titles_of(mails: list[IncomingMail]) -> dict[int, str]:
    wanted = {mail.webinar_id for mail in mails}
    rows = db.session.execute(sa.select(Webinar.id, Webinar.title).where(Webinar.id.in_(wanted)))
    return dict(iter(rows))


def _has_word(word: str) -> sa.ColumnElement[bool]:
    columns = (IncomingMail.from_name, IncomingMail.from_address, IncomingMail.subject)
    return sa.or_(*(contains(column, word) for column in columns))
