"""Feeds of the public archive: Atom for readers of news, RSS for podcast programs.

Both come in pages (RFC 5005, section 3), and are not sent again to who has them (RFC 9110, 13).
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from eventapp.core.access import public
from eventapp.core.errors import NotFound
from eventapp.core.i18n import LANGUAGES
from eventapp.core.lists import read_page
from eventapp.core.markdown import plain_text
from eventapp.core.page_cache import cached
from eventapp.core.sessions import leave_no_cookie
from eventapp.core.xml_text import xml_text
from eventapp.pages import queries
from eventapp.pages.blueprint import blueprint
from eventapp.pages.cards import photo_url
from eventapp.pages.episodes import Episode, EpisodePage, list_episodes
from eventapp.pages.navigation import site_name
from eventapp.pages.share_card import card_url

KEPT_SECONDS = 300
LONGEST_SUMMARY = 4000
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
# By which the Podcasting 2.0 namespace makes a feed's guid of its address.
PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """A file to be downloaded; `length` in bytes."""

    url: str
    length: int
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Transcript:
    url: str
    language: str


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Somebody who speaks; `photo` and `link` are addresses, or empty."""

    name: str
    photo: str
    link: str


@dataclass(frozen=True, kw_only=True)
class Item:
    """A replay as feeds show it, every text fit for XML; `duration` in whole seconds, if known."""

    title: str
    url: str
    summary: str
    author: str
    published: datetime
    updated: datetime
    enclosure: Enclosure | None
    duration: int | None
    image_url: str
    chapters_url: str
    transcripts: list[Transcript]
    voices: list[Voice]

    @property
    def published_in_words(self) -> str:
        """As RSS wants it (RFC 822, section 5)."""
        return _in_words(self.published)


@blueprint.get("/webinars/replays.atom")
@public
def replays_atom() -> ResponseReturnValue:
    """What can be watched again, latest first (Atom, RFC 4287)."""
    return _answer("pages/replays.atom.xml", only_files=False, content_type="application/atom+xml")


@blueprint.get("/webinars/podcast.rss")
@public
def podcast() -> ResponseReturnValue:
    """The replays whose recording is a file of ours, for podcast programs (RSS 2.0)."""
    return _answer("pages/podcast.rss.xml", only_files=True, content_type="application/rss+xml")


def _answer(template: str, *, only_files: bool, content_type: str) -> Response:
    leave_no_cookie()
    page = read_page()
    kept = cached(
        (queries.get_revision(), page), lambda: _make_feed(template, page, only_files=only_files)
    )
    modified, _, content = kept.partition(b"\n")
    response = Response(content, content_type=f"{content_type}; charset=utf-8")
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    response.last_modified = datetime.fromisoformat(modified.decode())
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.headers["Vary"] = "Accept-Language"
    response.make_conditional(request)
    return response


def _make_feed(template: str, page: int, *, only_files: bool) -> bytes:
    """Return when the feed changed last, on a line of its own, and the feed."""
    found = list_episodes(page=page, only_files=only_files)
    if page > 1 and not found.episodes:
        raise NotFound
    # An empty feed has been so since before anybody could ask.
    updated = max((each.updated_at for each in found.episodes), default=EPOCH)
    content = render_template(
        template,
        items=[_describe(each) for each in found.episodes],
        updated=updated,
        updated_in_words=_in_words(updated),
        links=_list_links(found),
        language=LANGUAGES[0],
        feed_guid=_feed_guid(_feed_url(1)),
    )
    return updated.isoformat().encode() + b"\n" + content.encode()


def _list_links(found: EpisodePage) -> dict[str, str]:
    """Return the addresses of this page and its neighbours by their relation (RFC 5005)."""
    links = {"self": _feed_url(found.number), "first": _feed_url(1)}
    if found.number > 1:
        links["previous"] = _feed_url(found.number - 1)
    if found.has_more:
        links["next"] = _feed_url(found.number + 1)
    return links


def _feed_url(page: int) -> str:
    page_or_none = page if page > 1 else None
    return url_for(str(request.endpoint), page=page_or_none, _external=True)


def _feed_guid(address: str) -> str:
    parts = urlsplit(address)
    return str(uuid.uuid5(PODCAST_NAMESPACE, f"{parts.netloc}{parts.path}"))


def _in_words(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _describe(episode: Episode) -> Item:
    webinar, recording = episode.webinar, episode.recording
    summary = webinar.summary or plain_text(webinar.description, max_length=LONGEST_SUMMARY)
    names = ", ".join(speaker.name for speaker in webinar.speakers)
    return Item(
        title=xml_text(webinar.title),
        url=url_for("pages.replay", slug=webinar.slug, _external=True),
        summary=xml_text(summary or webinar.title),
        author=xml_text(names or webinar.contact_name or site_name()),
        published=episode.published_at,
        updated=episode.updated_at,
        enclosure=_enclosure_of(episode),
        duration=round(recording.duration_seconds)
        if recording and recording.duration_seconds
        else None,
        image_url=card_url(webinar, is_square=True),
        chapters_url=_chapters_url(episode),
        transcripts=[
            Transcript(url=_captions_url(episode, language), language=language)
            for language in episode.languages
        ],
        voices=_list_voices(episode),
    )


def _enclosure_of(episode: Episode) -> Enclosure | None:
    stored = episode.recording.file if episode.recording else None
    if stored is None:
        return None
    return Enclosure(
        url=url_for(
            "replays.recording_file",
            slug=episode.webinar.slug,
            extension=stored.key.rpartition(".")[2],
            _external=True,
        ),
        length=stored.size,
        media_type=stored.media_type,
    )


def _chapters_url(episode: Episode) -> str:
    if not episode.has_chapters:
        return ""
    return url_for("replays.chapters_json", slug=episode.webinar.slug, _external=True)


def _captions_url(episode: Episode, language: str) -> str:
    return url_for("replays.captions", slug=episode.webinar.slug, language=language, _external=True)


def _list_voices(episode: Episode) -> list[Voice]:
    root = url_for("pages.home", _external=True).rstrip("/")
    return [
        Voice(
            name=xml_text(speaker.name),
            photo=f"{root}{photo}" if (photo := photo_url(speaker)) else "",
            link=xml_text(speaker.link),
        )
        for speaker in episode.webinar.speakers
    ]
