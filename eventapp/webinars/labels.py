"""What the parts of an agenda are called, before and after."""

from __future__ import annotations

from flask_babel import gettext as _

from eventapp.webinars.models import AgendaItemKind


def kind_label(kind: AgendaItemKind) -> str:
    labels: dict[AgendaItemKind, str] = {
        AgendaItemKind.INTRODUCTION: _("Introduction"),
        AgendaItemKind.PRESENTATION: _("Presentation"),
        AgendaItemKind.QUESTIONS: _("Questions and answers"),
        AgendaItemKind.PANEL: _("Panel discussion"),
        AgendaItemKind.BREAK: _("Break"),
        AgendaItemKind.OTHER: _("Other"),
    }
    return labels[kind]
