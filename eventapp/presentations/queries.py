"""Every read of presentations, with their files and speakers at hand."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.presentations.models import Presentation
from eventapp.presentations.rules import is_on_page
from eventapp.webinars.models import AgendaItem, AgendaItemSpeaker, Webinar


def list_presentations(webinar_id: int) -> list[Presentation]:
    """Return them in order, each with its file, agenda item and speakers, in two statements."""
    return list(
        db.session.scalars(
            sa.select(Presentation)
            .where(Presentation.webinar_id == webinar_id)
            .order_by(Presentation.position, Presentation.id)
            .options(
                joinedload(Presentation.file),
                joinedload(Presentation.agenda_item)
                .selectinload(AgendaItem.appearances)
                .joinedload(AgendaItemSpeaker.speaker),
            )
        )
    )


def list_presentations_on_page(webinar: Webinar) -> list[Presentation]:
    """Return those of them that its page lists at this stage of the webinar."""
    return [p for p in list_presentations(webinar.id) if is_on_page(p, webinar=webinar)]


def get_presentation(presentation_id: int, *, webinar_id: int) -> Presentation:
    """Return a presentation of this webinar, for organisers. Raises NotFound."""
    presentation = db.session.scalar(
        sa.select(Presentation)
        .where(Presentation.id == presentation_id, Presentation.webinar_id == webinar_id)
        .options(joinedload(Presentation.file), selectinload(Presentation.agenda_item))
    )
    if presentation is None:
        raise NotFound
    return presentation
