"""Building the planned agenda. Each change records WebinarAgendaChanged."""

from __future__ import annotations

from collections.abc import Sequence

from eventapp.core.db import db, record
from eventapp.webinars.events import WebinarAgendaChanged
from eventapp.webinars.models import AgendaItem, AgendaItemKind, AgendaItemSpeaker, Webinar
from eventapp.webinars.queries import get_agenda_item, lock_webinar
from eventapp.webinars.refusals import AgendaHasChanged


def add_agenda_item(
    webinar: Webinar,
    *,
    kind: AgendaItemKind,
    title: str,
    minutes: int,
    section: str = "",
    speaker_ids: Sequence[int] = (),
) -> AgendaItem:
    """Add an item at the end; of `speaker_ids` those who speak in the webinar, in their order."""
    lock_webinar(webinar.id)
    item = AgendaItem(kind=kind, title=title, minutes=minutes, section=section)
    webinar.agenda_items.append(item)
    _set_speakers(webinar, item, speaker_ids)
    _note_change(webinar)
    return item


def edit_agenda_item(
    webinar: Webinar,
    *,
    item_id: int,
    kind: AgendaItemKind,
    title: str,
    minutes: int,
    section: str = "",
    speaker_ids: Sequence[int] = (),
) -> AgendaItem:
    """Write an item anew; it keeps its place. Raises NotFound."""
    lock_webinar(webinar.id)
    item = get_agenda_item(webinar, item_id)
    item.kind, item.title, item.minutes, item.section = kind, title, minutes, section
    _set_speakers(webinar, item, speaker_ids)
    _note_change(webinar)
    return item


def delete_agenda_item(webinar: Webinar, *, item_id: int) -> None:
    """Take an item out; questions and slides that belong to it stay without it. Raises NotFound."""
    lock_webinar(webinar.id)
    webinar.agenda_items.remove(get_agenda_item(webinar, item_id))
    _note_change(webinar)


def move_agenda_item(webinar: Webinar, *, item_id: int, by: int) -> None:
    """Move an item by so many places, negative for earlier, at most to the end. Raises NotFound."""
    lock_webinar(webinar.id)
    item = get_agenda_item(webinar, item_id)
    place = webinar.agenda_items.index(item)
    target = min(max(place + by, 0), len(webinar.agenda_items) - 1)
    webinar.agenda_items.insert(target, webinar.agenda_items.pop(place))
    _note_change(webinar)


def reorder_agenda(webinar: Webinar, *, item_ids: Sequence[int]) -> None:
    """Put the items in the order of `item_ids`, which names each of them once.

    Refuses: AgendaHasChanged, when it doesn't.
    """
    lock_webinar(webinar.id)
    by_id = {item.id: item for item in webinar.agenda_items}
    if sorted(by_id) != sorted(item_ids):
        raise AgendaHasChanged
    for position, item_id in enumerate(item_ids):
        by_id[item_id].position = position
    _note_change(webinar)
    db.session.expire(webinar, ["agenda_items"])


def _set_speakers(webinar: Webinar, item: AgendaItem, speaker_ids: Sequence[int]) -> None:
    allowed = {appearance.speaker_id for appearance in webinar.appearances}
    wanted = [speaker_id for speaker_id in dict.fromkeys(speaker_ids) if speaker_id in allowed]
    present = {appearance.speaker_id: appearance for appearance in item.appearances}
    item.appearances = [
        present.get(speaker_id) or AgendaItemSpeaker(speaker_id=speaker_id) for speaker_id in wanted
    ]
    for position, appearance in enumerate(item.appearances):
        appearance.position = position


def _note_change(webinar: Webinar) -> None:
    db.session.flush()
    record(WebinarAgendaChanged(webinar_id=webinar.id))
