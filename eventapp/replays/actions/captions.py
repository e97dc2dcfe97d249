"""Captions, one track for each language."""

from __future__ import annotations

from io import BytesIO

from eventapp.core.db import db
from eventapp.core.errors import NotFound
from eventapp.core.files import store_file
from eventapp.replays.models import CaptionTrack
from eventapp.replays.queries import find_captions
from eventapp.webinars.models import Webinar
from eventapp.webinars.queries import lock_webinar


def save_captions(webinar: Webinar, *, language: str, text: str) -> CaptionTrack:
    """Keep checked WebVTT as the captions in `language`, in place of those that were there."""
    lock_webinar(webinar.id)
    track = find_captions(webinar.id, language=language)
    if track is None:
        track = CaptionTrack(webinar_id=webinar.id, language=language)
    track.file = store_file(
        BytesIO(text.encode()),
        name=f"{webinar.slug}.{language}.vtt",
        media_type="text/vtt",
        extension="vtt",
    )
    db.session.add(track)
    db.session.flush()
    return track


def delete_captions(webinar: Webinar, *, language: str) -> None:
    """Take the captions in `language` away. Raises NotFound."""
    lock_webinar(webinar.id)
    track = find_captions(webinar.id, language=language)
    if track is None:
        raise NotFound
    db.session.delete(track)
    db.session.flush()
