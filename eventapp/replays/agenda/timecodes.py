"""Times within a recording: read from what people type, written as players expect them."""

from __future__ import annotations

import math
import re

CLOCK = (
    r"(?:(?P<hours>[0-9]{1,3})[:：∶])?(?P<minutes>[0-9]{1,3})[:：∶](?P<seconds>[0-9]{2})"
    r"(?:[.,](?P<fraction>[0-9]{1,9}))?"
)
UNITS = (
    r"(?:(?P<unit_hours>[0-9]{1,3})h)?(?:(?P<unit_minutes>[0-9]{1,4})m)?"
    r"(?:(?P<unit_seconds>[0-9]{1,6})s)?"
)

_CLOCK = re.compile(CLOCK)
_UNITS = re.compile(UNITS)
_PLAIN_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_SIXTY = 60
_LAST_PIECE = 3600.0
_SHORTEST_PIECE = 0.001


def parse_timecode(text: str) -> float:
    """Return seconds, to the millisecond, for `1:19:33`, `79:33`, `05:30.250`, `1h19m33s`, `330`.

    Minutes may pass 59 only where no hours are written. Raises ValueError for anything else.
    """
    text = text.strip()
    if match := _CLOCK.fullmatch(text):
        return read_clock(match)
    if text and (match := _UNITS.fullmatch(text.lower())):
        return read_units(match)
    if _PLAIN_SECONDS.fullmatch(text):
        return round(float(text), 3)
    message = f"not a time within a recording: {text[:40]!r}"
    raise ValueError(message)


def read_clock(match: re.Match[str]) -> float:
    """Return the seconds a match of CLOCK stands for; ValueError where 60 is reached."""
    hours, minutes, seconds = match["hours"], int(match["minutes"]), int(match["seconds"])
    if seconds >= _SIXTY or (hours is not None and minutes >= _SIXTY):
        message = f"minutes and seconds end at 59: {match[0]!r}"
        raise ValueError(message)
    fraction = float(f"0.{match['fraction'] or 0}")
    return round(int(hours or 0) * 3600 + minutes * 60 + seconds + fraction, 3)


def read_units(match: re.Match[str]) -> float:
    """Return the seconds a match of UNITS stands for."""
    hours, minutes, seconds = (
        int(match[name] or 0) for name in ("unit_hours", "unit_minutes", "unit_seconds")
    )
    return float(hours * 3600 + minutes * 60 + seconds)


def format_timecode(seconds: float, *, milliseconds: bool | None = None) -> str:
    """Return `01:19:33`; thousandths are written where there are any, or always, or never."""
    hours, minutes, whole, thousandths = _split(seconds)
    clock = f"{hours:02}:{minutes:02}:{whole:02}"
    if milliseconds is None:
        milliseconds = thousandths > 0
    return f"{clock}.{thousandths:03}" if milliseconds else clock


def format_short_timecode(seconds: float) -> str:
    """Return whole seconds as video sites write them: `0:00`, `5:30`, `1:19:33`."""
    hours, minutes, whole, _ = _split(seconds)
    return f"{hours}:{minutes:02}:{whole:02}" if hours else f"{minutes}:{whole:02}"


def find_ends(starts: list[float], *, duration: float | None) -> list[float]:
    """Return the end of each piece: the next start that is later, since none may last no time.

    The last one ends with the recording, `duration` seconds long, or an hour after it started.
    """
    ends: list[float] = []
    later: float | None = None
    for start, following in zip(starts[::-1], [math.inf, *starts[:0:-1]], strict=True):
        if start < following < math.inf:
            later = following
        last = start + _LAST_PIECE if duration is None else duration
        ends.append(max(last, start + _SHORTEST_PIECE) if later is None else later)
    return ends[::-1]


def _split(seconds: float) -> tuple[int, int, int, int]:
    total, thousandths = divmod(round(max(seconds, 0.0) * 1000), 1000)
    minutes, whole = divmod(total, 60)
    hours, minutes = divmod(minutes, 60)
    return hours, minutes, whole, thousandths
