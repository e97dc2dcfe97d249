"""What kinds of entries and languages are called."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale
from flask_babel import gettext as _

from eventapp.replays.models import ChapterKind
from eventapp.webinars import labels
from eventapp.webinars.models import AgendaItemKind


def kind_label(kind: ChapterKind) -> str:
    """As in the planned agenda, which has questions as one part instead of each by itself."""
    if kind == ChapterKind.QUESTION:
        return str(_("Q&A"))
    return labels.kind_label(AgendaItemKind(kind.value))


@lru_cache
def own_language_name(language: str) -> str:
    """What a language is called in itself, as the menus of players show it."""
    try:
        locale = Locale.parse(language, sep="-")
    except (ValueError, UnknownLocaleError):
        return language
    name = locale.get_display_name() or language
    return name[:1].upper() + name[1:]


def list_languages() -> list[tuple[str, str]]:
    """Every language with a code of two letters, and its name in the reader's language."""
    names = (get_locale() or Locale.parse("en")).languages
    plain = [(code, name) for code, name in names.items() if len(code) == 2]  # noqa: PLR2004
    return sorted(plain, key=lambda pair: pair[1].casefold())
