"""Lines of plain text, one by one: which start with a time, which are headings, which are neither.

Nothing here looks at a neighbouring line; `layout.py` does. Every pattern is anchored or bounded,
so that the time is linear in the length of the text whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from .cleaning import decode_entities, remove_invisible, split_lines, strip_markup, tidy_text
from .timecodes import CLOCK, UNITS, read_clock, read_units

LONGEST_HEADING = 120
MOST_HEADING_WORDS = 16

_LEAD = re.compile(r"[\W_]{0,40}(?:[0-9]{1,3}[.)]?\s[\W_]{0,40})?(?=[0-9])")
_CLOCK = re.compile(CLOCK)
_UNITS = re.compile(rf"(?=[0-9]{{1,4}}[hm][0-9]{{1,4}}[ms]){UNITS}(?![0-9A-Za-z])")
_AFTER_TIME = re.compile(
    r"[*_`\s]{0,10}[\])}]?[*_`]{0,4}\s?"
    r"(?:-->|->|[-–—|>→](?![0-9])|[:•·,;.)](?=\s|$))?\s?"
)
_RANGE = re.compile(rf"[*_`\s\])]{{0,10}}(?:-->|->|→|[-–—]|to|bis|until)\s?[\[(]?{CLOCK}(?![0-9:])")
_CLOCK_TIME = re.compile(
    r"\s?(?:[AaPp]\.?[Mm]\b\.?|(?:CES?T|EES?T|WES?T|[EP][SD]T|UTC|GMT|BST|Uhr|h|hrs?)\b)"
)
_NOT_A_TIME = re.compile(
    r"(?=[OoIl]{0,2}[0-9])[0-9OoIl]{1,4}"
    r"(?:(?:[:：∶]|;(?=[0-9]))[0-9A-Za-z:;：∶.,]{0,20}|[hH][0-9]{2}\b"
    r"|[. ·-][0-9]{2}[. ·-][0-9]{2}\b)"
    r"|[0-9]{6}\b|[0-9A-Za-z]{1,3}:[0-9A-Za-z]{1,3}:[0-9A-Za-z]{1,3}\b"
)
_NO_MINUTES = re.compile(r"[^\w:：∶]{0,40}[:：∶][0-9]{2}(?![0-9])")
_PLACEHOLDER = re.compile(r"[\[(*•\s-]{0,6}[xX?_-]{1,2}:[xX?_-]{1,2}(?::[xX?_-]{1,2})?(?!\w)")
_LENGTH = re.compile(r"[0-9]{1,4}\s?(?:min|mins|minutes|minuten|sec|seconds|h|hours?)\b")
_UNREADABLE_LEAD = re.compile(r"[\W_]{0,40}")
_TRAILING = re.compile(rf"\s?(?:[-–—|…:]|\.{{2,40}}|[\[(]|\s@)\s?[\[(]?{CLOCK}[\])]?[.|\s]{{0,4}}$")
_TRAILING_REACH = 40
_RULE = re.compile(r"(?:[-*_=~]\s?){3,}")
_MARKED_HEADING = re.compile(r"#{1,6}\s")
_BULLET = re.compile(r"[-*+•·–—►▶‣◦▪■●○]\s")
_FOLLOW_UP_URL = re.compile(r"\s<https?://[^<>\s]{1,2000}>$")
_ADDRESS = re.compile(r"(?:https?://|www\.)", re.IGNORECASE)


@dataclass(frozen=True)
class Scanned:
    """One line, or one piece of a line that HTML breaks.

    `role` is blank, timed, unreadable, rule, heading (marked as one) or plain. `text` is raw:
    entities of ASCII signs are still encoded. `indent` and `width` count columns.
    """

    line: int
    role: str
    text: str = ""
    indent: int = 0
    start: float = 0.0
    width: int = 0

    @property
    def words(self) -> str:
        """The text as it is meant to be read."""
        return decode_entities(self.text)


def scan_lines(text: str) -> list[Scanned]:
    """Return every line with its role; times stand in front, or else all at the end of lines."""
    pieces = [
        (number, piece)
        for number, line in enumerate(split_lines(remove_invisible(text)), start=1)
        for piece in strip_markup(line)
    ]
    scanned = [scan_line(piece, line=number) for number, piece in pieces]
    if any(item.role == "timed" for item in scanned):
        return scanned
    trailing = [_scan_trailing(item) for item in scanned]
    timed = sum(item.role == "timed" for item in trailing)
    written = sum(item.role != "blank" for item in trailing)
    return trailing if timed > 1 or timed == written else scanned


def scan_line(piece: str, *, line: int = 1) -> Scanned:
    """Return one piece with its role, from its own words alone."""
    text = _unwrap(tidy_text(piece)) if piece else ""
    columns = piece.expandtabs(4).rstrip()
    indent = len(columns) - len(columns.lstrip())
    return replace(_scan_text(text, line=line, indent=indent), width=len(columns))


def _scan_text(text: str, *, line: int, indent: int) -> Scanned:
    if not text:
        return Scanned(line, "blank")
    if timed := _scan_time(text, line=line, indent=indent):
        return timed
    if _RULE.fullmatch(text):
        return Scanned(line, "rule")
    if _is_unreadable_time(text):
        return Scanned(line, "unreadable", text, indent)
    if heading := _find_marked_heading(text):
        return Scanned(line, "heading", heading)
    return Scanned(line, "plain", text.replace("**", ""), indent)


def is_heading(text: str) -> bool:
    """Tell whether a line without a mark reads like a heading: short, a capital, no full stop."""
    if len(text) > LONGEST_HEADING or text.count(" ") >= MOST_HEADING_WORDS:
        return False
    if text[0].islower() or not any(sign.isalpha() for sign in text):
        return False
    if text[-1] in ".!?…,;" or text[0] in "([{<" or is_address(text):
        return False
    is_remark = _BULLET.match(text) or _LENGTH.match(text) or _find_trailing(text)
    return not is_remark


def is_address(text: str) -> bool:
    """Tell whether a line is a link."""
    return _ADDRESS.match(text) is not None


def strip_heading(text: str) -> str:
    """Return a plain heading without the colon that announces what follows."""
    return text.removesuffix(":").rstrip()


def _unwrap(text: str) -> str:
    """Remove the bars of a table row, emphasis around a whole line and the link behind it."""
    if text.startswith("|"):
        text = text.strip("|").strip()
    return _FOLLOW_UP_URL.sub("", text) if text.endswith(">") else text


def _scan_time(text: str, *, line: int, indent: int) -> Scanned | None:
    lead = _LEAD.match(text)
    if lead is None:
        return None
    match = _CLOCK.match(text, lead.end())
    units = None if match else _UNITS.match(text, lead.end())
    try:
        start, end = _read_time(match, units)
    except ValueError:
        return Scanned(line, "unreadable", text, indent)
    if end is None or not _ends_time(text, end, is_full=bool(match and match["hours"])):
        return None
    after = _RANGE.match(text, end)
    end = after.end() if after else end
    if _is_clock_time(text, end, is_full=bool(match and match["hours"])):
        return Scanned(line, "unreadable", text, indent)
    return Scanned(line, "timed", _strip_separator(text, end), indent, start)


def _read_time(
    match: re.Match[str] | None, units: re.Match[str] | None
) -> tuple[float, int | None]:
    if match:
        return read_clock(match), match.end()
    if units:
        return read_units(units), units.end()
    return 0.0, None


def _ends_time(text: str, end: int, *, is_full: bool) -> bool:
    """Accept `00:05:30Introduction`, as tables are pasted, but neither `00:05:3x` nor `1:2:3:4`."""
    if end == len(text):
        return True
    sign = text[end]
    if sign in ":：∶":
        return text[end + 1 : end + 2] in {"", " "}
    return not (sign.isalnum()) or (is_full and sign.isalpha() and not sign.islower())


def _is_clock_time(text: str, end: int, *, is_full: bool) -> bool:
    return not is_full and _CLOCK_TIME.match(text, end) is not None


def _strip_separator(text: str, end: int) -> str:
    after = _AFTER_TIME.match(text, end)
    title = text[after.end() if after else end :].strip()
    for mark in ("**", "__"):
        is_around_all = text.startswith(mark) and title.endswith(mark)
        if is_around_all or title.count(mark) % 2 == 0:
            title = title.replace(mark, "")
    return title.strip()


def _find_marked_heading(text: str) -> str | None:
    if match := _MARKED_HEADING.match(text):
        return text[match.end() :].replace("**", "").strip()
    for mark in ("**", "__"):
        inner = text.removesuffix(":")
        if len(inner) > 2 * len(mark) and inner.startswith(mark) and inner.endswith(mark):
            return strip_heading(inner[len(mark) : -len(mark)].strip())
    return None


def _scan_trailing(item: Scanned) -> Scanned:
    if item.role not in {"plain", "heading"}:
        return item
    match = _find_trailing(item.text)
    if match is None:
        return item
    try:
        start = read_clock(match)
    except ValueError:
        return Scanned(item.line, "unreadable", item.text, item.indent)
    title = item.text[: match.start()].strip()
    return replace(item, role="timed", text=title, start=start)


def _find_trailing(text: str) -> re.Match[str] | None:
    """Return the time a line ends with, behind a dash, dots or in brackets, where words precede."""
    match = _TRAILING.search(text, max(0, len(text) - _TRAILING_REACH))
    return match if match and text[: match.start()].strip() else None


def _is_unreadable_time(text: str) -> bool:
    """Tell `99:99:99`, `0O:12`, `00 05 30`, `:30` and `??:??` from words: a time was meant."""
    lead = _UNREADABLE_LEAD.match(text)
    return bool(
        _NOT_A_TIME.match(text, lead.end() if lead else 0)
        or _NO_MINUTES.match(text)
        or _PLACEHOLDER.match(text)
    )
