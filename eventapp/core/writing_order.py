"""Which way a line of text runs: the parts of it, in the order in which they stand side by side.

A part of the Unicode Bidirectional Algorithm (UAX #9): base direction (P2, P3), numbers and neutral
signs (W2, W4, W7, N1, N2), levels (I1, I2) and their order (L2). Left out is what typed titles and
names don't have: explicit embeddings and isolates, which `without_marks` takes away.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from itertools import groupby

# What would turn the text around it, and what nobody sees.
_UNSEEN = frozenset("\u200b\u200e\u200f\u061c\ufeff\u00ad") | {
    chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
}
_STRONG = {"L": "L", "R": "R", "AL": "R", "EN": "EN", "AN": "AN"}


@dataclass(frozen=True)
class Part:
    """Signs that run the same way; an odd level is right to left (UAX #9, BD2)."""

    text: str
    level: int

    @property
    def is_right_to_left(self) -> bool:
        return self.level % 2 == 1


def without_marks(text: str) -> str:
    """Return the text in one line, without signs that turn others around or can't be seen."""
    kept = (sign for sign in text if sign not in _UNSEEN)
    shown = (
        " " if unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} else sign for sign in kept
    )
    return " ".join("".join(shown).split())


def runs_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs from right to left (P2, P3)."""
    directions = (_STRONG.get(unicodedata.bidirectional(sign)) for sign in text)
    return next((each == "R" for each in directions if each in {"L", "R"}), False)


def order_parts(text: str, *, is_right_to_left: bool) -> list[Part]:
    """Return the parts of one line from left to right; the signs in each as they are read."""
    levels = _find_levels(text, base=int(is_right_to_left))
    parts = [
        Part("".join(sign for sign, _level in group), level)
        for level, group in groupby(zip(text, levels, strict=True), key=lambda pair: pair[1])
    ]
    for level in range(max(levels, default=0), 0, -1):
        parts = _turn_around(parts, level)
    return parts


def _turn_around(parts: list[Part], level: int) -> list[Part]:
    """Reverse every sequence of parts at this level or above (L2)."""
    turned: list[Part] = []
    for is_high, group in groupby(parts, key=lambda part: part.level >= level):
        found = list(group)
        turned += found[::-1] if is_high else found
    return turned


def _find_levels(text: str, *, base: int) -> list[int]:
    kinds = _resolve_numbers([unicodedata.bidirectional(sign) for sign in text], base=base)
    kinds = _resolve_neutrals(kinds, base=base)
    return [_level_of(kind, base) for kind in kinds]


def _level_of(kind: str, base: int) -> int:
    """Return the level of a resolved kind (I1, I2)."""
    if base % 2:
        return base + (kind != "R")
    return base + {"R": 1, "EN": 2, "AN": 2}.get(kind, 0)


def _resolve_numbers(kinds: list[str], *, base: int) -> list[str]:
    """Return kinds of L, R, EN, AN and N: marks join what they stand on (W1), numbers (W2–W7)."""
    resolved: list[str] = []
    before = strong = "R" if base % 2 else "L"
    was_arabic = False
    for place, found in enumerate(kinds):
        kind = before if found in {"NSM", "BN"} else _STRONG.get(found, "N")
        if found in {"L", "R", "AL"}:
            strong, was_arabic = kind, found == "AL"
        if kind == "EN" and found == "EN":
            kind = "AN" if was_arabic else "L" if strong == "L" else "EN"
        if found in {"CS", "ES"} and kinds[place + 1 : place + 2] == ["EN"]:
            kind = before if before in {"EN", "AN"} else kind
        resolved.append(kind)
        before = kind
    return resolved


def _resolve_neutrals(kinds: list[str], *, base: int) -> list[str]:
    """Give signs without a direction that of both their neighbours, or the line's (N1, N2)."""
    usual = "R" if base % 2 else "L"
    resolved: list[str] = []
    groups = [(kind, len(list(group))) for kind, group in groupby(kinds)]
    for place, (kind, length) in enumerate(groups):
        if kind == "N":
            above = _direction(groups[place - 1][0]) if place else usual
            below = _direction(groups[place + 1][0]) if place + 1 < len(groups) else usual
            kind = above if above == below else usual  # noqa: PLW2901 - the group's own
        resolved += [kind] * length
    return resolved


def _direction(kind: str) -> str:
    return "R" if kind in {"R", "EN", "AN"} else "L"
