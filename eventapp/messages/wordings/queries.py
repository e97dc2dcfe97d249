"""Every read of organisers' words."""

from __future__ import annotations

from typing import TypeAlias
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.orm import SessionTransaction

from eventapp.core.db import db
from eventapp.messages.models import MessageWording
from eventapp.registrations.models import Registration
from eventapp.registrations.rules import HEARING

MOST_PEOPLE_TO_CHOOSE = 100

ByMessage: TypeAlias = dict[tuple[str, str], MessageWording]

# A mailing asks for the same words once for each of its people.
_KEPT: WeakKeyDictionary[SessionTransaction, dict[int, ByMessage]] = WeakKeyDictionary()


def find_wording(webinar_id: int, message: str, *, language: str) -> MessageWording | None:
    return db.session.scalar(
        sa.select(MessageWording).where(
            MessageWording.webinar_id == webinar_id,
            MessageWording.message == message,
            MessageWording.language == language,
        )
    )


def list_wordings(webinar_id: int) -> ByMessage:
    """Return every wording of a webinar by its message and language."""
    found = db.session.scalars(
        sa.select(MessageWording).where(MessageWording.webinar_id == webinar_id)
    )
    return {(each.message, each.language): each for each in found}


def find_kept_wording(webinar_id: int, message: str, *, language: str) -> MessageWording | None:
    """Return what `find_wording` does, by one query in a transaction for all of a webinar's."""
    session = db.session()
    session.connection()
    running = session.get_transaction()
    if running is None:
        return find_wording(webinar_id, message, language=language)
    kept = _KEPT.setdefault(running, {})
    if webinar_id not in kept:
        kept[webinar_id] = list_wordings(webinar_id)
    return kept[webinar_id].get((message, language))


def list_people_to_choose(webinar_id: int) -> list[Registration]:
    """Return whose data a preview may be filled with: those who registered last."""
    return list(
        db.session.scalars(
            sa.select(Registration)
            .where(Registration.webinar_id == webinar_id, Registration.status.in_(HEARING))
            .order_by(Registration.id.desc())
            .limit(MOST_PEOPLE_TO_CHOOSE)
        )
    )
