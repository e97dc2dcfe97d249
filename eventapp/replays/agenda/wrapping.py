"""Titles that take more than one line: which line without a time carries on the one above it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .lines import find_kind
from .scanning import Scanned, is_address
from .vocabulary import OPEN_ENDS

_DEEPER = 2
_WIDEST_WRAP = 120
_FEWEST_WRAPPED = 2


def continues(above: str, line: Scanned, *, above_indent: int) -> bool:
    """Tell, from the words and the indent, whether a line carries on the title above it."""
    text = line.words
    if line.role != "plain" or not text or is_address(text):
        return False
    is_indented = line.indent >= above_indent + _DEEPER and text[0] not in "-*+•"
    return is_indented or text[0].islower() or text[0] in "(&,;" or _is_open(above, below=text)


def find_wrap_width(lines: Sequence[Scanned]) -> int | None:
    """Return the column at which a program has broken these lines, or None where none has.

    One has, if lines that must be continuations begin with words that did not fit above.
    """
    width = max((line.width for line in lines), default=0)
    wrapped = [
        (above, below)
        for above, below in pairwise(lines)
        if above.role in {"timed", "plain"}
        and continues(above.text, below, above_indent=above.indent)
    ]
    if width > _WIDEST_WRAP or len(wrapped) < _FEWEST_WRAPPED:
        return None
    has_broken = all(overflows(above.width, below, width=width) for above, below in wrapped)
    return width if has_broken else None


def overflows(above_width: int, line: Scanned, *, width: int | None) -> bool:
    """Tell whether a line's first word had no room at the end of the line above it."""
    if width is None or line.role != "plain" or not line.text:
        return False
    first_word = line.text.partition(" ")[0]
    is_heading = find_kind(line.text, has_speakers=False) in {"panel", "break"}
    return above_width + 1 + len(first_word) > width and not is_heading


def _is_open(above: str, *, below: str) -> bool:
    """Tell whether a title breaks off: at a small word, in a parenthesis, before a `?`."""
    before, _space, last_word = above.rpartition(" ")
    if before and (last_word in OPEN_ENDS or above.endswith((",", "/", " -", " –"))):
        return True
    is_open_question = above.lower().startswith(("q&a:", "q:")) and not above.endswith("?")
    return above.count("(") > above.count(")") or (is_open_question and below.endswith("?"))
