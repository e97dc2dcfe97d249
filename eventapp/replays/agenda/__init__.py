"""Agendas of recordings: read from whatever people have, written as whatever a player wants.

Pure: text in, text out; no app, no database, no clock. `parse_agenda` and `write_agenda` are the
door; each format's module says what that format can hold.
"""

from .formats import FORMATS, detect_format, find_problems, parse_agenda, write_agenda
from .model import KINDS, AgendaEntry, AgendaRefused, AgendaWarning, ParsedAgenda
from .timecodes import format_short_timecode, format_timecode, parse_timecode

__all__ = [
    "FORMATS",
    "KINDS",
    "AgendaEntry",
    "AgendaRefused",
    "AgendaWarning",
    "ParsedAgenda",
    "detect_format",
    "find_problems",
    "format_short_timecode",
    "format_timecode",
    "parse_agenda",
    "parse_timecode",
    "write_agenda",
]
