"""What the moderators' pages read beside the questions and the run of show."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from eventapp.accounts.models import User
from eventapp.core.db import count_rows, db
from eventapp.core.lists import count_pages
from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.live.queries import WITHOUT_STATES
from eventapp.live.rules import OF_AUDIENCE, RUN
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import AgendaItem, AgendaItemSpeaker, WebinarSpeaker

PER_PAGE = 200

POLLS = frozenset(
    {
        LogEntryKind.POLL_WRITTEN,
        LogEntryKind.POLL_OPENED,
        LogEntryKind.POLL_CLOSED,
        LogEntryKind.POLL_DELETED,
        LogEntryKind.WORD_HIDDEN,
    }
)
ROOM = frozenset({LogEntryKind.ROOM_CHANGED, LogEntryKind.STAGE_MOVED})
# What the log can be narrowed down to, by the name that stands in the address.
LOG_GROUPS = {
    "run": RUN,
    "audience": OF_AUDIENCE,
    "questions": frozenset(LogEntryKind) - RUN - OF_AUDIENCE - POLLS - ROOM,
    "polls": POLLS,
    "room": ROOM,
}


@dataclass(frozen=True, kw_only=True)
class LogLine:
    """An entry, the name of whose act it was, and whether it has been undone."""

    entry: LogEntry
    name: str
    is_undone: bool


@dataclass(frozen=True, kw_only=True)
class LogPage:
    lines: list[LogLine]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return count_pages(self.total, per_page=PER_PAGE)


def list_log_page(webinar_id: int, *, group: str, page: int) -> LogPage:
    """Return one page of the log in order; `group` is a key of LOG_GROUPS, or empty for all."""
    undoing = aliased(LogEntry)
    is_undone = sa.exists().where(undoing.undoes_id == LogEntry.id)
    wanted = sa.select(LogEntry, User.name, is_undone).where(LogEntry.webinar_id == webinar_id)
    if group in LOG_GROUPS:
        wanted = wanted.where(LogEntry.kind.in_(LOG_GROUPS[group]))
    rows = db.session.execute(
        wanted.outerjoin(User, User.id == LogEntry.actor_id)
        .order_by(LogEntry.number)
        .limit(PER_PAGE)
        .offset((page - 1) * PER_PAGE)
        .options(*WITHOUT_STATES)
    )
    lines = [LogLine(entry=e, name=name or "", is_undone=undone) for e, name, undone in rows]
    counted = wanted.with_only_columns(LogEntry.id)
    return LogPage(lines=lines, total=count_rows(counted), page=page)


def list_speakers_of(webinar_id: int) -> list[Speaker]:
    """Whoever appears in the webinar, in a part of its agenda or otherwise, by name."""
    appears = sa.select(WebinarSpeaker.speaker_id).where(WebinarSpeaker.webinar_id == webinar_id)
    speaks = (
        sa.select(AgendaItemSpeaker.speaker_id)
        .join(AgendaItem, AgendaItem.id == AgendaItemSpeaker.agenda_item_id)
        .where(AgendaItem.webinar_id == webinar_id)
    )
    return list(
        db.session.scalars(
            sa.select(Speaker)
            .where(sa.or_(Speaker.id.in_(appears), Speaker.id.in_(speaks)))
            .order_by(sa.func.lower(Speaker.name), Speaker.id)
        )
    )
