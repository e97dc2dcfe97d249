"""Reading the live log."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.live.models import LogEntry
from eventapp.webinars.models import AgendaItem, AgendaItemSpeaker, Webinar


def list_log(webinar_id: int) -> list[LogEntry]:
    """Every entry in the order in which things happened."""
    return list(
        db.session.scalars(
            sa.select(LogEntry).where(LogEntry.webinar_id == webinar_id).order_by(LogEntry.number)
        )
    )


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
