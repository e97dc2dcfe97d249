"""Webinars as the cards and people of the component macros."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import ngettext
from markupsafe import Markup

from eventapp.core.markdown import plain_text, render_markdown
from eventapp.core.pictures import cover_art
from eventapp.pages import queries
from eventapp.pages.calls import Badge, badge_of, call_to_action
from eventapp.registrations.queries import list_policies
from eventapp.registrations.rules import Policy
from eventapp.speakers.models import Speaker
from eventapp.webinars.models import Webinar
from eventapp.webinars.rules import length_in_minutes

SUMMARY_LENGTH = 180


@dataclass(frozen=True, kw_only=True)
class PersonLink:
    label: str
    href: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """A speaker as `components/people.html` shows them."""

    name: str
    organisation: str
    bio: Markup
    photo_url: str | None
    links: tuple[PersonLink, ...]
    role: str = ""
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Face:
    """A speaker as a card shows them."""

    name: str
    photo_url: str | None


@dataclass(frozen=True, kw_only=True)
class WebinarCard:
    """A webinar as `components/cards.html` shows it."""

    href: str
    title: str
    summary: str
    starts_at: datetime
    time_zone: str
    cover: Markup
    badge: Badge
    people: list[Face]
    notes: list[str]


def describe_person(speaker: Speaker) -> Person:
    return Person(
        name=speaker.name,
        organisation=speaker.affiliation,
        bio=render_markdown(speaker.biography, top_heading=4),
        photo_url=photo_url(speaker),
        links=(PersonLink(label=_host(speaker.link), href=speaker.link),) if speaker.link else (),
    )


def _host(address: str) -> str:
    return address.split("//", maxsplit=1)[-1].split("/", maxsplit=1)[0].removeprefix("www.")


def photo_url(speaker: Speaker) -> str | None:
    if speaker.photo_id is None:
        return None
    return url_for("webinars.speaker_photo", speaker_id=speaker.id, v=speaker.photo_id)


def cover_of(webinar: Webinar) -> Markup:
    """The webinar's cover, or a drawn one; decorative, since the title stands beside it."""
    if webinar.cover_id is None:
        return cover_art(webinar.slug, webinar.title)
    address = url_for("webinars.cover", slug=webinar.slug, v=webinar.cover_id)
    return Markup('<img src="{}" alt="" width="1600" height="900" decoding="async">').format(
        address
    )


def describe_cards(webinars: Sequence[Webinar], *, now: datetime) -> list[WebinarCard]:
    """Return a card for each webinar; seats and terms are read for all at once."""
    left = queries.count_seats_left(webinars)
    policies = list_policies(each.id for each in webinars)
    return [
        _describe_card(
            each, seats_left=left.get(each.id), policy=policies.get(each.id, Policy()), now=now
        )
        for each in webinars
    ]


def _describe_card(
    webinar: Webinar, *, seats_left: int | None, policy: Policy, now: datetime
) -> WebinarCard:
    call = call_to_action(
        webinar.status, ends_at=webinar.ends_at, seats_left=seats_left, policy=policy, now=now
    )
    return WebinarCard(
        href=url_for("pages.replay" if call == "watch" else "pages.webinar", slug=webinar.slug),
        title=webinar.title,
        summary=webinar.summary or plain_text(webinar.description, max_length=SUMMARY_LENGTH),
        starts_at=webinar.starts_at,
        time_zone=webinar.time_zone,
        cover=cover_of(webinar),
        badge=badge_of(call),
        people=[Face(name=s.name, photo_url=photo_url(s)) for s in webinar.speakers],
        notes=[length(webinar)],
    )


def length(webinar: Webinar) -> str:
    hours, rest = divmod(length_in_minutes(webinar), 60)
    parts = []
    if hours:
        parts.append(ngettext("%(num)d hour", "%(num)d hours", hours))
    if rest or not hours:
        parts.append(ngettext("%(num)d minute", "%(num)d minutes", rest))
    return " ".join(parts)
