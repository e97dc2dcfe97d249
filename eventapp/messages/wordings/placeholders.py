"""What may stand in braces in an organiser's words, and what it becomes for one person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.dates import format_timedelta
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l

from eventapp.core.i18n import LANGUAGES, moment_with_zone, zone_label, zoned_date, zoned_time


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """`about` says what it becomes; a link may be the address of a Markdown link too."""

    name: str
    about: str
    is_link: bool = False

    @property
    def text(self) -> str:
        return f"{{{self.name}}}"


TIME_ZONE = "time_zone"
OF_WEBINAR = (
    Placeholder(name="title", about=_l("The webinar's title")),
    Placeholder(name="date", about=_l("The day it begins, in the webinar's time zone")),
    Placeholder(
        name="time", about=_l("The time it begins; its zone too, where your words don't have it")
    ),
    Placeholder(
        name="end_time", about=_l("The time it ends; its zone too, where your words don't have it")
    ),
    Placeholder(name=TIME_ZONE, about=_l("What the webinar's time zone is called")),
    Placeholder(name="organiser", about=_l("The webinar's contact")),
    Placeholder(name="webinar_link", about=_l("The webinar's public page"), is_link=True),
)
EVERYWHERE = (
    Placeholder(name="name", about=_l("The attendee's name")),
    *OF_WEBINAR,
    Placeholder(name="your_time", about=_l("Day, time and time zone where the attendee is")),
    Placeholder(name="join_link", about=_l("The attendee's own way into the room"), is_link=True),
    Placeholder(name="door_link", about=_l("The attendee's own page"), is_link=True),
)
# Who is invited has no registration yet: neither a name for certain, nor a page of their own.
FOR_INVITED = (
    Placeholder(name="name", about=_l("The name, or the address where there is none")),
    *OF_WEBINAR,
    Placeholder(name="code", about=_l("The access code")),
    Placeholder(name="register_link", about=_l("The form with the code filled in"), is_link=True),
)
PLACE = Placeholder(name="place", about=_l("The place on the waiting list"))
ANSWER_BY = Placeholder(
    name="answer_by", about=_l("Until when a seat is kept, where the attendee is")
)
REASON = Placeholder(name="reason", about=_l("Why it was cancelled"))
STARTS_IN = Placeholder(name="starts_in", about=_l("How long until it begins: “in 1 hour”"))
QUESTION = Placeholder(name="question", about=_l("What the attendee asked"))
TIMECODE = Placeholder(name="timecode", about=_l("Where in the recording it was answered"))
MOMENT_LINK = Placeholder(
    name="moment_link", about=_l("That moment of the recording"), is_link=True
)
REPLAY_LINK = Placeholder(name="replay_link", about=_l("The replay"), is_link=True)


MINUTE, HOUR, DAY, WEEK = 60, 3600, 86_400, 604_800
# By what part of itself a time may be rounded.
MOST_OFF = 0.05

# Times of day, which are named with their zone where the words around them don't name it.
TIMES = frozenset({"time", "end_time"})


def zoned(name: str) -> str:
    """Return what the value of one of TIMES is called that names its zone."""
    return f"{name} {TIME_ZONE}"


def value_placeholders(context: Mapping[str, Any]) -> dict[str, str]:
    """Return what each placeholder becomes; `context` is what the message's templates get.

    Personal links hold the message's placeholder for a token, as everywhere in the ledger.
    """
    is_invited = context.get("code") is not None
    person = _value_invited(context) if is_invited else _value_attendee(context)
    values = {**_value_webinar(context), **person, **_value_occasion(context)}
    return {name: str(value) for name, value in values.items()}


def _value_webinar(context: Mapping[str, Any]) -> dict[str, Any]:
    webinar, zone = context["webinar"], context["webinar"].time_zone
    called = zone_label(webinar.starts_at, zone)
    return {
        "title": webinar.title,
        "date": zoned_date(webinar.starts_at, zone),
        "time": zoned_time(webinar.starts_at, zone),
        "end_time": zoned_time(webinar.ends_at, zone),
        zoned("time"): f"{zoned_time(webinar.starts_at, zone)}, {called}",
        zoned("end_time"): f"{zoned_time(webinar.ends_at, zone)}, {called}",
        "time_zone": called,
        "organiser": context["organizer"].name,
        "webinar_link": context["webinar_url"],
        "reason": webinar.cancel_reason,
    }


def _value_attendee(context: Mapping[str, Any]) -> dict[str, Any]:
    webinar, addresses = context["webinar"], context["addresses"]
    zone, kept_until = context["own_zone"] or webinar.time_zone, context["kept_until"]
    return {
        "name": context["registration"].name,
        "your_time": moment_with_zone(webinar.starts_at, zone),
        "join_link": addresses.join,
        "door_link": addresses.door,
        "answer_by": moment_with_zone(kept_until, zone) if kept_until else "",
    }


def _value_invited(context: Mapping[str, Any]) -> dict[str, Any]:
    code = context["code"]
    return {
        "name": code.name or code.email,
        "code": code.code,
        "register_link": context["register_url"],
    }


def _value_occasion(context: Mapping[str, Any]) -> dict[str, Any]:
    question = context.get("question")
    return {
        "place": context.get("place") or "",
        "starts_in": context.get("starts_in", ""),
        "question": question.text if question else "",
        "timecode": context.get("timecode", ""),
        "moment_link": context.get("moment_url", ""),
        "replay_link": context.get("replay_url", ""),
    }


def say_how_soon(seconds: float) -> str:
    """Return such as "in 1 hour", "in 1 week", "in 90 minutes", "in 10 days".

    In the largest unit in whose whole numbers it is true.
    """
    count, unit = _count_units(max(seconds, MINUTE))
    # Larger units count fewer than that, and so aren't taken.
    return format_timedelta(
        count * unit, threshold=count, add_direction=True, locale=get_locale() or LANGUAGES[0]
    )


def _count_units(seconds: float) -> tuple[int, int]:
    """Return a number and of how many seconds; minutes where no larger unit is near enough."""
    for unit in (WEEK, DAY, HOUR):
        count = round(seconds / unit)
        if abs(count * unit - seconds) < MOST_OFF * seconds:
            return count, unit
    return round(seconds / MINUTE), MINUTE
