"""Languages and zones at the edge: inside, all text is a message id and all time is UTC."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_timezone_name
from flask import Flask, has_request_context, request
from flask_babel import Babel, get_locale

from eventapp.core.zones import known_zones

LANGUAGES = ("en",)

babel = Babel()


def init_app(app: Flask) -> None:
    app.config.setdefault("BABEL_DEFAULT_LOCALE", LANGUAGES[0])
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "UTC")
    babel.init_app(app, locale_selector=choose_language)
    app.jinja_env.globals["current_language"] = current_language
    app.jinja_env.filters["zoned_date"] = zoned_date
    app.jinja_env.filters["zoned_time"] = zoned_time
    app.jinja_env.filters["zoned_moment"] = zoned_moment
    app.jinja_env.filters["moment_with_zone"] = moment_with_zone
    app.jinja_env.globals["zone_label"] = zone_label


def choose_language() -> str:
    """Return the reader's language in a request, and the first of ours in a worker."""
    if not has_request_context():
        return LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def current_language() -> str:
    locale = get_locale()
    return str(locale).replace("_", "-") if locale else LANGUAGES[0]


@lru_cache
def own_language_name(language: str) -> str:
    """What a language is called in itself, as the menus of players show it."""
    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return language
    name = locale.get_display_name() or language
    return name[:1].upper() + name[1:]


@lru_cache
def zone_names() -> tuple[str, ...]:
    """Every IANA zone a person may choose, in order."""
    places = (z for z in known_zones() if "/" in z and not z.startswith("Etc/"))
    return (*sorted(places), "UTC")


def _locale() -> Locale | str:
    return get_locale() or LANGUAGES[0]


def zoned_date(moment: datetime, zone: str) -> str:
    """Such as "Thursday, 5 December 2019" in `zone`."""
    return format_date(moment.astimezone(ZoneInfo(zone)), "EEEE, d MMMM y", locale=_locale())


def zoned_moment(moment: datetime, zone: str) -> str:
    """Such as "Thursday, 5 December 2019, 10:30"."""
    return f"{zoned_date(moment, zone)}, {zoned_time(moment, zone)}"


def moment_with_zone(moment: datetime, zone: str) -> str:
    """Such as "Thursday, 5 December 2019, 10:30, Central European Standard Time (Brussels)"."""
    return f"{zoned_moment(moment, zone)}, {zone_label(moment, zone)}"


def zoned_time(moment: datetime, zone: str) -> str:
    """Such as "10:30" in `zone`."""
    return format_time(moment.astimezone(ZoneInfo(zone)), "HH:mm", locale=_locale())


def zone_label(moment: datetime, zone: str) -> str:
    """Such as "Central European Standard Time (Brussels)": what the zone is called at `moment`."""
    local = moment.astimezone(ZoneInfo(zone))
    name = get_timezone_name(local, locale=_locale())
    city = zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
    return f"{name} ({city})" if city.lower() not in name.lower() else name
