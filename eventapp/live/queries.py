"""Reading the live log."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.webinars.models import AgendaItem, AgendaItemSpeaker, Webinar


def list_log(webinar_id: int) -> list[LogEntry]:
    """Every entry in the order in which things happened."""
    return list(
        db.session.scalars(
            sa.select(LogEntry).where(LogEntry.webinar_id == webinar_id).order_by(LogEntry.number)
        )
    )


def find_newest_number(webinar_id: int) -> int | None:
    """Return the number of the newest entry; None before the first."""
    newest = sa.select(sa.func.max(LogEntry.number)).where(LogEntry.webinar_id == webinar_id)
    return db.session.scalar(newest)


def has_entry(webinar_id: int, kind: LogEntryKind) -> bool:
    of_kind = sa.exists().where(LogEntry.webinar_id == webinar_id, LogEntry.kind == kind)
    return bool(db.session.scalar(sa.select(of_kind)))


def get_webinar_with_agenda(webinar_id: int) -> Webinar:
    """Return the webinar with its agenda and who speaks in it, in three statements."""
    webinar = db.session.scalar(
        sa.select(Webinar)
        .where(Webinar.id == webinar_id)
        .options(
            selectinload(Webinar.agenda_items)
            .selectinload(AgendaItem.appearances)
            .joinedload(AgendaItemSpeaker.speaker)
        )
        .execution_options(populate_existing=True)
    )
    if webinar is None:
        raise NotFound
    return webinar


def list_entries_about(question_ids: Sequence[int]) -> list[LogEntry]:
    """Return every act on these questions, in order, undone ones too."""
    return list(
        db.session.scalars(
            sa.select(LogEntry)
            .where(LogEntry.question_id.in_(question_ids))
            .order_by(LogEntry.webinar_id, LogEntry.number)
        )
    )
