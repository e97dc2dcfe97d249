"""Who speaks in a webinar. Each change records WebinarAgendaChanged."""

from __future__ import annotations

from collections.abc import Sequence

from eventapp.core.db import db, record
from eventapp.core.errors import NotFound
from eventapp.speakers.models import Speaker
from eventapp.webinars.events import WebinarAgendaChanged
from eventapp.webinars.models import Webinar, WebinarSpeaker
from eventapp.webinars.queries import lock_webinar
from eventapp.webinars.refusals import SpeakersHaveChanged, SpeaksAlready


def add_webinar_speaker(webinar: Webinar, *, speaker: Speaker) -> None:
    """Add a speaker after the others. Refuses: SpeaksAlready."""
    lock_webinar(webinar.id)
    if speaker.id in {appearance.speaker_id for appearance in webinar.appearances}:
        raise SpeaksAlready
    webinar.appearances.append(WebinarSpeaker(speaker=speaker))
    _note_change(webinar)


def remove_webinar_speaker(webinar: Webinar, *, speaker_id: int) -> None:
    """Take a speaker out of the webinar and of each item of its agenda; the profile stays.

    Raises NotFound.
    """
    lock_webinar(webinar.id)
    webinar.appearances.remove(_get_appearance(webinar, speaker_id))
    for item in webinar.agenda_items:
        for appearance in list(item.appearances):
            if appearance.speaker_id == speaker_id:
                item.appearances.remove(appearance)
    _note_change(webinar)


def move_webinar_speaker(webinar: Webinar, *, speaker_id: int, by: int) -> None:
    """Move a speaker by so many places, negative for earlier. Raises NotFound."""
    lock_webinar(webinar.id)
    order = [appearance.speaker_id for appearance in webinar.appearances]
    place = order.index(_get_appearance(webinar, speaker_id).speaker_id)
    order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))
    _put_in_order(webinar, order)


def reorder_webinar_speakers(webinar: Webinar, *, speaker_ids: Sequence[int]) -> None:
    """Put the speakers in the order of `speaker_ids`, which names each of them once.

    Refuses: SpeakersHaveChanged, when it doesn't.
    """
    lock_webinar(webinar.id)
    if sorted(a.speaker_id for a in webinar.appearances) != sorted(speaker_ids):
        raise SpeakersHaveChanged
    _put_in_order(webinar, speaker_ids)


def _get_appearance(webinar: Webinar, speaker_id: int) -> WebinarSpeaker:
    for appearance in webinar.appearances:
        if appearance.speaker_id == speaker_id:
            return appearance
    raise NotFound


def _put_in_order(webinar: Webinar, speaker_ids: Sequence[int]) -> None:
    by_id = {appearance.speaker_id: appearance for appearance in webinar.appearances}
    for position, speaker_id in enumerate(speaker_ids):
        by_id[speaker_id].position = position
    _note_change(webinar)
    db.session.expire(webinar, ["appearances"])


def _note_change(webinar: Webinar) -> None:
    db.session.flush()
    record(WebinarAgendaChanged(webinar_id=webinar.id))
