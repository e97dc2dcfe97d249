"""Public replays, as the tests of how they are shared want them."""

from __future__ import annotations

from io import BytesIO

from eventapp.core.db import db
from eventapp.core.files import store_file
from eventapp.replays.models import CaptionTrack, RecordingKind
from eventapp.webinars.models import Webinar, WebinarStatus
from tests.factories import START, ChapterFactory, RecordingFactory, WebinarFactory, publish_edition


def make_replay(slug: str = "hubs", *, content: bytes = b"video", **values: object) -> Webinar:
    """A webinar with a public replay, whose recording is a file of ours."""
    webinar: Webinar = WebinarFactory(
        **{
            "slug": slug,
            "title": "Creative hubs",
            "status": WebinarStatus.REPLAY_PUBLISHED,
            "replay_published_at": START,
            **values,
        }
    )
    stored = store_file(BytesIO(content), name="r.webm", media_type="video/webm", extension="webm")
    RecordingFactory(webinar_id=webinar.id, kind=RecordingKind.FILE, file_id=stored.id, address="")
    publish_edition(webinar.id)
    return webinar


def make_replay_elsewhere(slug: str = "hubs", **values: object) -> Webinar:
    """A webinar with a public replay at YouTube."""
    webinar: Webinar = WebinarFactory(slug=slug, status=WebinarStatus.REPLAY_PUBLISHED, **values)
    RecordingFactory(webinar_id=webinar.id)
    publish_edition(webinar.id)
    return webinar


def add_entries(webinar: Webinar, *starts: float) -> None:
    for start in starts:
        ChapterFactory(webinar_id=webinar.id, start_seconds=start, title=f"Entry at {start:g}")
    publish_edition(webinar.id)


def add_captions(webinar: Webinar, language: str = "en") -> None:
    stored = store_file(BytesIO(b"WEBVTT\n"), name="c.vtt", media_type="text/vtt", extension="vtt")
    db.session.add(CaptionTrack(webinar_id=webinar.id, language=language, file=stored))
    publish_edition(webinar.id)
