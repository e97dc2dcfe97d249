"""Writing the log: who did what, when, and how what they touched stood before and after.

    webinar = lock_webinar(webinar_id)
    with acting(webinar, kind, actor_id=…, now=…, question=question, touched=[question]) as act:
        …                 # refuses, changes rows, records events
        act.make(reply)   # what was made by the act

The entry is written when the act is over; one that is refused, or changes nothing, leaves none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from eventapp.core.db import Base, db, record
from eventapp.live.changes import State, remember, remember_absence, to_text
from eventapp.live.events import ActLogged
from eventapp.live.models import LogEntry, LogEntryKind
from eventapp.live.queries import find_newest_number
from eventapp.polls.models import Poll
from eventapp.questions.models import Question
from eventapp.webinars.models import AgendaItem, Webinar


@dataclass(kw_only=True)
class Act:
    """What an act has touched so far, each with how it stood before."""

    touched: list[Base] = field(default_factory=list)
    before: list[State] = field(default_factory=list)

    def touch(self, *rows: Base) -> None:
        """Note how `rows` stand, before they are changed or deleted."""
        self.touched += rows
        self.before += remember(*rows)

    def make(self, *rows: Base) -> None:
        """Note that `rows` are there only through this act."""
        db.session.flush()
        self.touched += rows
        self.before += remember_absence(*rows)


@contextmanager
def acting(
    webinar: Webinar,
    kind: LogEntryKind,
    *,
    actor_id: int | None,
    now: datetime,
    touched: Sequence[Base] = (),
    question: Question | None = None,
    poll: Poll | None = None,
    agenda_item: AgendaItem | None = None,
    title: str = "",
    undoes_id: int | None = None,
) -> Iterator[Act]:
    """Do an act inside, under the webinar's lock, and write it into the log. Records ActLogged.

    `touched` are the rows that it may change: an undo gives back what it did change, and from how
    they stand afterwards the state at any moment is rebuilt. The entry is about `question`, `poll`
    or `agenda_item`, by whose words it is called unless it has a `title`.
    """
    act = Act()
    act.touch(*touched)
    poll_id = poll.id if poll else None
    yield act
    db.session.flush()
    after = remember(*act.touched)
    if act.touched and after == act.before:
        return
    entry = LogEntry(
        kind=kind,
        at=now,
        actor_id=actor_id,
        question_id=question.id if question else None,
        poll_id=poll_id if poll and poll in db.session else None,
        agenda_item_id=agenda_item.id if agenda_item else None,
        title=title or _words_of(question, poll, agenda_item),
        before=to_text(act.before),
        after=to_text(after),
        undoes_id=undoes_id,
    )
    append_entry(webinar.id, entry)
    record(ActLogged(webinar_id=webinar.id))


def append_entry(webinar_id: int, entry: LogEntry) -> LogEntry:
    """Write the next entry; the webinar's lock keeps the numbers without gap or doubling."""
    entry.webinar_id = webinar_id
    entry.number = (find_newest_number(webinar_id) or 0) + 1
    db.session.add(entry)
    db.session.flush()
    return entry


def _words_of(question: Question | None, poll: Poll | None, item: AgendaItem | None) -> str:
    if question is not None:
        return question.text
    if poll is not None:
        return poll.text
    return item.title if item is not None else ""
