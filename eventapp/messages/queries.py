"""Every read of the mail ledger for the desk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from eventapp.core.db import count_rows, db
from eventapp.core.errors import NotFound
from eventapp.core.lists import contains, count_by_status, count_pages, match_words
from eventapp.core.mailer import MailStatus, OutgoingMail
from eventapp.messages.models import Broadcast, IncomingMail
from eventapp.registrations.mails import door_of
from eventapp.registrations.models import Registration
from eventapp.registrations.queries import takes_code_to
from eventapp.webinars.models import Webinar

PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class LedgerPage:
    """One page of the ledger; `counts` has every status, whichever is shown."""

    mails: list[OutgoingMail]
    counts: dict[MailStatus, int]
    webinar_titles: dict[int, str]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return count_pages(self.total, per_page=PER_PAGE)

    @property
    def all_count(self) -> int:
        return sum(self.counts.values())


def get_mail(mail_id: int) -> OutgoingMail:
    """Return a message. Raises NotFound."""
    mail = db.session.get(OutgoingMail, mail_id)
    if mail is None:
        raise NotFound
    return mail


def list_mails(
    *, webinar_id: int | None = None, words: str = "", status: MailStatus | None, page: int
) -> LedgerPage:
    """Return messages, newest first: of one webinar or of all, to people that match `words`."""
    matching = sa.select(OutgoingMail)
    if webinar_id is not None:
        matching = matching.where(OutgoingMail.webinar_id == webinar_id)
    matching = match_words(matching, words, _has_word)
    shown = matching if status is None else matching.where(OutgoingMail.status == status)
    mails = list(
        db.session.scalars(
            shown.order_by(OutgoingMail.id.desc()).limit(PER_PAGE).offset((page - 1) * PER_PAGE)
        )
    )
    return LedgerPage(
        mails=mails,
        counts=count_by_status(matching, OutgoingMail.status, MailStatus),
        webinar_titles={} if webinar_id else _titles_of({mail.webinar_id for mail in mails}),
        total=count_rows(shown),
        page=page,
    )


def has_newer_calendar(mail: OutgoingMail) -> bool:
    """Whether a later calendar entry was written to the same person for the same registration."""
    newer = sa.select(OutgoingMail.id).where(
        OutgoingMail.door == mail.door,
        OutgoingMail.id > mail.id,
        OutgoingMail.calendar_method.is_not(None),
    )
    return db.session.execute(newer.limit(1)).first() is not None


def list_mails_to(registration: Registration) -> list[OutgoingMail]:
    """Return what was written to an attendee, in order."""
    return list(
        db.session.scalars(
            sa.select(OutgoingMail)
            .where(_is_to(registration))
            .order_by(OutgoingMail.id)
            .options(joinedload(OutgoingMail.body))
        )
    )


def list_mails_from(registration: Registration) -> list[IncomingMail]:
    """Return what an attendee wrote, and what came back of messages to them."""
    is_theirs = sa.or_(
        IncomingMail.registration_id == registration.id,
        IncomingMail.mail_id.in_(sa.select(OutgoingMail.id).where(_is_to(registration))),
        sa.and_(
            IncomingMail.webinar_id == registration.webinar_id,
            sa.func.lower(IncomingMail.from_address) == registration.email_key,
        ),
    )
    return list(
        db.session.scalars(sa.select(IncomingMail).where(is_theirs).order_by(IncomingMail.id))
    )


def _is_to(registration: Registration) -> sa.ColumnElement[bool]:
    return sa.or_(OutgoingMail.door == door_of(registration), takes_code_to(registration))


def list_broadcasts(webinar_id: int) -> list[Broadcast]:
    """Return what organisers wrote to a webinar's people, newest first."""
    return list(
        db.session.scalars(
            sa.select(Broadcast)
            .where(Broadcast.webinar_id == webinar_id)
            .order_by(Broadcast.id.desc())
        )
    )


def _titles_of(webinar_ids: Iterable[int | None]) -> dict[int, str]:
    wanted = [webinar_id for webinar_id in webinar_ids if webinar_id is not None]
    rows = db.session.execute(sa.select(Webinar.id, Webinar.title).where(Webinar.id.in_(wanted)))
    return dict(iter(rows))


def _has_word(word: str) -> sa.ColumnElement[bool]:
    columns = (OutgoingMail.to_name, OutgoingMail.to_address, OutgoingMail.subject)
    return sa.or_(*(contains(column, word) for column in columns))
