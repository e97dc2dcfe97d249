"""What search engines read: a webinar as schema.org `Event`, its replay as `VideoObject`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from markupsafe import Markup

from eventapp.core.markdown import plain_text
from eventapp.pages.navigation import site_name
from eventapp.pages.share_card import card_url
from eventapp.webinars.models import Webinar, WebinarStatus

CONTEXT = "https://schema.org"
ONLINE = f"{CONTEXT}/OnlineEventAttendanceMode"
DESCRIPTION_LENGTH = 300
# Inside <script> these could end the element or begin a comment; JSON may write them as escapes.
ESCAPES = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


@dataclass(frozen=True, kw_only=True)
class Captions:
    """Captions in one language, a BCP 47 tag."""

    language: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A chapter of the recording, in seconds from its beginning."""

    start: float
    title: str
    url: str


def to_script(data: Mapping[str, Any]) -> Markup:
    """Return the data as the content of `<script type="application/ld+json">`."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)
    return Markup(text)  # noqa: S704 - nothing that HTML acts on is left


def event_data(webinar: Webinar, *, can_register: bool, seats_left: int | None) -> dict[str, Any]:
    """Return the webinar as an Event; times carry the offset of the webinar's zone.

    It has an offer as long as people `can_register`: sold out when no seat is left.
    """
    url = url_for("pages.webinar", slug=webinar.slug, _external=True)
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Event",
        "name": webinar.title,
        "description": _describe(webinar),
        "url": url,
        "startDate": _local(webinar.starts_at, webinar.time_zone),
        "endDate": _local(webinar.ends_at, webinar.time_zone),
        "eventStatus": f"{CONTEXT}/{_event_status(webinar)}",
        "eventAttendanceMode": ONLINE,
        "location": {"@type": "VirtualLocation", "url": url},
        "organizer": {
            "@type": "Organization",
            "name": webinar.contact_name or site_name(),
            "url": url_for("pages.home", _external=True),
        },
        "inLanguage": webinar.language,
        "isAccessibleForFree": True,
        "image": _list_images(webinar),
    }
    if can_register:
        data["offers"] = _free_offer(webinar, is_full=seats_left == 0)
    return data | _performers(webinar)


def _describe(webinar: Webinar) -> str:
    written = webinar.summary or plain_text(webinar.description, max_length=DESCRIPTION_LENGTH)
    return written or webinar.title


def _local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def _event_status(webinar: Webinar) -> str:
    is_cancelled = webinar.status == WebinarStatus.CANCELLED
    return "EventCancelled" if is_cancelled else "EventScheduled"


def _free_offer(webinar: Webinar, *, is_full: bool) -> dict[str, Any]:
    since = webinar.published_at or webinar.created_at
    return {
        "@type": "Offer",
        "price": "0",
        "priceCurrency": "EUR",
        "availability": f"{CONTEXT}/{'SoldOut' if is_full else 'InStock'}",
        "validFrom": _local(since, webinar.time_zone),
        "url": url_for("pages.webinar", slug=webinar.slug, _external=True),
    }


def _list_images(webinar: Webinar) -> list[str]:
    """Return whole addresses of its pictures; there is always one: that of the drawn card."""
    images = [card_url(webinar)]
    if webinar.cover_id is not None:
        cover = url_for("webinars.cover", slug=webinar.slug, v=webinar.cover_id, _external=True)
        images.insert(0, cover)
    return images


def _performers(webinar: Webinar) -> dict[str, Any]:
    performers = [_person(s.name, s.affiliation) for s in webinar.speakers]
    return {"performer": performers} if performers else {}


def _person(name: str, affiliation: str) -> dict[str, Any]:
    person: dict[str, Any] = {"@type": "Person", "name": name}
    if affiliation:
        person["affiliation"] = {"@type": "Organization", "name": affiliation}
    return person


def video_data(
    webinar: Webinar,
    *,
    clips: Sequence[Clip],
    duration: float | None,
    content_url: str = "",
    embed_url: str = "",
    captions: Sequence[Captions] = (),
) -> dict[str, Any]:
    """Return the replay as a VideoObject; each clip ends where a later one starts.

    `duration` is in seconds. Without it the last clip has no end. A file of ours, at `content_url`,
    is embedded by our own player. Captions are linked to and not written out (`transcript`): those
    of an hour are larger than the page.
    """
    page_url = url_for("pages.replay", slug=webinar.slug, _external=True)
    published_at = webinar.replay_published_at or webinar.ended_at or webinar.ends_at
    if content_url and not embed_url:
        embed_url = url_for("pages.embed", slug=webinar.slug, _external=True)
    data: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "VideoObject",
        "name": webinar.title,
        "description": _describe(webinar),
        "url": page_url,
        "thumbnailUrl": _list_images(webinar),
        "uploadDate": _local(published_at, webinar.time_zone),
        "inLanguage": webinar.language,
        "isFamilyFriendly": True,
        "isAccessibleForFree": True,
        "publisher": {
            "@type": "Organization",
            "name": site_name(),
            "url": url_for("pages.home", _external=True),
        },
        "recordedAt": {
            "@type": "Event",
            "@id": url_for("pages.webinar", slug=webinar.slug, _external=True),
        },
    }
    data |= {"contentUrl": content_url} if content_url else {}
    data |= {"embedUrl": embed_url} if embed_url else {}
    data |= {"duration": f"PT{round(duration)}S"} if duration is not None else {}
    data |= {"caption": [_caption_data(each) for each in captions]} if captions else {}
    # Who has said where the moments are doesn't ask search engines to guess them.
    if clips:
        data["hasPart"] = _clip_data(clips, duration=duration)
    else:
        data["potentialAction"] = _seek_action(page_url)
    return data


def _caption_data(captions: Captions) -> dict[str, Any]:
    return {
        "@type": "MediaObject",
        "contentUrl": captions.url,
        "encodingFormat": "text/vtt",
        "inLanguage": captions.language,
    }


def _seek_action(page_url: str) -> dict[str, Any]:
    """Say how to lead to a second; what is to be filled in is named as Action's inputs are."""
    return {
        "@type": "SeekToAction",
        "target": f"{page_url}?t={{seek_to_second_number}}",
        "startOffset-input": "required name=seek_to_second_number",
    }


def _clip_data(clips: Sequence[Clip], *, duration: float | None) -> list[dict[str, Any]]:
    """Return the clips; of those that begin in the same second the first, as no two may."""
    first_of = {int(clip.start): clip for clip in reversed(clips)}
    distinct = [clip for clip in clips if first_of[int(clip.start)] is clip]
    ends: list[float | None] = [later.start for _, later in pairwise(distinct)]
    ends.append(duration)
    return [_one_clip(clip, end) for clip, end in zip(distinct, ends, strict=True)]


def _one_clip(clip: Clip, end: float | None) -> dict[str, Any]:
    data: dict[str, Any] = {
        "@type": "Clip",
        "name": clip.title,
        "startOffset": int(clip.start),
        "url": clip.url,
    }
    # A clip has to last: whole seconds, and at least one.
    return data | ({"endOffset": max(int(end), int(clip.start) + 1)} if end is not None else {})
