"""Cells that no spreadsheet works out: what an export puts into a text, and an import takes off."""

from __future__ import annotations

import re

# What begins a formula, also in its full-width form.
SIGNS = tuple("=+-@＝＋－＠")
_BEGINNINGS = (*SIGNS, "\t", "\r", "\n")
_A_FORMULA = r"""(?=[ \u00a0"']*[=+\-@＝＋－＠])"""
# One may begin later too, where a spreadsheet divides cells at other signs than we do.
_LATER = re.compile(rf"([;\t\r\n]){_A_FORMULA}")
_PUT_IN_LATER = re.compile(rf"([;\t\r\n])'{_A_FORMULA}")
# What no spreadsheet works out.
_PLAIN_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def plain_cell(text: str) -> str:
    """Return `text` so that a spreadsheet that opens CSV shows it and never works it out.

    A number such as -3.5 stays one. An import takes the apostrophes off again.
    """
    if _PLAIN_NUMBER.fullmatch(text):
        return text
    plain = _LATER.sub(r"\1'", text)
    return f"'{plain}" if text.lstrip(" \u00a0").startswith(_BEGINNINGS) else plain


def take_off_apostrophe(cell: str) -> str:
    """Return a cell without what an export puts in front of what begins like a formula."""
    plain = _PUT_IN_LATER.sub(r"\1", cell)
    is_put = plain.startswith("'") and plain[1:].lstrip().startswith(SIGNS)
    return plain[1:].strip() if is_put else plain
