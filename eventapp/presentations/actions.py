"""Every write of presentations; each action flushes and never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from eventapp.core.db import db
from eventapp.core.files import StoredFile, put_file
from eventapp.core.uploads import UploadKind
from eventapp.presentations.models import Presentation
from eventapp.presentations.queries import get_presentation, list_presentations
from eventapp.presentations.refusals import PresentationsHaveChanged
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import get_agenda_item, lock_webinar


@dataclass(frozen=True, kw_only=True)
class Slides:
    """A checked file as it was handed in; `name` is what its owner called it."""

    content: IO[bytes]
    name: str
    kind: UploadKind


def put_slides(slides: Slides) -> StoredFile:
    """Put a presentation's content in the store; before the transaction, since it may take long."""
    return put_file(
        slides.content,
        name=slides.name,
        media_type=slides.kind.media_type,
        extension=slides.kind.extension,
    )


def add_presentation(
    webinar: Webinar,
    *,
    stored: StoredFile,
    title: str,
    agenda_item_id: int | None,
    is_shown_before: bool,
    now: datetime,
) -> Presentation:
    """Add a stored file after the others. Raises NotFound for another webinar's agenda item."""
    lock_webinar(webinar.id)
    presentation = Presentation(
        webinar_id=webinar.id,
        agenda_item_id=_check_item(webinar, agenda_item_id),
        position=len(list_presentations(webinar.id)),
        title=title,
        is_shown_before=is_shown_before,
        file=stored,
        created_at=now,
    )
    db.session.add(presentation)
    db.session.flush()
    return presentation


def edit_presentation(
    webinar: Webinar,
    *,
    presentation_id: int,
    title: str,
    agenda_item_id: int | None,
    is_shown_before: bool,
    stored: StoredFile | None = None,
) -> Presentation:
    """Write a presentation anew, with another file if `stored` is one; its address stays.

    Raises NotFound.
    """
    lock_webinar(webinar.id)
    presentation = get_presentation(presentation_id, webinar_id=webinar.id)
    presentation.title = title
    presentation.agenda_item_id = _check_item(webinar, agenda_item_id)
    presentation.is_shown_before = is_shown_before
    if stored is not None:
        presentation.file = stored
    db.session.flush()
    return presentation


def delete_presentation(webinar: Webinar, *, presentation_id: int) -> None:
    """Take a presentation away from everyone. Raises NotFound."""
    lock_webinar(webinar.id)
    db.session.delete(get_presentation(presentation_id, webinar_id=webinar.id))
    db.session.flush()
    _number(list_presentations(webinar.id))


def move_presentation(webinar: Webinar, *, presentation_id: int, by: int) -> None:
    """Move a presentation by so many places, negative for earlier. Raises NotFound."""
    lock_webinar(webinar.id)
    order = list_presentations(webinar.id)
    place = order.index(get_presentation(presentation_id, webinar_id=webinar.id))
    order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
    _number(order)


def reorder_presentations(webinar: Webinar, *, presentation_ids: Sequence[int]) -> None:
    """Put them in the order of `presentation_ids`, which names each of them once.

    Refuses: PresentationsHaveChanged, when it doesn't.
    """
    lock_webinar(webinar.id)
    by_id = {presentation.id: presentation for presentation in list_presentations(webinar.id)}
    if sorted(by_id) != sorted(presentation_ids):
        raise PresentationsHaveChanged
    _number([by_id[presentation_id] for presentation_id in presentation_ids])


def _check_item(webinar: Webinar, agenda_item_id: int | None) -> int | None:
    return None if agenda_item_id is None else get_agenda_item(webinar, agenda_item_id).id


def _number(order: Sequence[Presentation]) -> None:
    for position, presentation in enumerate(order):
        presentation.position = position
    db.session.flush()
