"""What an agenda is once it has been read, whatever it was written in."""

from __future__ import annotations

from dataclasses import dataclass

from eventapp.core.errors import Refusal

KINDS = ("introduction", "presentation", "question", "panel", "break", "other")
LONGEST_TITLE = 1_000
LATEST_START = 1_000 * 3600.0


class AgendaRefused(Refusal):
    """The text holds no agenda, or one whose times cannot be true."""


@dataclass(frozen=True)
class AgendaEntry:
    """One line of the agenda.

    `start` is in seconds from the beginning of the recording, to the millisecond. `title` is the
    published line without its time and, for a question, without "Q&A:". `parent` is the index of
    the entry this one belongs to, which always comes earlier.
    """

    start: float
    kind: str
    title: str
    speakers: tuple[str, ...] = ()
    section: str | None = None
    parent: int | None = None


@dataclass(frozen=True)
class AgendaWarning:
    """Something a person should look at; `line` counts from 1 in the text that was read."""

    line: int | None
    message: str


@dataclass(frozen=True)
class ParsedAgenda:
    """Entries in the order of the recording, and every section heading in order of appearance."""

    entries: tuple[AgendaEntry, ...]
    sections: tuple[str, ...] = ()
    warnings: tuple[AgendaWarning, ...] = ()


@dataclass(frozen=True)
class Draft:
    """An entry as a reader found it; `line` is None where a format has no lines to point at."""

    entry: AgendaEntry
    line: int | None = None
