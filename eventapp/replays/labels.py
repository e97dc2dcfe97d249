"""What kinds of entries are called, and every language."""

from __future__ import annotations

from babel import Locale
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


def list_languages() -> list[tuple[str, str]]:
    """Every language with a code of two letters, and its name in the reader's language."""
    names = (get_locale() or Locale.parse("en")).languages
    plain = [(code, name) for code, name in names.items() if len(code) == 2]  # noqa: PLR2004
    return sorted(plain, key=lambda pair: pair[1].casefold())
