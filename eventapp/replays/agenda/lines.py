"""One published line of an agenda, without its time: what the words say, and back to words.

"Q&A: What is it?" is a question with the title "What is it?". Every other title keeps the words
that were published; who speaks and what kind of item it is are read from them.
"""

from __future__ import annotations

import re

from .model import AgendaEntry
from .speakers import find_speakers, join_names

_QUESTION = re.compile(
    r"(?:Q\s?&\s?A|Q\s?and\s?A|Q|Questions?|Frage)\s?[0-9]{0,3}\s?(?::|[–—-]\s)\s?", re.IGNORECASE
)
_QUESTION_SESSION = re.compile(r"Q\s?&\s?A\s?[:–—-]?", re.IGNORECASE)
_INTRODUCTION = re.compile(
    r"(?:(?:short|brief|general)\s)?(?:introduction|intro|introductory|welcome|opening|einführung"
    r"|begrüßung|accueil|bienvenue|introducción|bienvenida|introduzione|benvenuto)\b",
    re.IGNORECASE,
)
_PRESENTATION = re.compile(
    r"(?:(?:joint|short|video|keynote|first|second|third)\s)?(?:presentations?|présentations?"
    r"|präsentation|presentación|presentazione|keynote|talk|lecture|vortrag|demo|demonstration"
    r"|case study|pitch)\b",
    re.IGNORECASE,
)
_PANEL = re.compile(
    r"(?:\w{1,20}\s)?(?:panel|round[- ]?table|podiumsdiskussion|table ronde|debate|débat"
    r"|discussion|diskussion)\b",
    re.IGNORECASE,
)
_PANEL_ANYWHERE = re.compile(
    r"\b(?:panel discussion|panel debate|round[- ]?table)\b", re.IGNORECASE
)
_BREAK = re.compile(
    r"\b(?:break|coffee|lunch|pause|kaffeepause|mittagspause|intermission|pausa|pauze)\b(?![-\w])",
    re.IGNORECASE,
)
_LONGEST_BREAK = 6


def read_line(line: str) -> AgendaEntry:
    """Return the entry a tidied line stands for, starting at 0 and outside any section."""
    if match := _QUESTION.match(line):
        if rest := line[match.end() :].strip():
            return AgendaEntry(start=0.0, kind="question", title=rest)
        if _QUESTION_SESSION.fullmatch(line):
            line = "Q&A"
    speakers = find_speakers(line)
    kind = find_kind(line, has_speakers=bool(speakers))
    return AgendaEntry(start=0.0, kind=kind, title=line, speakers=speakers)


def write_line(entry: AgendaEntry, *, title: str) -> str:
    """Return the line to publish for a title that has been tidied.

    Speakers that the title does not name are added as "by A and B"; a question's are not.
    """
    if entry.kind == "question":
        return f"Q&A: {title}"
    if entry.speakers and find_speakers(title) != entry.speakers:
        return f"{title} by {join_names(entry.speakers)}"
    return title


def find_kind(title: str, *, has_speakers: bool) -> str:
    """Return the kind the words of a line that is no question speak for."""
    if _PRESENTATION.match(title):
        return "presentation"
    if _INTRODUCTION.match(title):
        return "introduction"
    if _PANEL_ANYWHERE.search(title) or (_PANEL.match(title) and not has_speakers):
        return "panel"
    if has_speakers:
        return "presentation"
    if len(title.split(" ")) <= _LONGEST_BREAK and _BREAK.search(title):
        return "break"
    return "other"
