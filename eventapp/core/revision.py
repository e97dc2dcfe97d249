"""The content's revision: one number that rises with every change the public can see.

Public pages are the same for every visitor, so a page once made is served again until the
revision is another (`core/page_cache`). The number is raised in the transaction of the change, by
the session itself, so no action can forget it; bulk statements, which go past the session's
objects, must not be used on watched models. What the public sees of models that change by the
hundred is raised by hand (`raise_revision`), where it is seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, mapped_column

from eventapp.core.db import Base, db

THE_ROW = 1

_watched: set[type[Base]] = set()


class ContentRevision(Base):
    """The one row with the number."""

    __tablename__ = "content_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]


_row = ContentRevision.__table__.c
current_revision = sa.select(_row.number).where(_row.id == THE_ROW).scalar_subquery()


def watch(models: Iterable[type[Base]]) -> None:
    """Raise the revision from now on whenever a row of one of `models` is written."""
    _watched.update(models)


@event.listens_for(db.session, "before_flush")
def _raise_revision(session: Session, _context: Any, _instances: Any) -> None:
    if any(type(row) in _watched for row in chain(session.new, session.deleted)) or any(
        type(row) in _watched and session.is_modified(row) for row in session.dirty
    ):
        raise_revision(session)


def raise_revision(session: Session) -> None:
    """Let no page be found again that was made before the running transaction."""
    session.execute(
        sa.update(ContentRevision)
        .where(ContentRevision.id == THE_ROW)
        .values(number=ContentRevision.number + 1)
        .execution_options(synchronize_session=False)
    )
