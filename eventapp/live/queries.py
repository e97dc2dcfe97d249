"""Reading the live log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, defer, selectinload

from eventapp.accounts.models import User
from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.live.rules import OF_AUDIENCE, OF_PEOPLE, RUN, can_undo, find_zero
from eventapp.questions.desk_queries import is_gone_for_good
from eventapp.questions.models import Question
from eventapp.webinars.models import AgendaItem, AgendaItemSpeaker, Webinar

WITHOUT_STATES = (
    defer(LogEntry.before, raiseload=True),
    defer(LogEntry.after, raiseload=True),
)


@dataclass(frozen=True, kw_only=True)
class Run:
    """The run of show: what holds of it, and the numbers up to which that is true.

    `number` is the newest entry's that can have changed it, `newest` the newest of all. `undoable`
    is the act that an undo would take back, and `undoable_by` the name of whose it is.
    """

    entries: list[LogEntry]
    number: int
    newest: int
    undoable: LogEntry | None
    undoable_by: str


def list_log(webinar_id: int) -> list[LogEntry]:
    """Every entry in the order in which things happened, without the states it keeps."""
    return list(db.session.scalars(_log(webinar_id).options(*WITHOUT_STATES)))


def list_whole_log(webinar_id: int) -> list[LogEntry]:
    """The same with all that is needed to rebuild how everything stood at any moment."""
    return list(db.session.scalars(_log(webinar_id)))


def get_run(webinar_id: int) -> Run:
    """Return the run of show, in four statements however long the log is."""
    undoable, name = find_undoable(webinar_id)
    return Run(
        entries=list_run(webinar_id),
        number=_newest_number(webinar_id, LogEntry.kind.in_(RUN | {LogEntryKind.UNDONE})) or 0,
        newest=find_newest_number(webinar_id) or 0,
        undoable=undoable,
        undoable_by=name,
    )


def list_run(webinar_id: int) -> list[LogEntry]:
    """What holds of going live, recording and the agenda, in order."""
    return list(
        db.session.scalars(
            _log(webinar_id).where(LogEntry.kind.in_(RUN), ~_is_undone()).options(*WITHOUT_STATES)
        )
    )


def find_undoable(webinar_id: int) -> tuple[LogEntry | None, str]:
    """Return the last act that holds if it can be taken back, and the name of whose it is.

    What the audience did is skipped; so is an act on a question that is gone since, which would
    have nothing to give back, and a new address of the stage, whose old one stays given up.
    """
    is_gone = sa.and_(
        LogEntry.kind.not_in(OF_PEOPLE),
        sa.exists().where(Question.id == LogEntry.question_id, is_gone_for_good()),
    )
    row = db.session.execute(
        sa.select(LogEntry, User.name)
        .outerjoin(User, User.id == LogEntry.actor_id)
        .where(
            LogEntry.webinar_id == webinar_id,
            LogEntry.kind.not_in(OF_AUDIENCE | PASSED_OVER),
            ~_is_undone(),
            ~is_gone,
        )
        .order_by(LogEntry.number.desc())
        .limit(1)
    ).first()
    return (row[0], row[1] or "") if row is not None and can_undo(row[0]) else (None, "")


def _log(webinar_id: int) -> sa.Select[LogEntry]:
    return sa.select(LogEntry).where(LogEntry.webinar_id == webinar_id).order_by(LogEntry.number)


PASSED_OVER = frozenset({LogEntryKind.UNDONE, LogEntryKind.STAGE_MOVED})
# Once: an alias copies every column, which takes longer than the query it is for.
_undoing = aliased(LogEntry)


def _is_undone() -> sa.ColumnElement[bool]:
    return sa.exists().where(_undoing.undoes_id == LogEntry.id)


def find_newest_number(webinar_id: int) -> int | None:
    """Return the number of the newest entry; None before the first."""
    return _newest_number(webinar_id)


def _newest_number(webinar_id: int, *conditions: sa.ColumnElement[bool]) -> int | None:
    newest = sa.select(sa.func.max(LogEntry.number))
    return db.session.scalar(newest.where(LogEntry.webinar_id == webinar_id, *conditions))


def has_entry(webinar_id: int, kind: LogEntryKind) -> bool:
    of_kind = sa.exists().where(LogEntry.webinar_id == webinar_id, LogEntry.kind == kind)
    return bool(db.session.scalar(sa.select(of_kind)))


def find_last_act_on(question_id: int) -> tuple[LogEntry | None, str]:
    """Return what a moderator did last with a question, and the moderator's name."""
    row = db.session.execute(
        sa.select(LogEntry, User.name)
        .join(User, User.id == LogEntry.actor_id)
        .where(LogEntry.question_id == question_id)
        .order_by(LogEntry.number.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row and row[1] else (None, "")


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


def find_recording_start(webinar_id: int) -> datetime | None:
    """Return the moment from which the recording's agenda counts, or None without a log."""
    return find_zero(list_log(webinar_id))
