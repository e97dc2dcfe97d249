"""What may stand in braces in an organiser's words, and what it becomes for one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import format_timedelta
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from eventapp.core.i18n import LANGUAGES, zone_label, zoned_date, zoned_time


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """`about` says what it becomes; a link may be the address of a Markdown link too."""

    name: str
    about: str
    is_link: bool = False

    @property
    def text(self) -> str:
        return f"{{{self.name}}}"


EVERYWHERE = (
    Placeholder(name="name", about=_l("The attendee's name")),
    Placeholder(name="title", about=_l("The webinar's title")),
    Placeholder(name="date", about=_l("The day it begins, in the webinar's time zone")),
    Placeholder(name="time", about=_l("The time it begins, in the webinar's time zone")),
    Placeholder(name="end_time", about=_l("The time it ends")),
    Placeholder(name="time_zone", about=_l("What the webinar's time zone is called")),
    Placeholder(name="your_time", about=_l("Day and time where the attendee is")),
    Placeholder(name="organiser", about=_l("The webinar's contact")),
    Placeholder(name="join_link", about=_l("The attendee's own way into the room"), is_link=True),
    Placeholder(name="door_link", about=_l("The attendee's own page"), is_link=True),
    Placeholder(name="webinar_link", about=_l("The webinar's public page"), is_link=True),
)
PLACE = Placeholder(name="place", about=_l("The place on the waiting list"))
REASON = Placeholder(name="reason", about=_l("Why it was cancelled"))
STARTS_IN = Placeholder(name="starts_in", about=_l("How long until it begins: “in 1 hour”"))
QUESTION = Placeholder(name="question", about=_l("What the attendee asked"))
TIMECODE = Placeholder(name="timecode", about=_l("Where in the recording it was answered"))
MOMENT_LINK = Placeholder(
    name="moment_link", about=_l("That moment of the recording"), is_link=True
)
REPLAY_LINK = Placeholder(name="replay_link", about=_l("The replay"), is_link=True)


def value_placeholders(context: Mapping[str, Any]) -> dict[str, str]:
    """Return what each placeholder becomes; `context` is what the message's templates get.

    Personal links hold the message's placeholder for a token, as everywhere in the ledger.
    """
    webinar, registration = context["webinar"], context["registration"]
    zone, addresses = webinar.time_zone, context["addresses"]
    own_zone = context["own_zone"] or zone
    begins = zoned_date(webinar.starts_at, own_zone), zoned_time(webinar.starts_at, own_zone)
    question = context.get("question")
    values = {
        "name": registration.name,
        "title": webinar.title,
        "date": zoned_date(webinar.starts_at, zone),
        "time": zoned_time(webinar.starts_at, zone),
        "end_time": zoned_time(webinar.ends_at, zone),
        "time_zone": zone_label(webinar.starts_at, zone),
        "your_time": ", ".join(begins),
        "organiser": context["organizer"].name,
        "join_link": addresses.join,
        "door_link": addresses.door,
        "webinar_link": context["webinar_url"],
        "place": context.get("place") or "",
        "reason": webinar.cancel_reason,
        "starts_in": context.get("starts_in", ""),
        "question": question.text if question else "",
        "timecode": context.get("timecode", ""),
        "moment_link": context.get("moment_url", ""),
        "replay_link": context.get("replay_url", ""),
    }
    return {name: str(value) for name, value in values.items()}


def say_how_soon(seconds: float) -> str:
    """Such as "in 1 hour", "in 7 days"."""
    locale = get_locale() or LANGUAGES[0]
    return format_timedelta(
        max(int(seconds), 60), threshold=0.95, add_direction=True, locale=locale
    )
