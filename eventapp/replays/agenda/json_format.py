"""JSON: everything an agenda has, and the only format that holds all of it.

Written: `{"entries": [{"start", "kind", "title", "speakers", "section", "parent"}], "sections":
[…], "warnings": [{"line", "message"}]}`; starts are seconds. Read: the same, or a bare list of
entries; also the JSON of Podlove (`start`, `title`) and of podcast chapters (`{"chapters":
[{"startTime", "title"}]}`), whose kinds, speakers and parents are read from the words. A start may
be written as a time code.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, replace

from flask_babel import gettext as _

from .checks import add_parents, finish_agenda
from .cleaning import excerpt, tidy_text
from .lines import find_kind, read_line
from .model import (
    KINDS,
    LATEST_START,
    AgendaEntry,
    AgendaRefused,
    AgendaWarning,
    Draft,
    ParsedAgenda,
)
from .plain_text import shorten_title
from .timecodes import parse_timecode


def read_json(text: str, *, duration: float | None = None) -> ParsedAgenda:
    """Return the agenda; refuses what is no JSON, and as `finish_agenda` does."""
    document = _load(text)
    items = _find_items(document)
    warnings = _read_warnings(_get(document, "warnings"))
    drafts: list[Draft] = []
    places: dict[int, int] = {}
    has_parents = any("parent" in item for item in items if isinstance(item, dict))
    for number, item in enumerate(items):
        entry = _read_entry(item, number=number + 1, warnings=warnings)
        if entry is None:
            continue
        parent = _read_parent(item, number=number, places=places, warnings=warnings)
        places[number] = len(drafts)
        drafts.append(Draft(replace(entry, parent=parent)))
    if not has_parents:
        drafts = add_parents(drafts)
    sections = _read_strings(_get(document, "sections"))
    return finish_agenda(drafts, warnings=warnings, sections=sections, duration=duration)


def write_json(agenda: ParsedAgenda) -> str:
    """Return the document, indented, with every letter as it is."""
    return json.dumps(asdict(agenda), ensure_ascii=False, indent=2) + "\n"


def _load(text: str) -> object:
    try:
        document: object = json.loads(text.strip().strip("\ufeff\x00"))
    except RecursionError as error:
        raise AgendaRefused(_("The JSON is nested too deeply to be an agenda.")) from error
    except json.JSONDecodeError as error:
        raise AgendaRefused(
            _("The JSON can't be read: something is wrong on line %(line)s.", line=error.lineno)
        ) from error
    except ValueError as error:
        raise AgendaRefused(_("The JSON contains a number that is too long.")) from error
    return document


def _get(document: object, key: str) -> object:
    return document.get(key) if isinstance(document, dict) else None


def _find_items(document: object) -> list[object]:
    if isinstance(document, list):
        return document
    for key in ("entries", "chapters"):
        items = _get(document, key)
        if isinstance(items, list):
            return items
    return []


def _read_entry(item: object, *, number: int, warnings: list[AgendaWarning]) -> AgendaEntry | None:
    start = _read_start(item)
    title = _get(item, "title")
    title = tidy_text(title) if isinstance(title, str) else ""
    if start is None or not title:
        message = _(
            "Entry %(number)s has no time that can be read and was left out.", number=number
        )
        if start is not None:
            message = _("Entry %(number)s has no title and was left out.", number=number)
        warnings.append(AgendaWarning(None, message))
        return None
    title = shorten_title(title, line=None, warnings=warnings)
    entry = _read_words(item, title=title, number=number, warnings=warnings)
    section = _get(item, "section")
    section = tidy_text(section) if isinstance(section, str) else ""
    return replace(entry, start=start, section=section or None)


def _read_start(item: object) -> float | None:
    value = _get(item, "start")
    if value is None:
        value = _get(item, "startTime")
    if isinstance(value, str):
        try:
            return parse_timecode(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 <= value <= LATEST_START or not math.isfinite(value):
        return None
    return round(float(value), 3)


def _read_words(
    item: object, *, title: str, number: int, warnings: list[AgendaWarning]
) -> AgendaEntry:
    entry = read_line(title)
    speakers = _get(item, "speakers")
    if isinstance(speakers, list):
        entry = replace(entry, speakers=tuple(_read_strings(speakers)))
    kind = _get(item, "kind")
    if isinstance(kind, str) and kind in KINDS:
        return replace(entry, kind=kind, title=title)
    if kind is not None:
        message = _(
            "Entry %(number)s: “%(kind)s” is not a known kind of entry.",
            number=number,
            kind=excerpt(str(kind)[:200]),
        )
        warnings.append(AgendaWarning(None, message))
    if entry.kind == "question":
        return entry
    return replace(entry, kind=find_kind(title, has_speakers=bool(entry.speakers)))


def _read_parent(
    item: object, *, number: int, places: dict[int, int], warnings: list[AgendaWarning]
) -> int | None:
    """Return the parent's index among the entries that were kept; it must stand earlier."""
    parent = _get(item, "parent")
    if parent is None:
        return None
    if isinstance(parent, int) and not isinstance(parent, bool) and parent in places:
        return places[parent]
    message = _("Entry %(number)s names a parent that doesn't come before it.", number=number + 1)
    warnings.append(AgendaWarning(None, message))
    return None


def _read_strings(values: object) -> list[str]:
    if not isinstance(values, list):
        return []
    tidied = (tidy_text(value) for value in values if isinstance(value, str))
    return [value for value in tidied if value]


def _read_warnings(values: object) -> list[AgendaWarning]:
    """Keep the warnings of an earlier reading: they still ask for somebody's eye."""
    found = []
    for value in values if isinstance(values, list) else []:
        message, line = _get(value, "message"), _get(value, "line")
        if isinstance(message, str):
            number = line if isinstance(line, int) and not isinstance(line, bool) else None
            found.append(AgendaWarning(number, tidy_text(message)))
    return found
